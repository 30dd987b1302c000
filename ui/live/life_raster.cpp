#include "live/life_raster.h"

#include "live/exploration_timeline.h"
#include "live/mask_layout.h"
#include "plots/hover_card.h"
#include "plots/life_bars.h"
#include "plots/time_axes.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

LifeRaster::LifeRaster(QWidget* parent) : Plot(tr("Lives of sampled weights"), QStringLiteral("lives"), parent) {
  QCPLegend* names = addHeading(*plotLayout(), 0, 0, QString());
  plotLayout()->setRowStretchFactor(0, .001);
  rect_ = addRect(*plotLayout(), 1, 0);
  QCPAxis *x = rect_->axis(QCPAxis::atBottom), *y = rect_->axis(QCPAxis::atLeft);
  x->setLabel(tr("optimizer steps"));
  y->setLabel(tr("Sampled weights"));
  y->setTickLabels(false);
  y->setRangeReversed(true);
  for (QCPAxis* axis : {x, y}) axis->grid()->setVisible(false);
  for (const QString& name : {tr("since the start"), tr("reliable"), tr("young"), tr("dropped too soon")}) {
    auto* bars = new LifeBars(x, y);
    bars->setName(name);
    bars_ << bars;
    names->addItem(new QCPPlottableLegendItem(names, bars));
  }
  linkTimeAxes(*this, {rect_}, [this](const QCPRange& range) { Q_EMIT rangeChanged(range); });
  moment_ = addCursors(*this, {rect_}, cursorLayer());
  cursors_ = addCursors(*this, {rect_}, cursorLayer());
  marks_ = std::make_unique<VerticalMarks>(this, QList<QCPAxisRect*>{rect_}, Qt::TopEdge);
}

void LifeRaster::clear(int64_t plannedSteps, std::vector<lab::LayerInfo> layers) {
  plannedSteps_ = static_cast<double>(std::max<int64_t>(plannedSteps, 1));
  layers_ = std::move(layers);
  showMoment({});
  marks_->clear();
  setSample({}, 0, 0);
  resetView();
}

LifeRaster::Kind LifeRaster::kindOf(const lab::ConnectionLife& life) const {
  if (life.begin == 0) return SinceTheStart;
  if (life.end.value_or(now_) - life.begin >= reliableSteps_) return Reliable;
  return life.end ? Short : Young;
}

QColor LifeRaster::colourOf(Kind kind, const Theme& theme) const {
  constexpr Fate kFates[] = {Fate::SinceTheStart, Fate::Reliable, Fate::Young, Fate::Dropped};
  return ui::colourOf(kFates[kind], theme);
}

void LifeRaster::setSample(std::vector<SampledWeight> sample, int64_t now, int64_t reliableSteps) {
  sample_ = std::move(sample);
  now_ = now;
  reliableSteps_ = reliableSteps;
  std::array<std::vector<LifeBars::Bar>, kKinds> bars;
  for (size_t row = 0; row < sample_.size(); ++row)
    for (const lab::ConnectionLife& life : sample_[row].lives)
      bars[kindOf(life)].push_back({static_cast<double>(row), static_cast<double>(life.begin),
                                    static_cast<double>(life.end.value_or(now))});
  for (size_t kind = 0; kind < kKinds; ++kind) bars_[static_cast<int>(kind)]->setBars(std::move(bars[kind]));
  if (following()) resetView();
  redrawSoon();
}

void LifeRaster::resetView() {
  followAgain();
  rect_->axis(QCPAxis::atBottom)->setRange(0, plannedSteps_);
  rect_->axis(QCPAxis::atLeft)->setRange(0, std::max<double>(1, static_cast<double>(sample_.size())));
  redrawSoon();
}

void LifeRaster::setRange(const QCPRange& range) {
  rect_->axis(QCPAxis::atBottom)->setRange(range);
  redrawSoon();
}

void LifeRaster::addMark(double step, const QString& text) {
  marks_->add(step, text, theme());
  redrawSoon();
}

void LifeRaster::arrange() {
  if (marks_) marks_->arrange();
}

void LifeRaster::showCursor(std::optional<double> step) { placeCursors(cursors_, cursorLayer(), step); }

void LifeRaster::showMoment(std::optional<double> step) { placeCursors(moment_, cursorLayer(), step); }

void LifeRaster::hoverAt(QPointF position) {
  const double x = rect_->axis(QCPAxis::atBottom)->pixelToCoord(position.x());
  const double row = std::floor(rect_->axis(QCPAxis::atLeft)->pixelToCoord(position.y()));
  if (!axisRectAt(position) || row < 0 || row >= static_cast<double>(sample_.size())) {
    card().hide();
    return hoverEnded();
  }
  const SampledWeight& weight = sample_[static_cast<size_t>(row)];
  const MaskLayout layout(layers_[weight.layer].shape);
  const MaskLayout::Place place = layout.placeOf(weight.weight);
  QList<HoverCard::Row> lines;
  for (const lab::ConnectionLife& life : weight.lives) {
    const auto end = static_cast<double>(life.end.value_or(now_)), begin = static_cast<double>(life.begin);
    lines << HoverCard::Row{colourOf(kindOf(life), theme()),
                            life.end ? tr("steps %1 to %2").arg(countText(begin), countText(end))
                                     : tr("from step %1").arg(countText(begin)),
                            tr("%1 steps").arg(countText(end - begin))};
  }
  for (const QString& text : marks_->textsNear(position.x())) lines << HoverCard::Row{{}, text, {}};
  card().showAt(position.toPoint(),
                tr("%1: output %2 ← input %3")
                    .arg(QString::fromStdString(layers_[weight.layer].name))
                    .arg(place.row / layout.kernelRows)
                    .arg(place.column / layout.kernelColumns),
                lines);
  showCursor(x);
  Q_EMIT hovered(x);
}

void LifeRaster::hoverEnded() {
  showCursor({});
  Q_EMIT hovered({});
}

void LifeRaster::restyle(const Theme& t) {
  Plot::restyle(t);
  for (int kind = 0; kind < bars_.size(); ++kind) bars_[kind]->setBrush(colourOf(static_cast<Kind>(kind), t));
  for (auto* cursor : cursors_) cursor->setPen(QPen(t.text, 1));
  for (auto* line : moment_) line->setPen(QPen(t.accent, 2));
  marks_->restyle(t);
}

CsvTable LifeRaster::exportTable() const {
  CsvTable table{{QStringLiteral("layer"), QStringLiteral("weight"), QStringLiteral("begin_step"),
                  QStringLiteral("end_step"), QStringLiteral("reliable")},
                 {}};
  for (const SampledWeight& weight : sample_)
    for (const lab::ConnectionLife& life : weight.lives) {
      const bool reliable = life.end.value_or(now_) - life.begin >= reliableSteps_;
      table.rows.push_back({QString::fromStdString(layers_[weight.layer].name), QString::number(weight.weight),
                            QString::number(life.begin), life.end ? QString::number(*life.end) : QString(),
                            QString::number(reliable ? 1 : 0)});
    }
  return table;
}

}  // namespace lab::ui
