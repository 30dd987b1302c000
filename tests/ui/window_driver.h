#pragma once
// Finds and uses the window's controls as a person would.

#include "control_bar.h"
#include "event_log.h"
#include "fake_laboratory.h"
#include "main_window.h"
#include "parameters/parameter_form.h"

#include <QAction>
#include <QLineEdit>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

namespace lab::test {

struct WindowDriver {
  FakeLaboratory& lab;
  ui::MainWindow window;

  explicit WindowDriver(FakeLaboratory& laboratory) : lab(laboratory), window(laboratory) {
    window.show();
    (void)QTest::qWaitForWindowExposed(&window);
  }

  ~WindowDriver() { const LetGo letGo(lab); }

  /// A single run of `config`, ready to start.
  void prepare(const Config& config) {
    window.chooseFigure({});
    window.form().setConfig(config, "test");
  }

  QAction* action(const char* name) const { return window.findChild<QAction*>(QLatin1String(name)); }
  QToolButton* button(const char* name) const {
    return window.findChild<QToolButton*>(QLatin1String(name) + QStringLiteral("Button"));
  }
  void click(const char* name) { QTest::mouseClick(button(name), Qt::LeftButton); }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(&window, key, modifiers); }
  int page() const { return window.findChild<QTabWidget*>("pages")->currentIndex(); }
  ui::RunController::State state() { return window.run().state(); }

  QStringList logged() const {
    QStringList sentences;
    const auto* log = window.findChild<ui::EventLog*>();
    for (int i = 0; i < log->topLevelItemCount(); ++i) sentences << log->topLevelItem(i)->text(2);
    return sentences;
  }
  bool hasLogged(const QString& part) const { return !logged().filter(part).isEmpty(); }
};

}  // namespace lab::test
