#include "live/structure_plot.h"

#include "plots/hover_card.h"
#include "plots/time_axes.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

StructurePlot::StructurePlot(QWidget* parent)
    : Plot(tr("Topology over steps"), QStringLiteral("topology"), parent) {
  auto* margins = new QCPMarginGroup(this);
  addHeading(*plotLayout(), 0, 0, tr("Gradient norm of the active weights"));
  rects_ << addRect(*plotLayout(), 1, 0);
  legend_ = addHeading(*plotLayout(), 2, 0, tr("First connections kept (share of the active)"));
  rects_ << addRect(*plotLayout(), 3, 0);
  for (int i = 0; i < rects_.size(); ++i) {
    rects_[i]->setMarginGroup(QCP::msLeft | QCP::msRight, margins);
    rects_[i]->axis(QCPAxis::atBottom)->setTickLabels(i + 1 == rects_.size());
    plotLayout()->setRowStretchFactor(2 * i, .001);
    plotLayout()->setRowStretchFactor(2 * i + 1, i + 1 == rects_.size() ? 1.4 : 1);
  }
  rects_.last()->axis(QCPAxis::atBottom)->setLabel(tr("optimizer steps"));
  linkTimeAxes(*this, rects_, [](const QCPRange&) {});
  offerLogarithmic(bottomAxes(rects_), tr("Logarithmic steps"));
  offerLogarithmic({rects_[0]->axis(QCPAxis::atLeft)}, tr("Logarithmic gradient norm"));
  const auto graphIn = [this](QCPAxisRect* rect) {
    return new LongGraph(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
  };
  norm_ = graphIn(rects_[0]);
  norm_->setName(tr("gradient norm"));
  whole_ = graphIn(rects_[1]);
  whole_->setName(tr("whole network"));
  cursors_ = addCursors(*this, rects_, cursorLayer());
  marks_ = std::make_unique<VerticalMarks>(this, rects_, Qt::TopEdge);
}

void StructurePlot::clear(int64_t plannedSteps, const std::vector<lab::LayerInfo>& layers) {
  rows_.clear();
  marks_->clear();
  for (LongGraph* graph : layers_) removeGraph(graph);
  layers_.clear();
  legend_->clearItems();
  norm_->clearPoints();
  whole_->clearPoints();
  legend_->addItem(new QCPPlottableLegendItem(legend_, whole_));
  for (const lab::LayerInfo& layer : layers) {
    auto* graph = new LongGraph(rects_[1]->axis(QCPAxis::atBottom), rects_[1]->axis(QCPAxis::atLeft));
    graph->setName(QString::fromStdString(layer.name));
    legend_->addItem(new QCPPlottableLegendItem(legend_, graph));
    layers_ << graph;
  }
  plannedSteps_ = static_cast<double>(std::max<int64_t>(plannedSteps, 1));
  restyle(theme());
  resetView();
}

void StructurePlot::append(const lab::Metrics& row) {
  rows_.push_back(row);
  if (row.plannedSteps > 0) plannedSteps_ = static_cast<double>(row.plannedSteps);
  const auto step = static_cast<double>(row.step);
  if (row.gradientNorm && std::isfinite(*row.gradientNorm)) norm_->addData(step, *row.gradientNorm);
  whole_->addData(step, row.initialEdgesKept);
  for (qsizetype l = 0; l < layers_.size() && static_cast<size_t>(l) < row.layers.size(); ++l)
    layers_[l]->addData(step, row.layers[static_cast<size_t>(l)].initialEdgesKept());
}

void StructurePlot::addMark(double step, const QString& text) {
  marks_->add(step, text, theme());
  redrawSoon();
}

void StructurePlot::arrange() {
  if (marks_) marks_->arrange();
}

void StructurePlot::refresh() {
  if (following()) fit();
  redrawSoon();
}

void StructurePlot::fit() {
  rects_.last()->axis(QCPAxis::atBottom)->setRange(0, plannedSteps_);
  rects_.first()->axis(QCPAxis::atBottom)->setRange(0, plannedSteps_);
  const auto norms = norm_->extent();
  rects_[0]->axis(QCPAxis::atLeft)->setRange(0, norms ? 1.08 * norms->upper : 1);
  rects_[1]->axis(QCPAxis::atLeft)->setRange(0, 1.04);
}

void StructurePlot::resetView() {
  followAgain();
  refresh();
}

void StructurePlot::showCursor(std::optional<double> step) { placeCursors(cursors_, cursorLayer(), step); }

void StructurePlot::hoverAt(QPointF position) {
  if (rows_.empty() || axisRectAt(position) == nullptr) {
    card().hide();
    return hoverEnded();
  }
  const double x = rects_.last()->axis(QCPAxis::atBottom)->pixelToCoord(position.x());
  const auto distance = [x](const lab::Metrics& row) { return std::abs(static_cast<double>(row.step) - x); };
  const lab::Metrics& row = *std::ranges::min_element(rows_, {}, distance);
  QList<HoverCard::Row> lines;
  if (row.gradientNorm)
    lines << HoverCard::Row{norm_->pen().color(), norm_->name(), QString::number(*row.gradientNorm, 'g', 4)};
  lines << HoverCard::Row{whole_->pen().color(), whole_->name(), QString::number(row.initialEdgesKept, 'f', 4)};
  for (qsizetype l = 0; l < layers_.size() && static_cast<size_t>(l) < row.layers.size(); ++l)
    lines << HoverCard::Row{layers_[l]->pen().color(), layers_[l]->name(),
                            QString::number(row.layers[static_cast<size_t>(l)].initialEdgesKept(), 'f', 4)};
  for (const QString& text : marks_->textsNear(position.x())) lines << HoverCard::Row{{}, text, {}};
  card().showAt(position.toPoint(), tr("step %1").arg(countText(static_cast<double>(row.step))), lines);
  showCursor(static_cast<double>(row.step));
  Q_EMIT hovered(static_cast<double>(row.step));
}

void StructurePlot::hoverEnded() {
  showCursor({});
  Q_EMIT hovered({});
}

void StructurePlot::restyle(const Theme& t) {
  Plot::restyle(t);
  norm_->setPen(QPen(t.series[0], 1));
  whole_->setPen(QPen(t.text, 1.5));
  for (qsizetype l = 0; l < layers_.size(); ++l) layers_[l]->setPen(QPen(t.series[l % t.series.size()], 1));
  for (auto* cursor : cursors_) cursor->setPen(QPen(t.mutedText, 1));
  marks_->restyle(t);
}

CsvTable StructurePlot::exportTable() const {
  CsvTable table{{QStringLiteral("step"), QStringLiteral("gradient_norm"), QStringLiteral("initial_edges_kept")},
                 {}};
  for (const QCPGraph* graph : layers_) table.header << QStringLiteral("initial_edges_kept_") + graph->name();
  for (const lab::Metrics& row : rows_) {
    QStringList cells{QString::number(row.step), row.gradientNorm ? csvNumber(*row.gradientNorm) : QString(),
                      csvNumber(row.initialEdgesKept)};
    for (const lab::LayerExploration& layer : row.layers) cells << csvNumber(layer.initialEdgesKept());
    table.rows.push_back(cells);
  }
  return table;
}

}  // namespace lab::ui
