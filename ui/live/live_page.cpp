#include "live/live_page.h"

#include "export/export_dialog.h"
#include "live/exploration_panel.h"
#include "live/layer_table.h"
#include "live/mask_panel.h"
#include "live/rs_plot.h"
#include "live/structure_plot.h"
#include "live/time_plot.h"
#include "live/time_scrubber.h"
#include "plots/choice_bar.h"
#include "wording.h"

#include <QMainWindow>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace lab::ui {

namespace {

constexpr int kFrameMilliseconds = 33;
constexpr int kGap = 8;

}  // namespace

LivePage::LivePage(QWidget* parent)
    : QWidget(parent),
      rsPlot_(new RsPlot),
      timePlot_(new TimePlot),
      structurePlot_(new StructurePlot),
      exploration_(new ExplorationPanel),
      masks_(new MaskPanel),
      layers_(new LayerTable),
      scrubber_(new TimeScrubber) {
  rsPanel_ = new Panel(tr("Accuracy against Rₛ"), rsPlot_);
  rsPanel_->setEmptyText(
      tr("Every evaluation will add a point here: to the right as more weights have been tried, "
         "upwards as the network learns."));
  auto* curves = new QStackedWidget;
  curves->addWidget(timePlot_);
  curves->addWidget(structurePlot_);
  timePanel_ = new Panel(tr("Over time"), curves);
  auto* choice = new ChoiceBar({tr("Training"), tr("Topology")}, 0);
  choice->setToolTip(tr("Accuracy, loss and exploration; or gradient norm and the first connections kept"));
  connect(choice, &ChoiceBar::chosen, curves, &QStackedWidget::setCurrentIndex);
  timePanel_->addControl(choice);
  timePanel_->setEmptyText(
      tr("Accuracy, loss and exploration while the network trains.\nPress Start to begin a run."));
  layerPanel_ = new Panel(tr("Layers"), layers_);
  layerPanel_->setEmptyText(tr("Density, exploration and warnings of every layer."));
  rsPanel_->addExportButton(rsPlot_);
  timePanel_->addExportButton(timePlot_);

  makeDocks();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kGap, kGap, kGap, kGap / 2);
  layout->setSpacing(kGap / 2);
  layout->addWidget(area_, 1);
  layout->addWidget(scrubber_);
  setFocusPolicy(Qt::ClickFocus);
  layers_->installEventFilter(this);
  connectPanels();
  connectTime();
  clear();
}

void LivePage::connectPanels() {
  redraw_.setSingleShot(true);
  connect(&redraw_, &QTimer::timeout, this, &LivePage::redraw);
  connect(timePlot_, &TimePlot::rangeChanged, exploration_, &ExplorationPanel::setRange);
  connect(exploration_, &ExplorationPanel::rangeChanged, timePlot_, &TimePlot::setRange);
  connect(timePlot_, &TimePlot::hovered, this, [this](std::optional<double> step) {
    exploration_->showCursor(step);
    rsPlot_->highlightStep(step);
  });
  connect(structurePlot_, &StructurePlot::hovered, this, [this](std::optional<double> step) {
    exploration_->showCursor(step);
    rsPlot_->highlightStep(step);
  });
  connect(exploration_, &ExplorationPanel::hovered, this, [this](std::optional<double> step) {
    timePlot_->showCursor(step);
    structurePlot_->showCursor(step);
    rsPlot_->highlightStep(step);
  });
  connect(masks_, &MaskPanel::enlargeWanted, this, &LivePage::enlargeMasks);
  connect(layers_, &LayerTable::layerSelected, masks_, &MaskPanel::showLayer);
  connect(layers_, &LayerTable::layerSelected, exploration_, &ExplorationPanel::showLayer);
  connect(masks_, &MaskPanel::layerChosen, layers_, &LayerTable::selectLayer);
  connect(masks_, &MaskPanel::layerChosen, exploration_, &ExplorationPanel::showLayer);
}

