#include "live/exploration_panel.h"

#include "live/life_raster.h"
#include "live/survival_plot.h"
#include "plots/choice_bar.h"

#include <QComboBox>
#include <QStackedWidget>

#include <algorithm>

namespace lab::ui {

namespace {

constexpr size_t kSampledWeights = 160;  ///< rows of the raster: two or three pixels each
constexpr qint64 kDrawingShare = 10;     ///< while a run is under way these pictures take a tenth of the time

}  // namespace

ExplorationPanel::ExplorationPanel(QWidget* parent)
    : Panel(tr("Exploration"), new QStackedWidget, parent),
      timeline_(new ExplorationTimeline),
      raster_(new LifeRaster),
      survival_(new SurvivalPlot) {
  stack_ = findChild<QStackedWidget*>();
  for (QWidget* plot :
       {static_cast<QWidget*>(timeline_), static_cast<QWidget*>(raster_), static_cast<QWidget*>(survival_)})
    stack_->addWidget(plot);
  setEmptyText(
      tr("How many weights are active, were dropped, or have never been tried, as the run "
         "goes on."));
  views_ = new QComboBox;
  views_->addItems({tr("All"), tr("Explored"), tr("Active")});
  views_->setCurrentIndex(1);
  views_->setAccessibleName(tr("Part of the weights shown"));
  kinds_ = new ChoiceBar({tr("Shares"), tr("Lives"), tr("Survival")}, 0);
  kinds_->setAccessibleName(tr("What is shown of the exploration"));
  kinds_->setObjectName(QStringLiteral("explorationKinds"));
  addControl(views_);
  addControl(kinds_);
  addExportButton([this]() -> Exportable* { return shown(); });
  connect(views_, &QComboBox::currentIndexChanged, this,
          [this](int view) { timeline_->setView(static_cast<ExplorationTimeline::View>(view)); });
  connect(kinds_, &ChoiceBar::chosen, this, [this](int kind) { setKind(static_cast<Kind>(kind)); });
  connect(timeline_, &ExplorationTimeline::rangeChanged, raster_, &LifeRaster::setRange);
  connect(raster_, &LifeRaster::rangeChanged, timeline_, &ExplorationTimeline::setRange);
  connect(timeline_, &ExplorationTimeline::rangeChanged, this, &ExplorationPanel::rangeChanged);
  connect(timeline_, &ExplorationTimeline::hovered, this, &ExplorationPanel::hovered);
  connect(raster_, &LifeRaster::hovered, this, &ExplorationPanel::hovered);
}

void ExplorationPanel::clear() {
  replay_ = nullptr;
  moment_ = layer_ = {};
  now_ = 0;
  layers_.clear();
  timeline_->clear(1);
  raster_->clear(1, {});
  survival_->setCurves({}, {}, 0);
  setEmpty(true);
  setNote({});
}

void ExplorationPanel::startRun(const lab::RunStart& start) {
  clear();
  layers_ = start.layers;
  stepsPerEpoch_ = std::max<int64_t>(1, start.stepsPerEpoch);
  timeline_->clear(start.plannedSteps);
  raster_->clear(start.plannedSteps, start.layers);
  setNote(title());
}

void ExplorationPanel::append(const lab::Metrics& row) {
  now_ = row.step;
  timeline_->append(row);
}

int64_t ExplorationPanel::now() const { return std::max(now_, replay_->step(replay_->moments() - 1)); }

void ExplorationPanel::addMark(double step, const QString& text) {
  timeline_->addMark(step, text);
  raster_->addMark(step, text);
}

void ExplorationPanel::refresh() {
  setEmpty(false);
  timeline_->refresh();
  redrawShown(false);
}

void ExplorationPanel::setReplay(std::shared_ptr<lab::MaskReplay> replay) {
  replay_ = std::move(replay);
  if (!replay_) showLayer(-1);
  redrawShown(true);
}

void ExplorationPanel::showMoment(std::optional<size_t> moment) {
  moment_ = moment;
  const auto step = moment && replay_ ? std::optional(static_cast<double>(replay_->step(*moment))) : std::nullopt;
  timeline_->showMoment(step);
  raster_->showMoment(step);
  if (kind_ == Kind::Survival) redrawShown(true);
}

void ExplorationPanel::showLayer(int layer) {
  const bool known = layer >= 0 && replay_ && static_cast<size_t>(layer) < layers_.size();
  layer_ = known ? std::optional(static_cast<size_t>(layer)) : std::nullopt;
  if (layer_)
    timeline_->setSource([this, of = *layer_] { return layerRows(of); });
  else
    timeline_->setSource({});
  setNote(title());
  redrawShown(true);
}

QString ExplorationPanel::title() const {
  return layer_ ? QString::fromStdString(layers_[*layer_].name) : tr("whole network");
}

std::vector<ExplorationRow> ExplorationPanel::layerRows(size_t layer) const {
  std::vector<ExplorationRow> rows;
  const auto add = [&](int64_t step, const lab::LayerExploration& exploration) {
    rows.push_back({step, static_cast<double>(step) / static_cast<double>(stepsPerEpoch_), sharesOf(exploration)});
  };
  for (size_t moment = 0; moment < replay_->moments(); ++moment)
    add(replay_->step(moment), replay_->exploration(moment, layer));
  if (now() > rows.back().step) add(now(), replay_->explorationAt(now(), layer));
  return rows;
}

void ExplorationPanel::setKind(Kind kind) {
  kind_ = kind;
  kinds_->setCurrent(static_cast<int>(kind));
  stack_->setCurrentIndex(static_cast<int>(kind));
  views_->setVisible(kind == Kind::Shares);
  redrawShown(true);
}

void ExplorationPanel::redrawShown(bool anew) {
  if (kind_ == Kind::Shares || !replay_) return;
  if (!anew && sinceDrawn_.isValid() && sinceDrawn_.elapsed() < kDrawingShare * std::max<qint64>(drawnIn_, 10))
    return;
  QElapsedTimer drawing;
  drawing.start();
  kind_ == Kind::Lives ? drawLives() : drawSurvival();
  drawnIn_ = drawing.elapsed();
  sinceDrawn_.start();
}

void ExplorationPanel::drawLives() {
  raster_->setSample(sampleLives(*replay_, layer_, kSampledWeights), now(), replay_->reliableSteps());
}

void ExplorationPanel::drawSurvival() {
  const size_t last = replay_->moments() - 1;
  const size_t moment = std::min(moment_.value_or(last), last);
  // The end first: what is asked for last is where the replay stays.
  auto end = moment_ ? replay_->survival(last, layer_, now()) : std::vector<lab::SurvivalPoint>{};
  survival_->setCurves(replay_->survival(moment, layer_, moment_ ? 0 : now()), std::move(end),
                       replay_->reliableSteps());
}

void ExplorationPanel::showCursor(std::optional<double> step) {
  timeline_->showCursor(step);
  raster_->showCursor(step);
}

void ExplorationPanel::setRange(const QCPRange& range) { timeline_->setRange(range); }

double ExplorationPanel::drawingTime() const { return shown()->replotTime(true); }

Plot* ExplorationPanel::shown() const {
  Plot* const plots[] = {timeline_, raster_, survival_};
  return plots[static_cast<size_t>(kind_)];
}

std::vector<Exportable*> ExplorationPanel::exportables() const {
  std::vector<Exportable*> all{shown()};
  for (Plot* plot : {static_cast<Plot*>(timeline_), static_cast<Plot*>(raster_), static_cast<Plot*>(survival_)})
    if (plot != shown()) all.push_back(plot);
  return all;
}

}  // namespace lab::ui
