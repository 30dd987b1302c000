#include "live/time_plot.h"

#include "plots/hover_card.h"
#include "plots/time_axes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lab::ui {

namespace {

using Value = std::optional<double> (*)(const lab::Metrics&);

/// One curve: which of the three plots, its colour in Theme::series, and whether its points are few and marked.
struct Curve {
  int rect;
  const char* label;
  const char* column;  ///< as in metrics.csv
  int colour;
  bool marked;
  double scale;
  Value value;
};

constexpr double kPercent = 100;
const Curve kCurves[] = {
    {0, QT_TRANSLATE_NOOP("TimePlot", "train"), "train_accuracy", 0, false, kPercent,
     [](const lab::Metrics& m) { return m.trainAccuracy; }},
    {0, QT_TRANSLATE_NOOP("TimePlot", "validation"), "validation_accuracy", 4, true, kPercent,
     [](const lab::Metrics& m) { return m.validationAccuracy; }},
    {0, QT_TRANSLATE_NOOP("TimePlot", "test"), "test_accuracy", 1, true, kPercent,
     [](const lab::Metrics& m) { return m.testAccuracy; }},
    {1, QT_TRANSLATE_NOOP("TimePlot", "train"), "train_loss", 0, false, 1,
     [](const lab::Metrics& m) { return m.trainLoss; }},
    {1, QT_TRANSLATE_NOOP("TimePlot", "validation"), "validation_loss", 4, true, 1,
     [](const lab::Metrics& m) { return m.validationLoss; }},
    {1, QT_TRANSLATE_NOOP("TimePlot", "test"), "test_loss", 1, true, 1,
     [](const lab::Metrics& m) { return m.testLoss; }},
    {2, QT_TRANSLATE_NOOP("TimePlot", "Rₛ"), "r_s", 2, false, 1,
     [](const lab::Metrics& m) { return std::optional(m.rs); }},
    {2, QT_TRANSLATE_NOOP("TimePlot", "Rᵣₑₗ"), "r_rel", 3, false, 1,
     [](const lab::Metrics& m) { return std::optional(m.reliable); }},
};
constexpr int kReliable = 7;

// Labels of the vertical axes: one for so many lines of text, so that they do not crowd in a small window.
constexpr int kTickLines = 2, kFewestTicks = 2, kMostTicks = 5;

}  // namespace

TimePlot::TimePlot(QWidget* parent) : Plot(tr("Curves over steps"), QStringLiteral("curves"), parent) {
  auto* margins = new QCPMarginGroup(this);
  QList<QCPLegend*> legends;
  const QStringList titles{tr("Accuracy (%)"), tr("Loss"), tr("Exploration (share of weights)")};
  for (int i = 0; i < titles.size(); ++i) {
    legends << addHeading(*plotLayout(), 2 * i, 0, titles[i]);
    rects_ << addRect(*plotLayout(), 2 * i + 1, 0);
    rects_[i]->setMarginGroup(QCP::msLeft | QCP::msRight, margins);
    rects_[i]->axis(QCPAxis::atBottom)->setTickLabels(i + 1 == titles.size());
    plotLayout()->setRowStretchFactor(2 * i, .001);
    // The last one carries the axis beneath.
    plotLayout()->setRowStretchFactor(2 * i + 1, i + 1 == titles.size() ? 1.3 : 1);
  }
  linkTimeAxes(*this, rects_, [this](const QCPRange& range) { Q_EMIT rangeChanged(range); });
  timeAxis()->setLabel(tr("optimizer steps"));
  offerLogarithmic(bottomAxes(rects_), tr("Logarithmic steps"));
  offerLogarithmic({rects_[1]->axis(QCPAxis::atLeft)}, tr("Logarithmic loss"));
  for (const Curve& curve : kCurves) {
    auto* graph =
        new LongGraph(rects_[curve.rect]->axis(QCPAxis::atBottom), rects_[curve.rect]->axis(QCPAxis::atLeft));
    graph->setName(QCoreApplication::translate("TimePlot", curve.label));
    legends[curve.rect]->addItem(new QCPPlottableLegendItem(legends[curve.rect], graph));
    curves_ << graph;
  }
  moment_ = addCursors(*this, rects_, cursorLayer());
  cursors_ = addCursors(*this, rects_, cursorLayer());
  marks_ = std::make_unique<VerticalMarks>(this, rects_, Qt::BottomEdge);
}

void TimePlot::clear(int64_t plannedSteps, int64_t reliableSteps) {
  rows_.clear();
  showMoment({});
  marks_->clear();
  for (LongGraph* curve : curves_) curve->clearPoints();
  graph(kReliable)->setName(tr("Rᵣₑₗ(%1)").arg(reliableSteps));
  plannedSteps_ = static_cast<double>(std::max<int64_t>(plannedSteps, 1));
  resetView();
}

