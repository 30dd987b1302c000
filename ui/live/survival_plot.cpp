#include "live/survival_plot.h"

#include "plots/hover_card.h"
#include "plots/time_axes.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

/// The point in force at an age.
const lab::SurvivalPoint* pointAt(const std::vector<lab::SurvivalPoint>& curve, int64_t age) {
  const auto after = std::ranges::upper_bound(curve, age, {}, &lab::SurvivalPoint::age);
  return after == curve.begin() ? nullptr : &*std::prev(after);
}

void fill(QCPGraph& graph, const std::vector<lab::SurvivalPoint>& curve, double until) {
  QVector<QCPGraphData> points;
  for (const lab::SurvivalPoint& point : curve)
    points.append({static_cast<double>(point.age), 100 * point.survival});
  if (!points.isEmpty() && until > points.last().key) points.append({until, points.last().value});
  graph.data()->set(points, true);
}

double lastAge(const std::vector<lab::SurvivalPoint>& curve) {
  return curve.empty() ? 0 : static_cast<double>(curve.back().age);
}

}  // namespace

double survivalAt(const std::vector<lab::SurvivalPoint>& curve, int64_t age) {
  const lab::SurvivalPoint* point = pointAt(curve, age);
  return point ? point->survival : 1;
}

SurvivalPlot::SurvivalPlot(QWidget* parent)
    : Plot(tr("Survival of grown connections"), QStringLiteral("survival"), parent) {
  QCPLegend* names = addHeading(*plotLayout(), 0, 0, QString());
  plotLayout()->setRowStretchFactor(0, .001);
  rect_ = addRect(*plotLayout(), 1, 0);
  QCPAxis *x = rect_->axis(QCPAxis::atBottom), *y = rect_->axis(QCPAxis::atLeft);
  x->setLabel(tr("age in optimizer steps"));
  y->setLabel(tr("Still connected (%)"));
  offerLogarithmic({x}, tr("Logarithmic age"));
  endGraph_ = addGraph(x, y);
  endGraph_->setName(tr("at the end"));
  nowGraph_ = addGraph(x, y);
  nowGraph_->setName(tr("at the moment shown"));
  for (QCPGraph* graph : {nowGraph_, endGraph_}) {
    graph->setLineStyle(QCPGraph::lsStepLeft);
    names->addItem(new QCPPlottableLegendItem(names, graph));
  }
  threshold_ = new QCPItemStraightLine(this);
  threshold_->setClipAxisRect(rect_);
  threshold_->setLayer(QStringLiteral("grid"));
  thresholdText_ = new QCPItemText(this);
  thresholdText_->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
  thresholdText_->setFont(scaledFont(.85));
  thresholdText_->setPadding({5, 3, 5, 3});
  thresholdText_->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
  for (QCPItemPosition* point : {threshold_->point1, threshold_->point2, thresholdText_->position}) {
    point->setAxes(x, y);
    point->setAxisRect(rect_);
  }
  cursors_ = addCursors(*this, {rect_}, cursorLayer());
  setCurves({}, {}, 0);
}

void SurvivalPlot::setCurves(std::vector<lab::SurvivalPoint> now, std::vector<lab::SurvivalPoint> end,
                             int64_t reliableSteps) {
  now_ = std::move(now);
  end_ = std::move(end);
  reliableSteps_ = reliableSteps;
  const double until = std::max({lastAge(now_), lastAge(end_), 1.5 * static_cast<double>(reliableSteps), 1.0});
  fill(*nowGraph_, now_, until);
  fill(*endGraph_, end_, until);
  const auto at = static_cast<double>(reliableSteps);
  threshold_->point1->setCoords(at, 0);
  threshold_->point2->setCoords(at, 1);
  thresholdText_->position->setCoords(at, 0);
  thresholdText_->setText(now_.empty() ? QString()
                                       : tr("reliable from %1 steps: %2 %")
                                             .arg(countText(at), percentText(survivalAt(now_, reliableSteps), 1)));
  if (following()) resetView();
  redrawSoon();
}

void SurvivalPlot::resetView() {
  followAgain();
  rect_->axis(QCPAxis::atBottom)
      ->setRange(0, std::max({lastAge(now_), lastAge(end_), 1.5 * static_cast<double>(reliableSteps_), 1.0}));
  rect_->axis(QCPAxis::atLeft)->setRange(0, 104);
  redrawSoon();
}

void SurvivalPlot::hoverAt(QPointF position) {
  const double x = rect_->axis(QCPAxis::atBottom)->pixelToCoord(position.x());
  const auto age = static_cast<int64_t>(x);
  const lab::SurvivalPoint* point = pointAt(now_, age);
  if (point == nullptr || x < 0 || !axisRectAt(position)) {
    card().hide();
    return hoverEnded();
  }
  QList<HoverCard::Row> lines{
      {nowGraph_->pen().color(), nowGraph_->name(), percentText(point->survival, 1) + QStringLiteral(" %")}};
  if (!end_.empty())
    lines << HoverCard::Row{endGraph_->pen().color(), endGraph_->name(),
                            percentText(survivalAt(end_, age), 1) + QStringLiteral(" %")};
  lines << HoverCard::Row{{}, tr("known to be that old"), countText(double(point->atRisk))};
  card().showAt(position.toPoint(), tr("age %1 steps").arg(countText(x)), lines);
  placeCursors(cursors_, cursorLayer(), x);
}

void SurvivalPlot::hoverEnded() { placeCursors(cursors_, cursorLayer(), {}); }

void SurvivalPlot::restyle(const Theme& t) {
  Plot::restyle(t);
  nowGraph_->setPen(QPen(t.series[0], 2));
  endGraph_->setPen(QPen(t.mutedText, 1, Qt::DashLine));
  threshold_->setPen(QPen(t.warning, 1, Qt::DashLine));
  thresholdText_->setColor(t.warning);
  for (auto* cursor : cursors_) cursor->setPen(QPen(t.mutedText, 1));
}

CsvTable SurvivalPlot::exportTable() const {
  CsvTable table{{QStringLiteral("age"), QStringLiteral("survival"), QStringLiteral("at_risk")}, {}};
  for (const lab::SurvivalPoint& point : now_)
    table.rows.push_back({QString::number(point.age), csvNumber(point.survival), QString::number(point.atRisk)});
  return table;
}

}  // namespace lab::ui
