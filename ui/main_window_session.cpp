// What the window remembers from one start to the next, and how it closes. Damaged memories are left out.

#include "compare/compare_page.h"
#include "control_bar.h"
#include "live/live_page.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "parameters/value_field.h"
#include "reproducibility_panel.h"
#include "runs/runs_page.h"
#include "sweeps/sweep_page.h"

#include <QCloseEvent>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>

#include <memory>
#include <set>
#include <string>

namespace lab::ui {
namespace {

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
  settings->setValue(QStringLiteral("sweepAxes"), sweeps_->axesText());
  settings->setValue(QStringLiteral("theme"), static_cast<int>(themeChoice_));
  settings->setValue(QStringLiteral("experiment"), bar_->experiment());
  settings->setValue(QStringLiteral("sections"), form_->saveSections());
  settings->remove(QStringLiteral("form"));
  for (const auto& [key, text] : form_->values())
    settings->setValue(QStringLiteral("form/") + toQt(key), toQt(text));
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
  if (settings->contains(QStringLiteral("sweepAxes")))
    sweeps_->setAxesText(settings->value(QStringLiteral("sweepAxes")).toStringList());
  chooseTheme(themeChoice(settings->value(QStringLiteral("theme")).toInt()));
  form_->restore(readForm(*settings));
  form_->restoreSections(bytes("sections"));
  bar_->setExperiment(settings->value(QStringLiteral("experiment"), QStringLiteral("figure3")).toString());
}

void MainWindow::chooseTheme(ThemeChoice choice) {
  themeChoice_ = choice;
  applyTheme(choice);
}

bool MainWindow::mayClose() {
  if (!busy()) return true;
  QMessageBox box(QMessageBox::Question, tr("A run is under way"),
                  !run_.busy()
                      ? tr("Stop the figure or sweep and close? Finished runs are kept, and it goes on from there "
                           "the next time.")
                      : tr("Stop the run and close? What it has recorded so far is kept."),
                  QMessageBox::Cancel, this);
  auto* stopAndClose = box.addButton(tr("Stop and close"), QMessageBox::DestructiveRole);
  box.setDefaultButton(QMessageBox::Cancel);
  box.exec();
  return box.clickedButton() == stopAndClose;
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!mayClose()) return event->ignore();
  stop();
  saveSession();
  event->accept();
}

}  // namespace lab::ui
