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

#include <utility>
#include <vector>

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
  history_.addAsOne(tr("parameters of the resumed run"), [&] {
    bar_->setExperiment({});
    form_->setConfig(run.config, {});
  });
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
  form_->setConfig(earlier.config, tr("what was changed in the resumed run"));
  form_->setRunning(true);
  for (const auto& warning : earlier.warnings) log_->problem(QString::fromStdString(warning));
  live_->appendMetrics(earlier.metrics);
  live_->appendEvents(earlier.events);
  live_->setReplay(earlier.replay);
  log_->append(earlier.events);
  progress_.add(earlier.metrics);
  bar_->setProgress(progress_.fraction(), progress_.text());
}

void MainWindow::offerCutOff() {
  if (std::exchange(cutOffOffered_, true) || busy()) return;
  std::vector<const StoredRun*> found;
  QStringList known;  // what is gone, or goes on, need not be remembered
  for (const auto& run : runs_->runs()) {
    if (run.status != StoredStatus::Crashed || run.annotations.archived || !whyNoResume(run).empty()) continue;
    const QString id = QString::fromStdString(run.id);
    if (dismissed_.contains(id))
      known << id;
    else
      found.push_back(&run);
  }
  dismissed_ = known;
  if (found.empty() || banner_->isVisible()) return;
  QStringList ids;
  for (const auto* run : found) ids << QString::fromStdString(run->id);
  const StoredRun& newest = *found.front();
  const auto dismiss = [this, ids] {
    dismissed_ += ids;
    saveSession();
  };
  const auto at = percentage(newest.progress ? newest.progress->fraction() : 0, 0);
  std::vector<Banner::Choice> choices{{found.size() == 1 ? tr("Go on") : tr("Go on with it"),
                                       [this, from = newest.directory] { resumeStoredRun(from); }}};
  if (found.size() > 1)
    choices.push_back({tr("Show them"), [this] {
                         runs_->setFilter(QStringLiteral("status:crashed"));
                         pages_->setCurrentIndex(Runs);
                       }});
  choices.push_back({tr("Dismiss"), dismiss});
  banner_->offer(found.size() == 1 ? tr("The run %1 was cut off at %2.").arg(ids.front(), at)
                                   : tr("%1 runs were cut off; the newest, %2, at %3.")
                                         .arg(grouped(static_cast<int64_t>(found.size())), ids.front(), at),
                 choices, dismiss);
}

void MainWindow::setShownRun(const std::filesystem::path& directory, bool canGoOn) {
  shownRun_ = directory;
  resume_->setVisible(canGoOn);
}

}  // namespace lab::ui
