// Actions and menus of the window, and when they can be used.

#include "compare/compare_page.h"
#include "control_bar.h"
#include "event_log.h"
#include "experiments/report.h"
#include "figures/figure_page.h"
#include "live/live_page.h"
#include "main_window.h"
#include "parameters/config_builder.h"
#include "parameters/parameter_form.h"
#include "reproducibility_panel.h"
#include "run_error.h"
#include "runs/runs_page.h"
#include "store/files.h"
#include "sweeps/sweep_page.h"
#include "wording.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QStyle>
#include <QTabWidget>

#include <fmt/format.h>

namespace lab::ui {

void MainWindow::makeActions() {
  const auto make = [this](const char* name, const QString& text, const QKeySequence& keys, auto slot) {
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, slot);
    addAction(action);
    return action;
  };
  actions_.start = make("start", tr("Start"), Qt::CTRL | Qt::Key_Return, [this] { start(); });
  actions_.pause = make("pause", tr("Pause"), Qt::Key_Space, &MainWindow::togglePause);
  actions_.stop = make("stop", tr("Stop"), Qt::CTRL | Qt::Key_Period, &MainWindow::stop);
  actions_.step = make("step", tr("Step one update"), Qt::Key_F10, &MainWindow::stepOneUpdate);
  actions_.ownProcess = make("ownProcess", tr("Run in a process of its own"), {}, [this] { updateActions(); });
  actions_.ownProcess->setCheckable(true);
  actions_.ownProcess->setToolTip(
      tr("A single run is then a process of its own: what fails there leaves the window alone, and it goes on when the "
         "window closes. It can be stopped, but not paused or changed under way."));
  actions_.undo = make("undo", tr("Undo"), QKeySequence::Undo, &MainWindow::undo);
  actions_.redo = make("redo", tr("Redo"), QKeySequence::Redo, &MainWindow::redo);
  actions_.exportPlots = make("export", tr("Export…"), Qt::CTRL | Qt::Key_E, &MainWindow::exportPage);
  actions_.report = make("report", tr("Save report…"), Qt::CTRL | Qt::SHIFT | Qt::Key_E, &MainWindow::saveReport);
  actions_.fullScreen = make("fullScreen", tr("Full screen"), Qt::Key_F11,
                             [this](bool on) { on ? showFullScreen() : showNormal(); });
  actions_.fullScreen->setCheckable(true);
  actions_.notify = make("notify", tr("Desktop notifications"), {},
                         [this](bool on) { news_.setEnabled(on); });
  actions_.notify->setCheckable(true);
  actions_.notify->setChecked(true);
  actions_.palette = make("palette", tr("Command palette…"), Qt::CTRL | Qt::SHIFT | Qt::Key_P, &MainWindow::openPalette);
}

void MainWindow::makeMenus() {
  auto* file = menus_->addMenu(tr("&File"));
  file->addAction(actions_.exportPlots);
  file->addAction(actions_.report);
  file->addSeparator();
  file->addAction(tr("Quit"), QKeySequence::Quit, this, &QWidget::close);

  auto* edit = menus_->addMenu(tr("&Edit"));
  edit->addAction(actions_.undo);
  edit->addAction(actions_.redo);
  edit->addSeparator();
  edit->addAction(tr("Reset all parameters"), this, [this] {
    if (!run_.busy()) form_->setConfig(Config{}, tr("reset of all parameters"));
  });
  edit->addAction(tr("Copy as command line"), this, [this] {
    QApplication::clipboard()->setText(QString::fromStdString(toCommandLine(form_->config())));
  });
  edit->addAction(tr("Copy as TOML"), this,
                  [this] { QApplication::clipboard()->setText(QString::fromStdString(toToml(form_->config()))); });

  auto* run = menus_->addMenu(tr("&Run"));
  run->addActions({actions_.start, actions_.pause, actions_.stop, actions_.step});
  run->addSeparator();
  run->addAction(actions_.ownProcess);
  run->setToolTipsVisible(true);

  auto* view = menus_->addMenu(tr("&View"));
  view->addAction(actions_.palette);
  view->addSeparator();
  for (int page = Live; page <= Sweeps; ++page)
    view->addAction(pages_->tabText(page), QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + page)), this,
                    [this, page] { pages_->setCurrentIndex(page); });
  view->addSeparator();
  makePanelsMenu(*view);
  view->addAction(actions_.fullScreen);
  makeThemeMenu(*view);
  view->addAction(actions_.notify);

  makeHelpMenu();
  connect(pages_, &QTabWidget::currentChanged, this, &MainWindow::updateActions);
}

