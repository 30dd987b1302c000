#include "compare/overlay_curves.h"

#include "compare/export_legend.h"
#include "compare/series_style.h"
#include "plots/hover_card.h"
#include "plots/smoothing.h"
#include "plots/time_axes.h"
#include "wording.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lab::ui {

namespace {

struct Quantity {
  double scale;
  int decimals;
  const char* column;
  MetricValue value;
};

std::optional<double> test(const Metrics& m) { return m.testAccuracy; }
std::optional<double> validation(const Metrics& m) { return m.validationAccuracy; }
std::optional<double> train(const Metrics& m) { return m.trainAccuracy; }

constexpr std::array<Quantity, 3> kAccuracies = {{{100, 2, "test_accuracy", test},
                                                  {100, 2, "validation_accuracy", validation},
                                                  {100, 2, "train_accuracy", train}}};
constexpr Quantity kLoss = {1, 4, "train_loss", [](const Metrics& m) { return m.trainLoss; }};
constexpr Quantity kRs = {1, 4, "r_s", [](const Metrics& m) { return std::optional(m.rs); }};

const Quantity& quantityAt(int rect, int accuracy) {
  return rect == 0 ? kAccuracies[static_cast<size_t>(accuracy)] : rect == 1 ? kLoss : kRs;
}

constexpr size_t kFewPoints = 60;  ///< so many are marked one by one

}  // namespace

OverlayCurves::OverlayCurves(QWidget* parent)
    : Plot(tr("Curves over steps"), QStringLiteral("compare-curves"), parent) {
  auto* margins = new QCPMarginGroup(this);
  const QStringList titles{tr("Test accuracy (%)"), tr("Training loss"), tr("Rₛ")};
  for (int i = 0; i < titles.size(); ++i) {
    auto* label = new QCPTextElement(this, titles[i], scaledFont(.92));
    label->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
    label->setMargins({8, 2, 4, 2});
    plotLayout()->addElement(2 * i, 0, label);
    titles_ << label;
    rects_ << addRect(*plotLayout(), 2 * i + 1, 0);
    rects_[i]->setMarginGroup(QCP::msLeft | QCP::msRight, margins);
    rects_[i]->axis(QCPAxis::atBottom)->setTickLabels(i + 1 == titles.size());
    plotLayout()->setRowStretchFactor(2 * i, .001);
    plotLayout()->setRowStretchFactor(2 * i + 1, i == 0 ? 1.6 : i + 1 == titles.size() ? 1.3 : 1);
  }
  linkTimeAxes(*this, rects_, [](const QCPRange&) {});
  timeAxis()->setLabel(tr("optimizer steps"));
  addLayer(QStringLiteral("front"), layer(QStringLiteral("main")), limAbove);
  cursors_ = addCursors(*this, rects_, cursorLayer());
  marks_ = std::make_unique<VerticalMarks>(this, rects_, Qt::BottomEdge);
}

void OverlayCurves::setSeries(const std::vector<Series>& series, const std::set<size_t>& hidden) {
  series_ = series;
  hidden_ = hidden;
  draw();
}

void OverlayCurves::setAccuracy(Accuracy which) {
  accuracy_ = which;
  const QStringList titles{tr("Test accuracy (%)"), tr("Validation accuracy (%)"), tr("Training accuracy (%)")};
  titles_.first()->setText(titles[which]);
  draw();
}

void OverlayCurves::setSmoothing(double factor) {
  smoothing_ = factor;
  draw();
}

void OverlayCurves::draw() {
  clearGraphs();
  curves_.clear();
  marks_->clear();
  for (size_t s = 0; s < series_.size(); ++s) {
    if (hidden_.contains(s)) continue;
    addMarks(series_[s]);
    for (int rect = 0; rect < rects_.size(); ++rect) {
      const Quantity& quantity = quantityAt(rect, accuracy_);
      QCPAxis *x = rects_[rect]->axis(QCPAxis::atBottom), *y = rects_[rect]->axis(QCPAxis::atLeft);
      Curve curve{s,
                  rect,
                  bandOf(series_[s], quantity.value),
                  addGraph(x, y),
                  addGraph(x, y),
                  addGraph(x, y),
                  addGraph(x, y)};
      std::vector<double> means, deviations;
      for (const BandPoint& p : curve.points) means.push_back(p.mean), deviations.push_back(p.deviation);
      const auto shown = smoothed(means, rect == 2 ? 0 : smoothing_);
      const auto around = smoothed(deviations, rect == 2 ? 0 : smoothing_);
      for (size_t i = 0; i < means.size(); ++i) {
        const auto step = static_cast<double>(curve.points[i].step);
        curve.line->addData(step, quantity.scale * shown[i]);
        if (smoothing_ > 0 && rect != 2) curve.raw->addData(step, quantity.scale * means[i]);
        if (series_[s].runs.size() < 2) continue;
        curve.upper->addData(step, quantity.scale * (shown[i] + around[i]));
        curve.lower->addData(step, quantity.scale * (shown[i] - around[i]));
      }
      curve.upper->setChannelFillGraph(curve.lower);
      curve.line->setName(series_[s].name);
      curves_.push_back(std::move(curve));
    }
  }
  restyle(theme());
  if (following()) fit();
  redrawSoon();
}

void OverlayCurves::addMarks(const Series& series) {
  for (const auto& compared : series.runs)
    for (const RunEvent& change : compared->changes)
      marks_->add(static_cast<double>(change.step), QStringLiteral("%1: %2").arg(series.name, changeText(change)),
                  theme());
}

void OverlayCurves::emphasize(std::optional<size_t> series) {
  emphasized_ = series;
  restyle(theme());
  redrawSoon();
}

