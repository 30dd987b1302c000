// What the window remembers from one start to the next. Damaged memories are left out.

#include "compare/compare_page.h"
#include "control_bar.h"
#include "event_log.h"
#include "live/live_page.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "parameters/value_field.h"
#include "reproducibility_panel.h"
#include "runs/runs_page.h"
#include "store/run_reader.h"
#include "sweeps/sweep_page.h"

#include <QAction>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>

#include <memory>
#include <set>
#include <string>

namespace lab::ui {
namespace {

constexpr int kSaveMilliseconds = 1000;

std::unique_ptr<QSettings> settingsOf(const Laboratory& laboratory) {
  if (laboratory.settingsFile.empty())
    return std::make_unique<QSettings>(QStringLiteral("itoplab"), QStringLiteral("window"));
  return std::make_unique<QSettings>(QString::fromStdString(laboratory.settingsFile.string()),
                                     QSettings::IniFormat);
}

ThemeChoice themeChoice(int stored) {
  return stored == static_cast<int>(ThemeChoice::Light)  ? ThemeChoice::Light
         : stored == static_cast<int>(ThemeChoice::Dark) ? ThemeChoice::Dark
                                                         : ThemeChoice::System;
}

/// Only values that their parameter accepts.
FormValues readForm(QSettings& settings) {
  FormValues values;
  settings.beginGroup(QStringLiteral("form"));
  for (const auto& key : settings.childKeys()) {
    const auto* parameter = findParameter(key.toStdString());
    const auto text = settings.value(key).toString().toStdString();
    Config scratch;
    if (parameter != nullptr && setFromText(scratch, *parameter, text).empty()) values[key.toStdString()] = text;
  }
  settings.endGroup();
  return values;
}

}  // namespace

void MainWindow::saveSession() const {
  const auto settings = settingsOf(laboratory_);
  settings->setValue(QStringLiteral("layout"), saveLayout());
  settings->setValue(QStringLiteral("live"), live_->saveLayout());
  settings->setValue(QStringLiteral("runs"), runs_->saveLayout());
  QStringList pinned;
  for (const auto& id : compare_->pinned()) pinned << QString::fromStdString(id);
  settings->setValue(QStringLiteral("pinned"), pinned);
  QStringList selected;
  for (const auto& run : runs_->selected()) selected << QString::fromStdString(run.directory.string());
  settings->setValue(QStringLiteral("selectedRuns"), selected);
  settings->setValue(QStringLiteral("openRun"), QString::fromStdString(shownRun_.string()));
  settings->setValue(QStringLiteral("dismissedRuns"), dismissed_);
  settings->setValue(QStringLiteral("sweepAxes"), sweeps_->axesText());
  settings->setValue(QStringLiteral("sweepQueue"), sweeps_->queueText());
  settings->setValue(QStringLiteral("notify"), actions_.notify->isChecked());
  settings->setValue(QStringLiteral("ownProcess"), actions_.ownProcess->isChecked());
  settings->setValue(QStringLiteral("tourSeen"), tourSeen_);
  settings->setValue(QStringLiteral("theme"), static_cast<int>(themeChoice_));
  settings->setValue(QStringLiteral("experiment"), bar_->experiment());
  if (figureChosen()) {
    const auto choice = figurePanel_->choice();
    settings->setValue(QStringLiteral("figure/scale"), static_cast<int>(choice.scale));
    settings->setValue(QStringLiteral("figure/seeds"), choice.seeds);
    settings->setValue(QStringLiteral("figure/dense"), choice.dense);
  }
  settings->setValue(QStringLiteral("sections"), form_->saveSections());
  settings->remove(QStringLiteral("form"));
  for (const auto& [key, text] : form_->values())
    settings->setValue(QStringLiteral("form/") + toQt(key), toQt(text));
}

void MainWindow::saveSessionSoon() {
  if (!saveSoon_.isActive()) saveSoon_.start();
}

void MainWindow::restoreSession() {
  const auto settings = settingsOf(laboratory_);
  const auto bytes = [&](const char* key) { return settings->value(QLatin1String(key)).toByteArray(); };
  restoreLayout(bytes("layout"));
  live_->restoreLayout(bytes("live"));
  runs_->restoreLayout(bytes("runs"));
  std::set<std::string> pinned;
  for (const auto& id : settings->value(QStringLiteral("pinned")).toStringList()) pinned.insert(id.toStdString());
  compare_->setPinned(std::move(pinned));
  dismissed_ = settings->value(QStringLiteral("dismissedRuns")).toStringList();
  if (settings->contains(QStringLiteral("sweepAxes")))
    sweeps_->setAxesText(settings->value(QStringLiteral("sweepAxes")).toStringList());
  if (sweeps_->restoreQueue(settings->value(QStringLiteral("sweepQueue")).toStringList()) > 0)
    log_->note(tr("Sweeps that had not come to their end wait on the Sweeps page: Go on lets them run."));
  actions_.notify->setChecked(settings->value(QStringLiteral("notify"), true).toBool());
  news_.setEnabled(actions_.notify->isChecked());
  actions_.ownProcess->setChecked(settings->value(QStringLiteral("ownProcess")).toBool());
  tourSeen_ = settings->value(QStringLiteral("tourSeen")).toBool();
  chooseTheme(themeChoice(settings->value(QStringLiteral("theme")).toInt()));
  form_->restore(readForm(*settings));
  form_->restoreSections(bytes("sections"));
  bar_->setExperiment(settings->value(QStringLiteral("experiment"), QStringLiteral("figure3")).toString());
  showExperiment(bar_->experiment());
  if (figureChosen())
    figurePanel_->setChoice({static_cast<FigureScale>(settings->value(QStringLiteral("figure/scale")).toInt()),
                             settings->value(QStringLiteral("figure/seeds")).toInt(),
                             settings->value(QStringLiteral("figure/dense")).toBool()});
  for (const auto& run : settings->value(QStringLiteral("selectedRuns")).toStringList())
    selectLater_.emplace_back(run.toStdString());
  restoreOpenRun(settings->value(QStringLiteral("openRun")).toString().toStdString());
  saveSoon_.setSingleShot(true);
  saveSoon_.setInterval(kSaveMilliseconds);
  connect(&saveSoon_, &QTimer::timeout, this, &MainWindow::saveSession);
}

/// One that is gone, or of another home, is left out.
void MainWindow::restoreOpenRun(const std::filesystem::path& directory) {
  std::error_code ignored;
  const auto runs = runsFolder(laboratory_.home);
  if (directory.parent_path() == runs && std::filesystem::is_directory(directory, ignored))
    openOnLivePage(directory, Open::Behind);
}

void MainWindow::chooseTheme(ThemeChoice choice) {
  themeChoice_ = choice;
  applyTheme(choice);
}

}  // namespace lab::ui
