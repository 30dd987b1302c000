#include "live/rs_plot.h"

#include "plots/hover_card.h"
#include "plots/trajectory.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

void include(std::optional<QCPRange>& range, double value) {
  if (!std::isfinite(value)) return;
  if (!range) range = QCPRange(value, value);
  range->expand(value);
}

}  // namespace

RsPlot::RsPlot(QWidget* parent) : Plot(tr("Accuracy against Rₛ"), QStringLiteral("accuracy-rs"), parent) {
  auto* heading = new QCPLayoutGrid;
  plotLayout()->addElement(0, 0, heading);
  colourBar_ = new ColourBar(this);
  addFiller(*heading, 0);
  heading->addElement(0, 1, colourBar_);
  heading->setMaximumSize(QWIDGETSIZE_MAX - 1, QFontMetrics(scaledFont(.88)).height() + 6);
  QCPAxisRect* rect = addRect(*plotLayout(), 1, 0);
  plotLayout()->setRowStretchFactor(0, .001);
  x_ = rect->axis(QCPAxis::atBottom);
  y_ = rect->axis(QCPAxis::atLeft);
  x_->setLabel(tr("Rₛ, share of weights ever active"));
  y_->setLabel(tr("Test accuracy (%)"));
  x_->setNumberFormat(QStringLiteral("g"));
  offerLogarithmic({x_}, tr("Logarithmic Rₛ"));
  trajectory_ = new Trajectory(x_, y_);
  trajectory_->setLayer(QStringLiteral("main"));
  clear();
}

void RsPlot::clear() {
  points_.clear();
  trajectory_->setPoints({});
  xs_ = ys_ = {};
  mostReliable_ = 0;
  showMoment({});
  followAgain();
  refresh();
}

void RsPlot::append(const lab::Metrics& row) {
  if (!row.testAccuracy) return;
  const double planned = row.step > 0 ? static_cast<double>(row.plannedSteps) / static_cast<double>(row.step) : 1;
  points_.push_back({row.step, row.epoch, row.epoch * planned, row.rs, row.reliable, *row.testAccuracy});
  const Point& point = points_.back();
  trajectory_->append({point.rs, 100 * point.accuracy, timeOf(point)});
  include(xs_, point.rs);
  include(ys_, 100 * point.accuracy);
  mostReliable_ = std::max(mostReliable_, point.reliable);
}

void RsPlot::setReferences(std::vector<ReferenceRun> references) {
  references_ = std::move(references);
  drawReferences(theme());
  refresh();
}

void RsPlot::setColourBy(ColourBy what) {
  colourBy_ = what;
  std::vector<Trajectory::Point> points;
  for (const Point& p : points_) points.push_back({p.rs, 100 * p.accuracy, timeOf(p)});
  trajectory_->setPoints(std::move(points));
  refresh();
}

void RsPlot::addMenuActions(QMenu& menu) {
  auto* group = new QActionGroup(&menu);
  const auto add = [&](const QString& text, ColourBy what) {
    QAction* action = menu.addAction(text, this, [this, what] { setColourBy(what); });
    action->setCheckable(true);
    action->setChecked(colourBy_ == what);
    group->addAction(action);
  };
  add(tr("Colour by time"), ColourBy::Time);
  add(tr("Colour by Rᵣₑₗ, the share explored reliably"), ColourBy::Reliable);
  menu.addSeparator();
}

/// What has the last colour.
double RsPlot::colourEnd() const {
  if (points_.empty()) return 1;
  if (colourBy_ == ColourBy::Time) return std::max(points_.back().planned, points_.back().epoch);
  return mostReliable_;
}

void RsPlot::refresh() {
  const bool byTime = colourBy_ == ColourBy::Time;
  const double end = colourEnd();
  const QString endText = byTime ? countText(std::round(end)) : QString::number(end, 'g', 2);
  colourBar_->setEnds(byTime ? tr("epoch 0") : tr("Rᵣₑₗ 0"), points_.empty() ? QString() : endText);
  trajectory_->setTimeEnd(end);
  if (following()) fit();
  redrawSoon();
}

