#include "compare/overlay_rs_plot.h"

#include "compare/export_legend.h"
#include "compare/series_style.h"
#include "plots/hover_card.h"
#include "plots/trajectory.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lab::ui {

namespace {

constexpr double kPointerReach = 24;  ///< pixels from the pointer to a point that it means

QColor mixed(const QColor& a, const QColor& b, float share) {
  return QColor::fromRgbF(a.redF() * share + b.redF() * (1 - share), a.greenF() * share + b.greenF() * (1 - share),
                          a.blueF() * share + b.blueF() * (1 - share));
}

}  // namespace

OverlayRsPlot::OverlayRsPlot(QWidget* parent)
    : Plot(tr("Accuracy against Rₛ"), QStringLiteral("compare-accuracy-rs"), parent) {
  QCPAxisRect* rect = addRect(*plotLayout(), 0, 0);
  x_ = rect->axis(QCPAxis::atBottom);
  y_ = rect->axis(QCPAxis::atLeft);
  x_->setLabel(tr("Rₛ, share of weights ever active"));
  y_->setLabel(tr("Test accuracy (%)"));
  x_->setNumberFormat(QStringLiteral("g"));
  offerLogarithmic({x_}, tr("Logarithmic Rₛ"));
  addLayer(QStringLiteral("front"), layer(QStringLiteral("main")), limAbove);
}

void OverlayRsPlot::setSeries(const std::vector<Series>& series, const std::set<size_t>& hidden) {
  clearPlottables();
  clearItems();
  lines_.clear();
  for (size_t i = 0; i < series.size(); ++i) lines_.push_back(lineOf(series[i], !hidden.contains(i)));
  restyle(theme());
  if (following()) fit();
  redrawSoon();
}

OverlayRsPlot::Line OverlayRsPlot::lineOf(const Series& series, bool shown) {
  Line line{series.name,
            bandOf(series, [](const Metrics& m) { return m.testAccuracy; }),
            new Trajectory(x_, y_),
            new QCPCurve(x_, y_),
            shown,
            series.runs.size() > 1};
  line.trajectory->setName(series.name);
  line.trajectory->setVisible(shown);
  line.band->setVisible(shown);
  if (isLevel(series) && !line.points.empty()) {
    addLevel(line);
    return line;
  }
  std::vector<Trajectory::Point> points;
  for (const BandPoint& p : line.points) points.push_back({p.rs, 100 * p.mean, p.time});
  line.trajectory->setPoints(std::move(points));
  if (!line.joined) return line;
  for (const BandPoint& p : line.points) line.band->addData(p.rs, 100 * (p.mean + p.deviation));
  for (auto p = line.points.rbegin(); p != line.points.rend(); ++p)
    line.band->addData(p->rs, 100 * (p->mean - p->deviation));
  return line;
}

void OverlayRsPlot::addLevel(Line& line) {
  const double accuracy = 100 * line.points.back().mean;
  line.level = new QCPItemStraightLine(this);
  setLevel(*line.level, accuracy);
  line.levelName = new QCPItemText(this);
  line.levelName->setText(line.name);
  line.levelName->setFont(scaledFont(.85));
  line.levelName->setPadding({4, 1, 4, 1});
  line.levelName->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
  line.levelName->position->setCoords(1, accuracy);
  line.levelName->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
  line.level->setLayer(QStringLiteral("grid"));
  line.levelName->setLayer(QStringLiteral("front"));
  line.level->setVisible(line.shown);
  line.levelName->setVisible(line.shown);
}

void OverlayRsPlot::emphasize(std::optional<size_t> series) {
  emphasized_ = series;
  restyle(theme());
  redrawSoon();
}

int OverlayRsPlot::shownCount() const {
  return static_cast<int>(
      std::ranges::count_if(lines_, [](const Line& line) { return line.shown && !line.points.empty(); }));
}

void OverlayRsPlot::fit() {
  std::optional<QCPRange> xs, ys;
  const auto include = [](std::optional<QCPRange>& range, double value) {
    if (!range) range = QCPRange(value, value);
    range->expand(value);
  };
  for (const Line& line : lines_)
    for (const BandPoint& p : line.points) {
      if (!line.shown || (line.level != nullptr && &p != &line.points.back())) continue;
      if (line.level == nullptr) include(xs, p.rs);
      include(ys, 100 * (p.mean - p.deviation));
      include(ys, 100 * (p.mean + p.deviation));
    }
  x_->setRange(padded(xs.value_or(QCPRange(0, 1)), .0005));
  y_->setRange(padded(ys.value_or(QCPRange(0, 100)), .2));
  if (x_->range().lower < 0) x_->setRangeLower(0);
}