LivePage::~LivePage() = default;

void LivePage::clear() {
  rsPlot_->clear();
  timePlot_->clear(1, 0);
  structurePlot_->clear(1, {});
  exploration_->clear();
  masks_->clear();
  layers_->clearLayers();
  latest_ = shown_ = nullptr;
  changes_.clear();
  useReplay(nullptr);
  for (Panel* panel : {rsPanel_, timePanel_, layerPanel_}) {
    panel->setEmpty(true);
    panel->setNote({});
  }
}

void LivePage::startRun(const lab::RunStart& start) {
  clear();
  timePlot_->clear(start.plannedSteps, start.config.reliable_steps);
  structurePlot_->clear(start.plannedSteps, start.layers);
  exploration_->startRun(start);
  masks_->startRun(start.layers, start.initialMasks);
  layers_->startRun(start.layers);
  layerPanel_->setEmpty(start.layers.empty());
  scrubber_->setRunning(true);
  if (start.initialMasks.size() == start.layers.size())
    useReplay(std::make_shared<lab::MaskReplay>(start.initialMasks, start.config.reliable_steps));
  timePanel_->setNote(tr("%1 engine").arg(QString::fromStdString(start.engine)));
}

void LivePage::appendMetrics(const std::vector<lab::Metrics>& rows) {
  if (rows.empty()) return;
  for (const lab::Metrics& row : rows) {
    rsPlot_->append(row);
    timePlot_->append(row);
    structurePlot_->append(row);
    exploration_->append(row);
  }
  if (redraw_.isActive()) return;
  // Very long runs take longer to draw: at most a quarter of the time goes there, so that controls answer.
  const double drawing = rsPlot_->replotTime(true) + timePlot_->replotTime(true) + exploration_->drawingTime();
  redraw_.start(std::max(kFrameMilliseconds, static_cast<int>(3 * drawing)));
}

void LivePage::redraw() {
  rsPanel_->setEmpty(rsPlot_->pointCount() == 0);
  timePanel_->setEmpty(false);
  rsPlot_->refresh();
  timePlot_->refresh();
  structurePlot_->refresh();
  exploration_->refresh();
}

void LivePage::appendEvents(const std::vector<lab::RunEvent>& events) {
  for (const lab::RunEvent& event : events) {
    if (event.kind != "change") continue;
    changes_.push_back({event.step, changeText(event)});
    const auto& [step, text] = changes_.back();
    const auto at = static_cast<double>(step);
    timePlot_->addMark(at, text);
    structurePlot_->addMark(at, text);
    exploration_->addMark(at, text);
  }
  fitScrubber();
}

void LivePage::endRun(const lab::RunResult& result) {
  if (redraw_.isActive()) redraw_.stop(), redraw();
  scrubber_->setRunning(false);
  if (replay_ && (!latest_ || latest_->update != replay_->lastUpdate())) latest_ = nullptr;
  showChosenMoment();
  if (result.testAccuracy)
    rsPanel_->setNote(tr("%1 % at Rₛ = %2").arg(percentText(*result.testAccuracy)).arg(result.rs, 0, 'f', 4));
  const QString reason = QString::fromStdString(result.reason);
  if (result.status != lab::RunStatus::Done) timePanel_->setNote(reason.isEmpty() ? tr("stopped") : reason);
}

void LivePage::setReferences(std::vector<ReferenceRun> references) {
  rsPlot_->setReferences(std::move(references));
}

std::vector<Exportable*> LivePage::exportables() const {
  std::vector<Exportable*> all{rsPlot_, timePlot_, structurePlot_};
  for (Exportable* plot : exploration_->exportables()) all.push_back(plot);
  for (Exportable* picture : masks_->exportables()) all.push_back(picture);
  return all;
}

void LivePage::openExport() { ExportDialog(exportables(), this).exec(); }

}  // namespace lab::ui