void TimePlot::append(const lab::Metrics& row) {
  rows_.push_back(row);
  if (row.plannedSteps > 0) plannedSteps_ = static_cast<double>(row.plannedSteps);
  for (int i = 0; i < graphCount(); ++i) {
    const std::optional<double> value = kCurves[i].value(row);
    if (!value) continue;  // not measured here: the line goes on
    const double shown =
        std::isfinite(*value) ? *value * kCurves[i].scale : std::numeric_limits<double>::quiet_NaN();
    graph(i)->addData(static_cast<double>(row.step), shown);
  }
}

void TimePlot::addMark(double step, const QString& text) {
  marks_->add(step, text, theme());
  redrawSoon();
}

void TimePlot::refresh() {
  if (following()) fit();
  redrawSoon();
}

void TimePlot::arrange() {
  if (marks_) marks_->arrange();
  for (QCPAxisRect* rect : rects_) {
    QCPAxis* y = rect->axis(QCPAxis::atLeft);
    const int room = rect->height() / (kTickLines * QFontMetrics(y->tickLabelFont()).height());
    y->ticker()->setTickCount(std::clamp(room, kFewestTicks, kMostTicks));
  }
}

void TimePlot::fit() {
  timeAxis()->setRange(0, plannedSteps_);
  for (QCPAxisRect* rect : rects_) {
    QCPAxis* y = rect->axis(QCPAxis::atLeft);
    std::optional<QCPRange> shown;
    for (LongGraph* graph : curves_)
      if (const auto extent = graph->extent(); extent && graph->visible() && graph->keyAxis()->axisRect() == rect)
        shown = shown ? shown->expanded(*extent) : *extent;
    const QCPRange range = shown.value_or(QCPRange(0, 1));
    const double pad = std::max(range.size() * .06, 1e-4);
    y->setRange(range.lower - pad, range.upper + pad);
  }
}

void TimePlot::resetView() {
  followAgain();
  refresh();
}

void TimePlot::setRange(const QCPRange& range) {
  timeAxis()->setRange(range);
  redrawSoon();
}

void TimePlot::showCursor(std::optional<double> step) { placeCursors(cursors_, cursorLayer(), step); }

void TimePlot::showMoment(std::optional<double> step) { placeCursors(moment_, cursorLayer(), step); }

void TimePlot::hoverAt(QPointF position) {
  if (rows_.empty() || !axisRectAt(position)) {
    card().hide();
    return hoverEnded();
  }
  const double x = timeAxis()->pixelToCoord(position.x());
  const auto after = std::lower_bound(rows_.begin(), rows_.end(), x, [](const lab::Metrics& m, double at) {
    return static_cast<double>(m.step) < at;
  });
  const bool before = after == rows_.end() ||
                      (after != rows_.begin() &&
                       x - static_cast<double>(std::prev(after)->step) < static_cast<double>(after->step) - x);
  const lab::Metrics& row = before ? *std::prev(after) : *after;
  const auto step = static_cast<double>(row.step);
  QList<HoverCard::Row> lines;
  for (int i = 0; i < graphCount(); ++i) {
    const auto point = graph(i)->data()->findBegin(step, true);
    const bool known = point != graph(i)->data()->end() && point->key <= step;
    if (!known || !graph(i)->visible()) continue;
    const bool percent = kCurves[i].rect == 0;
    const QString of = kCurves[i].rect == 1 ? tr("%1 loss").arg(graph(i)->name()) : graph(i)->name();
    lines << HoverCard::Row{graph(i)->pen().color(), of,
                            std::isnan(point->value) ? tr("not a number")
                                                     : QString::number(point->value, 'f', percent ? 2 : 4) +
                                                           (percent ? QStringLiteral(" %") : QString())};
  }
  for (const QString& text : marks_->textsNear(position.x())) lines << HoverCard::Row{{}, text, {}};
  card().showAt(position.toPoint(), tr("step %1 · epoch %2").arg(countText(step)).arg(row.epoch, 0, 'f', 2),
                lines);
  showCursor(step);
  Q_EMIT hovered(step);
}

void TimePlot::hoverEnded() {
  showCursor({});
  Q_EMIT hovered({});
}

void TimePlot::restyle(const Theme& t) {
  Plot::restyle(t);
  for (int i = 0; i < graphCount(); ++i) {
    const QColor colour = t.series[kCurves[i].colour];
    graph(i)->setPen(QPen(colour, 1));
    if (kCurves[i].marked) graph(i)->setScatterStyle({QCPScatterStyle::ssDisc, colour, 4});
  }
  for (auto* cursor : cursors_) cursor->setPen(QPen(t.mutedText, 1));
  for (auto* line : moment_) line->setPen(QPen(t.accent, 2));
  marks_->restyle(t);
}

CsvTable TimePlot::exportTable() const {
  CsvTable table{{QStringLiteral("step"), QStringLiteral("epoch")}, {}};
  for (const Curve& curve : kCurves) table.header << QString::fromLatin1(curve.column);
  for (const lab::Metrics& row : rows_) {
    QStringList cells{QString::number(row.step), csvNumber(row.epoch)};
    for (const Curve& curve : kCurves) {
      const std::optional<double> value = curve.value(row);
      cells << (value ? csvNumber(*value) : QString());
    }
    table.rows.push_back(cells);
  }
  return table;
}

}  // namespace lab::ui
