// Help in the window: the tour, what the focus is on, and what the desktop is told when nobody looks.

#include "control_bar.h"
#include "main_window.h"
#include "tour/tour.h"
#include "wording.h"

#include <QApplication>
#include <QComboBox>
#include <QHelpEvent>
#include <QMenu>
#include <QMenuBar>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QWhatsThis>

namespace lab::ui {

void MainWindow::makeHelpMenu() {
  auto* help = menus_->addMenu(tr("&Help"));
  auto* here =
      help->addAction(tr("Help on what has the focus"), QKeySequence(Qt::Key_F1), this, &MainWindow::helpHere);
  here->setObjectName(QStringLiteral("helpHere"));
  auto* whatsThis = QWhatsThis::createAction(help);
  whatsThis->setText(tr("What is this?"));
  help->addAction(whatsThis);
  help->addAction(tr("Tour of the window"), this, &MainWindow::startTour)
      ->setObjectName(QStringLiteral("startTour"));
  help->addSeparator();
  help->addAction(tr("About ITOP Lab"), this, &MainWindow::showAbout);
}

void MainWindow::helpHere() {
  if (auto* focus = QApplication::focusWidget()) {
    const QPoint middle = focus->rect().center();
    QHelpEvent event(QEvent::WhatsThis, middle, focus->mapToGlobal(middle));
    if (QApplication::sendEvent(focus, &event) && event.isAccepted()) return;
  }
  QWhatsThis::enterWhatsThisMode();  // then by a click
}

void MainWindow::welcome() {
  if (!tourSeen_) startTour();
}

void MainWindow::startTour() {
  tourSeen_ = true;
  saveSessionSoon();
  for (auto* running : findChildren<Tour*>()) running->end();
  new Tour(
      {{bar_->findChild<QComboBox*>(QStringLiteral("experiment")), tr("What to do"),
        tr("A figure of the paper, with all the runs it takes, or a single run with parameters of your own.")},
       {left_, tr("How to do it"),
        tr("Of a figure, how much is trained. Of a single run, every parameter; ΔT, batch size and prune rate "
           "can be turned while it trains. F1 explains the one in focus.")},
       {bar_->findChild<QToolButton*>(QStringLiteral("startButton")), tr("Start"),
        tr("Trains for real, on this machine. Pause, stop, or go on update by update; what is finished is kept, "
           "and what is stopped can go on later.")},
       {pages_->tabBar(), tr("What comes out"),
        tr("Live shows one run as it trains: accuracy, masks, exploration. Figure fills in with a verdict on each "
           "claim. Runs keeps all of them, Compare draws some over each other, Sweeps varies anything.")},
       {findChild<QToolButton*>(QStringLiteral("logButton")), tr("What happened"),
        tr("Changes, warnings and problems are in the event log.")},
       {menus_, tr("Find anything"),
        tr("Ctrl+Shift+P finds every command, figure, parameter and run by a few letters. The ? of a plot tells "
           "what it shows. This tour is in the Help menu.")}},
      this);
}

void MainWindow::connectNews() {
  connect(bar_, &ControlBar::progressed, this, [this](double fraction) {
    if (busy()) news_.progress(fraction);
  });
}

void MainWindow::comeForward() {
  setWindowState(windowState() & ~Qt::WindowMinimized);
  show();
  raise();
  activateWindow();
}

void MainWindow::tellRunEnd(const RunResult& result) {
  if (result.status == RunStatus::Done)
    news_.ended(
        tr("The run is done"),
        tr("%1: test accuracy %2")
            .arg(runTitle(*shown_), result.testAccuracy ? percentage(*result.testAccuracy, 2) : tr("unknown")),
        result.seconds, isActiveWindow());
  if (result.status == RunStatus::Failed)
    news_.ended(tr("The run failed"), QString::fromStdString(result.reason), result.seconds, isActiveWindow());
}

void MainWindow::tellRunsEnd(const QString& title) {
  news_.ended(title, bar_->progressText(), manySeconds_, isActiveWindow());
}

}  // namespace lab::ui