void MainWindow::makeThemeMenu(QMenu& view) {
  auto* menu = view.addMenu(tr("Theme"));
  auto* group = new QActionGroup(this);
  const std::pair<ThemeChoice, QString> choices[] = {{ThemeChoice::System, tr("As the desktop")},
                                                     {ThemeChoice::Light, tr("Light")},
                                                     {ThemeChoice::Dark, tr("Dark")}};
  for (const auto& [choice, text] : choices) {
    auto* action = menu->addAction(text, this, [this, wanted = choice] { changeTheme(wanted); });
    action->setCheckable(true);
    group->addAction(action);
    connect(menu, &QMenu::aboutToShow, action,
            [this, action, wanted = choice] { action->setChecked(themeChoice_ == wanted); });
  }
}

QString MainWindow::whyNoStart() const {
  if (busy()) return tr("A run is under way.");
  if (figureChosen()) return figurePanel_->grid() ? QString() : tr("This figure has no such scale.");
  const auto& problems = form_->problems();
  if (problems.empty()) return {};
  return tr("Mend the parameters first: %1").arg(QString::fromStdString(problems.front().message));
}

void MainWindow::updateActions() {
  using State = RunController::State;
  const State state = run_.state();
  const bool live = state == State::Running || state == State::Paused;
  const auto offer = [](QAction* action, bool enabled, const QString& help) {
    action->setEnabled(enabled);
    const auto keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? help : QStringLiteral("%1 (%2)").arg(help, keys));
  };
  const auto obstacle = whyNoStart();
  offer(actions_.start, obstacle.isEmpty(),
        !obstacle.isEmpty() ? obstacle
        : figureChosen()    ? tr("Train the runs of this figure that are not there yet")
        : actions_.ownProcess->isChecked()
            ? tr("Train with the parameters on the left, in a process of its own")
                            : tr("Train with the parameters on the left"));
  actions_.pause->setText(state == State::Paused ? tr("Resume") : tr("Pause"));
  offer(actions_.pause, live,
        sweep_.busy() ? tr("A figure is stopped and started again: finished runs are kept") : tr("Pause the run"));
  const bool stopping = state == State::Stopping || sweep_.stopping() || apart_.stopping();
  offer(actions_.stop, busy() && !stopping, tr("End the run; what it has recorded is kept"));
  offer(actions_.step, live || (!figureChosen() && obstacle.isEmpty()),
        tr("Train until the next topology update, then pause"));
  if (history_.held() != busyHere()) history_.hold(busyHere());
  updateHistoryActions();
  actions_.report->setEnabled(pages_->currentIndex() == Figure && figurePage_->hasData());
  if (!busy()) news_.idle();
  deviceWatch_.setOn(busy());
  bar_->lockExperiment(busy());
  useParameters_->setEnabled(!busy());
  resume_->setEnabled(!busy());
  runs_->setBusy(busy());
  sweeps_->setOthersBusy(run_.busy() || sweep_.busy() || apart_.busy());
  showReproducibility();
}

void MainWindow::exportPage() {
  if (pages_->currentIndex() == Live) live_->openExport();
  if (pages_->currentIndex() == Figure) figurePage_->openExport();
  if (pages_->currentIndex() == Runs) runs_->openExport();
  if (pages_->currentIndex() == Compare) compare_->openExport();
  if (pages_->currentIndex() == Sweeps) sweeps_->openExport();
}

void MainWindow::saveReport() {
  if (!figurePage_->hasData() || !figurePanel_->grid()) return;
  const FigureGrid& grid = *figurePanel_->grid();
  const auto name = QString::fromStdString(std::string(grid.figure->name));
  const QString path = QFileDialog::getSaveFileName(this, tr("Save report"), name + QStringLiteral(".html"),
                                                    tr("Web page (*.html)"));
  if (path.isEmpty()) return;
  const std::string command = fmt::format("itoplab reproduce {} --scale {} --seeds {}", grid.figure->name,
                                          lab::name(grid.scale), grid.seeds);
  const auto page = figurePage_->report(reportEnvironment(laboratory_.programVersion, command));
  try {
    writeWhole(path.toStdString(), std::string_view(page.constData(), static_cast<size_t>(page.size())));
    log_->note(tr("The report is in %1").arg(path));
  } catch (const RunError& error) {
    problem(QString::fromUtf8(error.what()));
  }
}

void MainWindow::showAbout() {
  QMessageBox box(this);
  box.setWindowTitle(tr("About ITOP Lab"));
  box.setTextFormat(Qt::RichText);
  box.setText(
      tr("<h3>ITOP Lab %1</h3><p>A laboratory for dynamic sparse training.</p>"
         "<p>It reproduces and explores the central claim of<br><i>Do We Actually Need Dense "
         "Over-Parameterization? In-Time Over-Parameterization in Sparse Training</i>, Liu, Yin, Mocanu and "
         "Pechenizkiy, ICML 2021.</p><p>Free software under the GNU General Public License, version 3 or "
         "later. Built with Qt %2 and QCustomPlot.</p>")
          .arg(QString::fromStdString(laboratory_.programVersion), QLatin1String(qVersion())));
  box.exec();
}

}  // namespace lab::ui
