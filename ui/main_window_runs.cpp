// Stored runs in the window: listing them, opening one, and what of a figure is there already.

#include "compare/compare_page.h"
#include "control_bar.h"
#include "event_log.h"
#include "experiments/finished_runs.h"
#include "figures/figure_page.h"
#include "live/live_page.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "runs/runs_page.h"
#include "store/run_export.h"
#include "wording.h"

#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

#include <algorithm>
#include <map>
#include <utility>

namespace lab::ui {
namespace {

constexpr int kWatchMilliseconds = 1500;

}  // namespace

struct MainWindow::Listing {
  std::vector<StoredRun> runs;
  std::vector<Cell> wanted;
  std::vector<CellResult> cells;
};

void MainWindow::listRuns() {
  const auto work = [index = index_, wanted = figureCells()] {
    index->refresh();
    Listing listing{index->runs(), wanted, {}};
    const FinishedRuns finished(listing.runs);
    for (const auto& cell : wanted) listing.cells.push_back(finished.find(cell.config).value_or(CellResult{}));
    return listing;
  };
  background_.run("list", work, [this](Listing listing) { runsFound(std::move(listing)); });
}

void MainWindow::watchRuns() {
  const bool wanted = pages_->currentIndex() == Runs || pages_->currentIndex() == Compare;
  if (!wanted || !isVisible() || isMinimized()) return;
  background_.run(
      "watch", [index = index_] { return index->refresh(); },
      [this](bool changed) {
        if (changed) listRuns();
      });
}

void MainWindow::connectRuns() {
  connect(runs_, &RunsPage::opened, this, &MainWindow::openStoredRun);
  connect(runs_, &RunsPage::resumeWanted, this, &MainWindow::resumeStoredRun);
  connect(runs_, &RunsPage::parametersWanted, this,
          [this](const Config& config) { loadConfig(config, tr("parameters of a stored run")); });
  connect(runs_, &RunsPage::compareWanted, this, [this] { pages_->setCurrentIndex(Compare); });
  connect(runs_, &RunsPage::exportWanted, this, &MainWindow::exportRuns);
  connect(runs_, &RunsPage::failed, this, &MainWindow::problem);
  connect(runs_, &RunsPage::undoChanged, this, &MainWindow::updateActions);
  connect(runs_, &RunsPage::undoChanged, this, &MainWindow::listRuns);
  connect(runs_, &RunsPage::removed, this, &MainWindow::listRuns);
  connect(runs_, &RunsPage::selectionChanged, this, &MainWindow::showReproducibility);
  connect(compare_, &ComparePage::opened, this, &MainWindow::openStoredRun);
  connect(compare_, &ComparePage::failed, this, &MainWindow::problem);
  connect(pages_, &QTabWidget::currentChanged, this, [this](int page) {
    watchRuns();
    if (page == Compare) compareSelected();
  });
  watch_.setInterval(kWatchMilliseconds);
  connect(&watch_, &QTimer::timeout, this, &MainWindow::watchRuns);
  watch_.start();
}

void MainWindow::compareSelected() { compare_->setRuns(runs_->runs(), runs_->selected()); }

void MainWindow::exportRuns(const std::vector<StoredRun>& runs, const std::filesystem::path& folder) {
  log_->note(tr("Exporting runs: %1").arg(grouped(static_cast<int64_t>(runs.size()))));
  background_.run(
      "export runs", [runs, folder] { return lab::exportRuns(runs, folder); },
      [this, folder](const Problems& problems) {
        if (!problems.empty()) return problem(QString::fromStdString(describe(problems)));
        log_->note(tr("Exported to %1").arg(QString::fromStdString(folder.string())));
        Q_EMIT runsExported();
      });
}

std::vector<Cell> MainWindow::figureCells() const {
  const auto& grid = figurePanel_->grid();
  if (!grid) return {};
  auto cells = grid->cells;
  cells.insert(cells.end(), grid->references.begin(), grid->references.end());
  return cells;
}

void MainWindow::runsFound(Listing listing) {
  runs_->setRuns(std::move(listing.runs));
  runs_->select(std::exchange(selectLater_, {}));
  if (pages_->currentIndex() == Compare) compareSelected();
  const auto wanted = figureCells();
  const bool stillWanted = std::ranges::equal(wanted, listing.wanted, {}, &Cell::config, &Cell::config);
  if (!sweep_.busy() && stillWanted) fillFigure(listing.cells);
  offerCutOff();
  Q_EMIT runsListed(static_cast<int>(runs_->runs().size()));
}

void MainWindow::showGrid() {
  if (figurePanel_->grid()) figurePage_->setGrid(*figurePanel_->grid());
  cells_.assign(figureCells().size(), {});
  updateActions();
  listRuns();
}

void MainWindow::fillFigure(const std::vector<CellResult>& found) {
  const auto& grid = figurePanel_->grid();
  if (!grid) return;
  cells_.resize(found.size());
  size_t ready = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i].finished()) cells_[i] = found[i];  // else: what is known of it, such as why it failed
    if (!cells_[i].finished()) continue;
    if (i >= grid->cells.size()) {
      figurePage_->setReference(i - grid->cells.size(), cells_[i]);
    } else {
      ++ready;
      figurePage_->setCell(i, cells_[i]);
    }
  }
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

void MainWindow::openOnLivePage(const std::filesystem::path& directory, Open how) {
  if (run_.busy() || apart_.busy()) {
    log_->note(tr("The Live page shows the run under way. Stop it, or let it end, to open another."));
    return;
  }
  background_.run(
      "open", [directory] { return openRun(directory); },
      [this, how](Result<OpenedRun> opened) {
        if (run_.busy() || apart_.busy()) return;
        if (opened)
          showOpened(opened.take(), how);
        else
          problem(tr("This run cannot be opened: %1").arg(QString::fromStdString(describe(opened.problems()))));
      });
}

void MainWindow::showOpened(OpenedRun opened, Open how) {
  live_->startRun(opened.start);
  shown_ = opened.run.config;
  setReferences(*shown_);
  live_->appendMetrics(opened.metrics);
  live_->appendEvents(opened.events);
  if (opened.replay) live_->setReplay(opened.replay);
  if (opened.last) live_->setSnapshot(opened.last);
  live_->endRun(opened.run.result);
  if (how == Open::InFront) log_->clear();  // else it has what the window said as it came up
  log_->append(opened.events);
  setShownRun(opened.run.directory, opened.run.status != StoredStatus::Running && whyNoResume(opened.run).empty());
  setRunTitle(runTitle(opened.run.config) + QStringLiteral("   —   ") + QString::fromStdString(opened.run.id),
              true);
  if (how == Open::InFront) pages_->setCurrentIndex(Live);
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
  runTitle_->parentWidget()->setVisible(!text.isEmpty());
  useParameters_->setVisible(stored && shown_ && *shown_ != form_->config());
}

}  // namespace lab::ui