int OverlayCurves::shownCount() const {
  return static_cast<int>(std::ranges::count_if(
      curves_, [](const Curve& curve) { return curve.quantity == 0 && !curve.points.empty(); }));
}

void OverlayCurves::fit() {
  double last = 1;
  for (const Curve& curve : curves_)
    if (!curve.points.empty()) last = std::max(last, static_cast<double>(curve.points.back().step));
  timeAxis()->setRange(0, last * 1.01);
  for (int rect = 0; rect < rects_.size(); ++rect) {
    std::optional<QCPRange> shown;
    for (const Curve& curve : curves_)
      if (curve.quantity == rect)
        for (QCPGraph* graph : {curve.line, curve.upper, curve.lower})
          for (const QCPGraphData& point : *graph->data())
            if (std::isfinite(point.value))
              shown =
                  shown ? shown->expanded(QCPRange(point.value, point.value)) : QCPRange(point.value, point.value);
    const QCPRange range = shown.value_or(QCPRange(0, 1));
    const double pad = std::max(range.size() * .06, 1e-4);
    rects_[rect]->axis(QCPAxis::atLeft)->setRange(range.lower - pad, range.upper + pad);
  }
}

void OverlayCurves::resetView() {
  followAgain();
  fit();
  redrawSoon();
}

void OverlayCurves::arrange() {
  if (marks_) marks_->arrange();
  for (QCPAxisRect* rect : rects_) {
    QCPAxis* y = rect->axis(QCPAxis::atLeft);
    y->ticker()->setTickCount(std::clamp(rect->height() / (2 * QFontMetrics(y->tickLabelFont()).height()), 2, 5));
  }
}

void OverlayCurves::showCursor(std::optional<double> step) { placeCursors(cursors_, cursorLayer(), step); }

void OverlayCurves::hoverAt(QPointF position) {
  int rect = 0;
  while (rect < rects_.size() && !rects_[rect]->outerRect().contains(position.toPoint())) ++rect;
  const double x = timeAxis()->pixelToCoord(position.x());
  if (curves_.empty() || rect == rects_.size() || !timeAxis()->range().contains(x)) {
    card().hide();
    return hoverEnded();
  }
  const Quantity& quantity = quantityAt(rect, accuracy_);
  QList<HoverCard::Row> rows;
  for (const Curve& curve : curves_) {
    if (curve.quantity != rect || curve.points.empty()) continue;
    const auto near = std::ranges::min_element(
        curve.points, {}, [&](const BandPoint& p) { return std::abs(static_cast<double>(p.step) - x); });
    QString value = QString::number(quantity.scale * near->mean, 'f', quantity.decimals);
    if (series_[curve.series].runs.size() > 1)
      value += QStringLiteral(" ± ") + QString::number(quantity.scale * near->deviation, 'f', quantity.decimals);
    rows << HoverCard::Row{seriesColour(curve.series, drawnTheme()), series_[curve.series].name, value};
  }
  for (const QString& text : marks_->textsNear(position.x())) rows << HoverCard::Row{{}, text, {}};
  card().showAt(position.toPoint(), tr("step %1").arg(countText(x)), rows);
  showCursor(x);
  Q_EMIT hovered(x);
}

void OverlayCurves::hoverEnded() {
  showCursor({});
  Q_EMIT hovered({});
}

void OverlayCurves::restyle(const Theme& t) {
  Plot::restyle(t);
  for (const Curve& curve : curves_) {
    const bool back = emphasized_ && *emphasized_ != curve.series;
    QPen pen = seriesPen(curve.series, t, emphasized_ == curve.series ? 2 : 1);
    QColor colour = pen.color(), fill = colour, shadow = colour;
    if (back) colour.setAlphaF(.3F);
    pen.setColor(colour);
    curve.line->setLayer(emphasized_ == curve.series ? QStringLiteral("front") : QStringLiteral("main"));
    curve.line->setPen(pen);
    const bool few = curve.points.size() <= kFewPoints && curve.quantity == 0;
    curve.line->setScatterStyle(few ? QCPScatterStyle(QCPScatterStyle::ssDisc, colour, 4) : QCPScatterStyle());
    shadow.setAlphaF(back ? .1F : .25F);
    curve.raw->setPen(QPen(shadow, 1));
    fill.setAlphaF(back ? .05F : .16F);
    curve.upper->setPen(Qt::NoPen);
    curve.lower->setPen(Qt::NoPen);
    curve.upper->setBrush(fill);
  }
  for (auto* cursor : cursors_) cursor->setPen(QPen(t.mutedText, 1));
  marks_->restyle(t);
}

void OverlayCurves::paintExport(QCPPainter& painter, QSize size) {
  const ExportLegend names(*this);
  for (const Curve& curve : curves_)
    if (curve.quantity == 0) names.add(curve.line);
  Plot::paintExport(painter, size);
}

CsvTable OverlayCurves::exportTable() const {
  CsvTable table{{QStringLiteral("series"), QStringLiteral("quantity"), QStringLiteral("step"),
                  QStringLiteral("mean"), QStringLiteral("deviation"), QStringLiteral("runs")},
                 {}};
  for (const Curve& curve : curves_) {
    const auto runs = series_[curve.series].runs.size();
    for (const BandPoint& p : curve.points)
      table.rows.push_back({series_[curve.series].name,
                            QString::fromLatin1(quantityAt(curve.quantity, accuracy_).column),
                            QString::number(p.step), csvNumber(p.mean),
                            runs > 1 ? csvNumber(p.deviation) : QString(), QString::number(runs)});
  }
  return table;
}

}  // namespace lab::ui
