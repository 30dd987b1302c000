// Figures and sweeps in the window: many runs at once.

#include "control_bar.h"
#include "event_log.h"
#include "figures/figure_page.h"
#include "main_window.h"
#include "sweeps/sweep_page.h"
#include "wording.h"

#include <QTabWidget>

#include <utility>

namespace lab::ui {

void MainWindow::connectSweep() {
  connect(&sweep_, &SweepController::cellChanged, this, [this](size_t cell, const CellResult& result) {
    cells_[cell] = result;
    if (const size_t count = figurePanel_->grid()->cells.size(); cell < count)
      figurePage_->setCell(cell, result);
    else
      figurePage_->setReference(cell - count, result);
    if (result.state == CellState::Failed) log_->problem(QString::fromStdString(result.result.reason));
    if (!listSoon_.isActive()) listSoon_.start();
  });
  connect(&sweep_, &SweepController::progressed, this, &MainWindow::showSweepProgress);
  connect(&sweep_, &SweepController::finished, this, &MainWindow::sweepFinished);
}

void MainWindow::showSweepProgress(const SweepProgress& progress) {
  manySeconds_ = progress.elapsedSeconds;
  QString text =
      tr("%1 of %2 runs")
          .arg(grouped(static_cast<int64_t>(progress.finished)), grouped(static_cast<int64_t>(progress.total)));
  if (progress.reused > 0) text += tr(" · %1 reused").arg(grouped(static_cast<int64_t>(progress.reused)));
  if (progress.failed > 0) text += tr(" · %1 failed").arg(grouped(static_cast<int64_t>(progress.failed)));
  if (progress.stepsPerSecond > 0)
    text += tr(" · %1 steps/s").arg(grouped(static_cast<int64_t>(progress.stepsPerSecond)));
  if (progress.etaSeconds > 0) text += tr(" · %1 left").arg(durationText(progress.etaSeconds));
  bar_->setProgress(progress.stepsTotal > 0 ? progress.stepsDone / progress.stepsTotal : 1, text);
}

void MainWindow::connectSweeps() {
  connect(sweeps_, &SweepPage::busyChanged, this, [this] {
    updateActions();
    saveSessionSoon();
    finishHandOver();
  });
  connect(sweeps_, &SweepPage::completed, this, [this] { tellRunsEnd(tr("The sweep is complete")); });
  connect(sweeps_, &SweepPage::progressed, this, &MainWindow::showSweepProgress);
  connect(sweeps_, &SweepPage::problem, this, &MainWindow::problem);
  connect(sweeps_, &SweepPage::opened, this, &MainWindow::openStoredRun);
  connect(sweeps_, &SweepPage::runsChanged, this, [this] {
    if (!listSoon_.isActive()) listSoon_.start();
  });
}

bool MainWindow::busyHere() const { return run_.busy() || sweep_.busy() || sweeps_->busy(); }

void MainWindow::startFigure() {
  const auto& grid = *figurePanel_->grid();
  auto cells = grid.cells;
  if (figurePanel_->wantsDenseReference())
    cells.insert(cells.end(), grid.references.begin(), grid.references.end());
  cells_.assign(cells.size(), {});
  pages_->setCurrentIndex(Figure);
  bar_->setProgress(0, tr("Looking for finished runs"));
  figurePanel_->setRunning(true);
  const auto scale = std::string(name(grid.scale));
  log_->note(tr("%1 started: %2 runs")
                 .arg(QString::fromStdString(std::string(grid.figure->name)),
                      grouped(static_cast<int64_t>(cells.size()))));
  sweep_.start(std::move(cells), "itoplab reproduce " + std::string(grid.figure->name) + " --scale " + scale);
  updateActions();
}

}  // namespace lab::ui
