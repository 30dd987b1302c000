// Runs in a process of their own: the window shows them from their record.

#include "control_bar.h"
#include "event_log.h"
#include "live/live_page.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "wording.h"

#include <QAction>
#include <QTabWidget>

namespace lab::ui {

void MainWindow::connectApart() {
  connect(&apart_, &ApartRun::stateChanged, this, &MainWindow::updateActions);
  connectObserved(apart_);
  connect(&apart_, &ApartRun::replayArrived, live_, &LivePage::extendReplay);
}

void MainWindow::startApart(const Config& config) {
  const auto problems = apart_.start(config);
  if (problems.empty()) {
    log_->note(tr("The run is in a process of its own: it goes on when the window closes."));
    bar_->setProgress(0, tr("Starting a process of its own"));
    return;
  }
  setRunTitle({}, false);
  bar_->setProgress(0, tr("Ready"));
  problem(tr("The run cannot be started in a process of its own: %1")
              .arg(QString::fromStdString(describe(problems))));
}

}  // namespace lab::ui
