// Runs that go on where they were stopped or cut off.

#include "banner.h"
#include "control_bar.h"
#include "event_log.h"
#include "live/live_page.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "runs/runs_page.h"
#include "wording.h"

#include <QPushButton>
#include <QTabWidget>

namespace lab::ui {

void MainWindow::resumeStoredRun(const std::filesystem::path& directory) {
  if (busy()) return log_->note(tr("A run is under way. Stop it, or let it end, to go on with another."));
  const auto stored = readRun(directory);
  if (!stored) return problem(QString::fromStdString(describe(stored.problems())));
  const StoredRun& run = stored.value();
  const QString id = QString::fromStdString(run.id);
  if (run.status == StoredStatus::Running)
    return problem(tr("The run %1 is under way in another program.").arg(id));
  if (const auto why = whyNoResume(run); !why.empty())
    return problem(tr("The run %1 cannot go on: %2").arg(id, QString::fromStdString(why)));
  saveSession();
  banner_->hide();
  bar_->setExperiment({});
  if (shownRun_ != directory) live_->clear();
  log_->clear();
  shown_ = run.config;
  setReferences(run.config);
  setShownRun(directory, false);
  setRunTitle(runTitle(run.config) + QStringLiteral("   —   ") + id, false);
  pages_->setCurrentIndex(Live);
  bar_->setProgress(0, tr("Reading the checkpoint"));
  run_.goOn(directory);
}

void MainWindow::wentOn(const EarlierRun& earlier) {
  form_->setConfig(earlier.config, tr("parameters of the resumed run"));
  form_->setRunning(true);
  for (const auto& warning : earlier.warnings) log_->problem(QString::fromStdString(warning));
  live_->appendMetrics(earlier.metrics);
  live_->appendEvents(earlier.events);
  live_->setReplay(earlier.replay);
  log_->append(earlier.events);
  progress_.add(earlier.metrics);
  bar_->setProgress(progress_.fraction(), progress_.text());
}

void MainWindow::setShownRun(const std::filesystem::path& directory, bool canGoOn) {
  shownRun_ = directory;
  resume_->setVisible(canGoOn);
}

}  // namespace lab::ui
