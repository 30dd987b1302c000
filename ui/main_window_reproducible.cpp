// Configurations in and out of the window: the panel that shows them, files and folders dropped onto it.

#include "control_bar.h"
#include "docks/dock.h"
#include "event_log.h"
#include "main_window.h"
#include "parameters/config_text.h"
#include "parameters/parameter_form.h"
#include "reproducibility_panel.h"
#include "runs/runs_page.h"
#include "store/files.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QTabWidget>
#include <QUrl>

#include <algorithm>

namespace lab::ui {
namespace {

/// Files and folders of this machine among what is dragged.
QStringList localPaths(const QMimeData& data) {
  QStringList paths;
  for (const QUrl& url : data.urls())
    if (url.isLocalFile()) paths << url.toLocalFile();
  return paths;
}

}  // namespace

void MainWindow::connectReproducibility() {
  connect(reproducibility_, &ReproducibilityPanel::loadWanted, this, [this](const Config& config) {
    if (busy()) return problem(tr("A run is under way: its parameters cannot be replaced. Stop it first."));
    loadConfig(config, tr("pasted parameters"));
    log_->note(tr("Parameters loaded from the clipboard."));
  });
  connect(reproducibilityDock_, &QDockWidget::visibilityChanged, this, &MainWindow::showReproducibility);
}

void MainWindow::showReproducibility() {
  if (!reproducibility_->isVisible()) return;
  const auto chosen = runs_->selected();
  const int page = pages_->currentIndex();
  if (page == Runs && chosen.size() == 1) {
    reproducibility_->setConfig(chosen.front().config,
                                tr("The selected run, %1").arg(QString::fromStdString(chosen.front().id)));
  } else if (page == Figure && figureChosen() && figurePanel_->grid()) {
    const auto& grid = *figurePanel_->grid();
    const auto line = "itoplab reproduce " + std::string(grid.figure->name) + " --scale " +
                      std::string(name(grid.scale)) + " --seeds " + std::to_string(grid.seeds) + " --out " +
                      std::string(grid.figure->name);
    reproducibility_->setFigure(QString::fromStdString(line), tr("The figure on the left"));
  } else if (page == Live && shown_ && (run_.busy() || apart_.busy() || *shown_ != form_->config())) {
    reproducibility_->setConfig(*shown_, run_.busy() || apart_.busy() ? tr("The run under way, as it was started")
                                                     : tr("The run on the page; the form differs from it"));
  } else {
    reproducibility_->setConfig(form_->config(), tr("The parameters in the form"));
  }
}

void MainWindow::loadConfig(const Config& config, const QString& undoText) {
  if (busy()) return;
  history_.addAsOne(undoText, [&] {
    form_->setConfig(config, undoText);
    bar_->setExperiment({});
  });
  showReproducibility();
}

void MainWindow::openPath(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return openStoredRun(path);
  if (busy()) return problem(tr("A run is under way: its parameters cannot be replaced. Stop it first."));
  const auto text = readWhole(path);
  if (!text) return problem(QString::fromStdString(describe(text.problems())));
  const auto read = readConfigText(text.value());
  const QString name = QString::fromStdString(path.filename().string());
  if (!read)
    return problem(tr("%1 is no configuration: %2").arg(name, QString::fromStdString(describe(read.problems()))));
  loadConfig(read.value().config, tr("parameters of %1").arg(name));
  log_->note(tr("Parameters loaded from %1.").arg(name));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (!localPaths(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const auto paths = localPaths(*event->mimeData());
  if (paths.isEmpty()) return;
  event->acceptProposedAction();
  if (paths.size() > 1) log_->note(tr("One at a time: %1 is opened.").arg(paths.first()));
  openPath(paths.first().toStdString());
}

}  // namespace lab::ui