void RsPlot::fit() {
  std::optional<QCPRange> xs = xs_, ys = ys_;
  for (const ReferenceRun& reference : references_)
    for (const QPointF& p : reference.points) {
      if (!reference.level) include(xs, p.x());
      if (!reference.level || &p == &reference.points.back()) include(ys, 100 * p.y());
    }
  x_->setRange(padded(xs.value_or(QCPRange(0, 1)), .0005));
  y_->setRange(padded(ys.value_or(QCPRange(0, 100)), .2));
  if (x_->range().lower < 0) x_->setRangeLower(0);
}

void RsPlot::resetView() {
  followAgain();
  fit();
  redrawSoon();
}

void RsPlot::drawReferences(const Theme& t) {
  for (auto* curve : referenceCurves_) removePlottable(curve);
  for (auto* item : referenceItems_) removeItem(item);
  referenceCurves_.clear();
  referenceItems_.clear();
  for (const ReferenceRun& reference : references_) {
    if (reference.points.empty()) continue;
    const QPointF last = reference.points.back();
    auto* label = new QCPItemText(this);
    label->setText(reference.name);
    label->setFont(scaledFont(.85));
    label->setColor(t.mutedText);
    label->setLayer(QStringLiteral("grid"));
    label->setPadding({4, 1, 4, 1});
    referenceItems_ << label;
    if (reference.level) {
      auto* line = new QCPItemStraightLine(this);
      line->setLayer(QStringLiteral("grid"));
      line->setPen(QPen(t.mutedText, 1, Qt::DashLine));
      setLevel(*line, 100 * last.y());
      referenceItems_ << line;
      label->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
      label->position->setCoords(1, 100 * last.y());
      label->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
      continue;
    }
    label->position->setCoords(last.x(), 100 * last.y());
    label->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    auto* curve = new QCPCurve(x_, y_);
    curve->setLayer(QStringLiteral("grid"));
    const QColor colour = t.dark ? t.mutedText.darker(140) : t.mutedText.lighter(150);
    curve->setPen(QPen(colour, 1));
    curve->setScatterStyle({QCPScatterStyle::ssDisc, colour, reference.points.size() == 1 ? 7.0 : 4.0});
    for (const QPointF& p : reference.points) curve->addData(p.x(), 100 * p.y());
    referenceCurves_ << curve;
  }
}

void RsPlot::showMoment(std::optional<double> step) {
  moment_ = step;
  highlightStep({});
}

void RsPlot::highlightStep(std::optional<double> step) {
  if (!step) step = moment_;
  std::optional<size_t> nearest;
  double distance = std::numeric_limits<double>::infinity();
  for (size_t i = 0; step && i < points_.size(); ++i) {
    const double d = std::abs(static_cast<double>(points_[i].step) - *step);
    if (d < distance) distance = d, nearest = i;
  }
  trajectory_->setHighlight(nearest);
  redrawSoon();
}

void RsPlot::hoverAt(QPointF position) {
  const std::optional<size_t> index = trajectory_->nearest(position, 24);
  trajectory_->setHighlight(index);
  redrawSoon();
  if (!index) return card().hide();
  const Point& p = points_[*index];
  card().showAt(position.toPoint(),
                tr("epoch %1 · step %2").arg(p.epoch, 0, 'g', 4).arg(countText(double(p.step))),
                {{{}, tr("Test accuracy"), percentText(p.accuracy) + QStringLiteral(" %")},
                 {{}, tr("Rₛ"), QString::number(p.rs, 'f', 4)},
                 {{}, tr("Rᵣₑₗ"), QString::number(p.reliable, 'f', 4)}});
}

void RsPlot::restyle(const Theme& t) {
  Plot::restyle(t);
  trajectory_->setColours(t.dark, t.panel);
  colourBar_->setColours(t.dark, t.mutedText);
  drawReferences(t);
}

CsvTable RsPlot::exportTable() const {
  CsvTable table{{QStringLiteral("run"), QStringLiteral("step"), QStringLiteral("epoch"), QStringLiteral("r_s"),
                  QStringLiteral("r_rel"), QStringLiteral("test_accuracy")},
                 {}};
  for (const Point& p : points_)
    table.rows.push_back({QStringLiteral("this"), QString::number(p.step), csvNumber(p.epoch), csvNumber(p.rs),
                          csvNumber(p.reliable), csvNumber(p.accuracy)});
  for (const ReferenceRun& reference : references_)
    for (const QPointF& p : reference.points)
      table.rows.push_back({reference.name, {}, {}, csvNumber(p.x()), {}, csvNumber(p.y())});
  return table;
}

}  // namespace lab::ui
