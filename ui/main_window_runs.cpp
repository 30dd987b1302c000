// Stored runs in the window: listing them, opening one, and what of a figure is there already.

#include "control_bar.h"
#include "event_log.h"
#include "figures/figure_page.h"
#include "live/live_page.h"
#include "main_window.h"
#include "parameters/config_builder.h"
#include "runs/runs_page.h"
#include "wording.h"

#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

#include <algorithm>
#include <map>
#include <utility>

namespace lab::ui {

void MainWindow::listRuns() {
  background_.run(
      "list", [home = laboratory_.home] { return lab::listRuns(home); },
      [this](std::vector<StoredRun> found) { runsFound(std::move(found)); });
}

void MainWindow::runsFound(std::vector<StoredRun> found) {
  runs_->setRuns(std::move(found));
  if (!sweep_.busy()) fillFigure();
  Q_EMIT runsListed(static_cast<int>(runs_->runs().size()));
}

void MainWindow::fillFigure() {
  const auto& grid = figurePanel_->grid();
  if (sweep_.busy() || !grid) return;
  figurePage_->setGrid(*grid);
  cells_.assign(grid->cells.size() + 1, {});
  std::map<std::string, const StoredRun*> done;  // newest first, so that the first of a hash is kept
  for (const auto& run : runs_->runs())
    if (run.status == StoredStatus::Done) done.emplace(run.hash, &run);
  const auto find = [&](const Config& config) -> CellResult {
    const auto found = done.find(configurationHash(config));
    if (found == done.end()) return {};
    return {CellState::Reused, found->second->result, found->second->directory};
  };
  size_t ready = 0;
  for (size_t i = 0; i < grid->cells.size(); ++i) {
    cells_[i] = find(grid->cells[i].config);
    if (cells_[i].state == CellState::Waiting) continue;
    ++ready;
    figurePage_->setCell(i, cells_[i]);
  }
  if (grid->denseReference) cells_.back() = find(grid->denseReference->config);
  if (cells_.back().state == CellState::Reused) figurePage_->setDenseReference(cells_.back());
  figurePanel_->setReady(ready);
  updateActions();
}

void MainWindow::openCell(size_t cell) {
  if (cell >= cells_.size()) return;
  if (cells_[cell].directory.empty())
    log_->note(tr("This run has not been trained yet. Start trains it."));
  else
    openStoredRun(cells_[cell].directory);
}

void MainWindow::openStoredRun(const std::filesystem::path& directory) {
  if (run_.busy()) {
    log_->note(tr("The Live page shows the run under way. Stop it, or let it end, to open another."));
    return;
  }
  background_.run(
      "open", [directory] { return openRun(directory); },
      [this](Result<OpenedRun> opened) {
        if (run_.busy()) return;
        if (opened)
          showOpened(opened.take());
        else
          problem(tr("This run cannot be opened: %1").arg(QString::fromStdString(describe(opened.problems()))));
      });
}

void MainWindow::showOpened(OpenedRun opened) {
  live_->startRun(opened.start);
  shown_ = opened.run.config;
  setReferences(*shown_);
  live_->appendMetrics(opened.metrics);
  live_->appendEvents(opened.events);
  if (opened.snapshot) live_->setSnapshot(opened.snapshot);
  live_->endRun(opened.run.result);
  log_->clear();
  log_->append(opened.events);
  setRunTitle(runTitle(opened.run.config) + QStringLiteral("   —   ") + QString::fromStdString(opened.run.id),
              true);
  pages_->setCurrentIndex(Live);
  Q_EMIT storedRunShown(QString::fromStdString(opened.run.id));
}

void MainWindow::setReferences(const Config& config) {
  std::map<std::string, ReferenceRun> references;
  for (const auto& run : runs_->runs()) {
    const auto& other = run.config;
    const bool dense = other.method == "dense";
    if (run.status != StoredStatus::Done || !run.result.testAccuracy || (!dense && other.method != "static"))
      continue;
    if (other.dataset != config.dataset || other.model != config.model ||
        other.hidden_widths != config.hidden_widths || other.totalEpochs() != config.totalEpochs() ||
        (!dense && other.sparsity != config.sparsity))
      continue;
    references.try_emplace(
        other.method,
        ReferenceRun{QString::fromStdString(other.method), {{run.result.rs, *run.result.testAccuracy}}, dense});
  }
  std::vector<ReferenceRun> found;
  for (auto& [name, reference] : references) found.push_back(std::move(reference));
  live_->setReferences(std::move(found));
}

void MainWindow::setRunTitle(const QString& text, bool stored) {
  runTitle_->setText(text);
  runTitle_->setVisible(!text.isEmpty());
  useParameters_->setVisible(stored && !text.isEmpty());
}

}  // namespace lab::ui