void OverlayRsPlot::resetView() {
  followAgain();
  fit();
  redrawSoon();
}

void OverlayRsPlot::highlightStep(std::optional<double> step) {
  for (Line& line : lines_) {
    std::optional<size_t> nearest;
    double distance = std::numeric_limits<double>::infinity();
    for (size_t i = 0; step && i < line.points.size(); ++i) {
      const double d = std::abs(static_cast<double>(line.points[i].step) - *step);
      if (d < distance) distance = d, nearest = i;
    }
    line.trajectory->setHighlight(nearest);
  }
  redrawSoon();
}

void OverlayRsPlot::hoverAt(QPointF position) {
  const Line* found = nullptr;
  size_t index = 0;
  double reach = kPointerReach;
  for (const Line& line : lines_) {
    if (!line.shown || line.level != nullptr) continue;
    const auto near = line.trajectory->nearest(position, reach);
    if (!near) continue;
    const BandPoint& p = line.points[*near];
    reach = QLineF(QPointF(x_->coordToPixel(p.rs), y_->coordToPixel(100 * p.mean)), position).length();
    found = &line;
    index = *near;
  }
  if (found == nullptr) {
    card().hide();
    return hoverEnded();
  }
  const BandPoint& p = found->points[index];
  QString accuracy = percentText(p.mean);
  if (found->joined) accuracy += QStringLiteral(" ± ") + percentText(p.deviation);
  const auto place = static_cast<size_t>(found - lines_.data());
  card().showAt(position.toPoint(), tr("step %1").arg(countText(static_cast<double>(p.step))),
                {{seriesColour(place, drawnTheme()), found->name, accuracy + QStringLiteral(" %")},
                 {{}, tr("Rₛ"), QString::number(p.rs, 'f', 4)}});
  Q_EMIT hovered(static_cast<double>(p.step));
  highlightStep(static_cast<double>(p.step));
}

void OverlayRsPlot::hoverEnded() {
  highlightStep({});
  Q_EMIT hovered({});
}

void OverlayRsPlot::restyle(const Theme& t) {
  Plot::restyle(t);
  for (size_t i = 0; i < lines_.size(); ++i) {
    const bool back = emphasized_ && *emphasized_ != i;
    const QColor colour = back ? mixed(seriesColour(i, t), t.panel, .3F) : seriesColour(i, t);
    lines_[i].trajectory->setColours(t.dark, t.panel);
    lines_[i].trajectory->setRamp(mixed(colour, t.panel, .35F), colour);
    lines_[i].trajectory->setStyle(seriesPen(i, t, 2).style());
    lines_[i].band->setPen(Qt::NoPen);
    QColor fill = colour;
    fill.setAlphaF(back ? .06F : .16F);
    lines_[i].band->setBrush(fill);
    const bool front = emphasized_ == i;
    lines_[i].trajectory->setLayer(front ? QStringLiteral("front") : QStringLiteral("main"));
    if (lines_[i].level == nullptr) continue;
    lines_[i].level->setPen(QPen(colour, front ? 2 : 1, Qt::DashLine));
    QColor paper = t.panel;
    paper.setAlphaF(.75F);
    lines_[i].levelName->setColor(back ? colour : t.mutedText);
    lines_[i].levelName->setBrush(paper);
  }
}

void OverlayRsPlot::paintExport(QCPPainter& painter, QSize size) {
  const ExportLegend names(*this);  // on the screen the table beneath has them
  for (const Line& line : lines_)
    if (line.shown) names.add(line.trajectory);
  Plot::paintExport(painter, size);
}

CsvTable OverlayRsPlot::exportTable() const {
  CsvTable table{{QStringLiteral("series"), QStringLiteral("step"), QStringLiteral("r_s"),
                  QStringLiteral("test_accuracy"), QStringLiteral("test_accuracy_deviation")},
                 {}};
  for (const Line& line : lines_)
    for (const BandPoint& p : line.points)
      if (line.shown)
        table.rows.push_back({line.name, QString::number(p.step), csvNumber(p.rs), csvNumber(p.mean),
                              line.joined ? csvNumber(p.deviation) : QString()});
  return table;
}

}  // namespace lab::ui
