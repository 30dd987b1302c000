// Undo and redo of settings, whichever they are, in one order.

#include "figures/figure_panel.h"
#include "record_run.h"
#include "runs/runs_page.h"
#include "sweeps/sweep_page.h"
#include "theme.h"
#include "window_driver.h"

#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;
using State = RunController::State;

namespace {

QString experiment(const WindowDriver& driver) {
  return driver.window.findChild<QComboBox*>("experiment")->currentData().toString();
}

}  // namespace

class TestHistory : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void cleanup() { applyTheme(ThemeChoice::Light); }

  void nothingIsUndoneAtTheStart() {
    FakeLaboratory lab;
    const WindowDriver driver(lab);
    QVERIFY(!driver.action("undo")->isEnabled());
    QVERIFY(!driver.action("redo")->isEnabled());
    QCOMPARE(driver.action("undo")->text(), QString("Undo"));
  }

  void everyKindOfSettingInOneOrder() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    auto* panel = driver.window.findChild<FigurePanel*>();
    auto* sweeps = driver.window.findChild<SweepPage*>();
    const auto axes = sweeps->axesText();
    const auto choice = panel->choice();
    QStringList steps;
    const auto step = [&] { steps << driver.action("undo")->text(); };
    panel->findChild<QComboBox*>("figureScale")->setCurrentIndex(1);
    step();
    panel->findChild<QSpinBox*>("figureSeeds")->setValue(7);
    step();
    driver.window.chooseFigure("figure6");
    step();
    driver.window.chooseFigure({});
    step();
    driver.window.form().setValue("seed", "5");
    step();
    sweeps->findChild<QPushButton*>("addAxis")->click();
    step();
    sweeps->findChild<QSpinBox*>("sweepSeeds")->setValue(4);
    step();
    for (auto* action : driver.window.findChildren<QAction*>())
      if (action->text() == "Dark") action->trigger();
    step();
    QVERIFY(theme().dark);
    QCOMPARE(steps, (QStringList{"Undo change of the scale", "Undo change of the seeds", "Undo choice of figure6",
                                 "Undo choice of a single run", "Undo change of Seed", "Undo change of the sweep",
                                 "Undo change of the sweep", "Undo change of the theme"}));
    const auto changed = sweeps->axesText();

    while (!steps.isEmpty()) {
      QCOMPARE(driver.action("undo")->text(), steps.takeLast());
      driver.press(Qt::Key_Z, Qt::ControlModifier);
      if (steps.size() == 2) QCOMPARE(panel->choice().scale, FigureScale::Standard);  // figure3 as it was left
    }
    QVERIFY(!driver.action("undo")->isEnabled());
    QVERIFY(!theme().dark);
    QCOMPARE(sweeps->axesText(), axes);
    QVERIFY(driver.window.form().config() == Config{});
    QCOMPARE(experiment(driver), QString("figure3"));
    QVERIFY(panel->choice() == choice);

    while (driver.action("redo")->isEnabled()) driver.action("redo")->trigger();
    QVERIFY(theme().dark);
    QCOMPARE(sweeps->axesText(), changed);
    QCOMPARE(driver.window.form().config().seed, int64_t{5});
    QVERIFY(experiment(driver).isEmpty());
    QCOMPARE(panel->choice().seeds, 7);
  }

  void takingParametersOverIsOneStep() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    const auto file = std::filesystem::path(lab.folder.path().toStdString()) / "mine.toml";
    std::ofstream(file) << "seed = 9\nepochs = 3\n";
    driver.window.openPath(file);
    QCOMPARE(driver.window.form().config().seed, int64_t{9});
    QVERIFY(experiment(driver).isEmpty());
    QCOMPARE(driver.action("undo")->text(), QString("Undo parameters of mine.toml"));
    driver.action("undo")->trigger();
    QVERIFY(driver.window.form().config() == Config{});
    QCOMPARE(experiment(driver), QString("figure3"));
    QVERIFY(!driver.action("undo")->isEnabled());
    driver.action("redo")->trigger();
    QCOMPARE(driver.window.form().config().epochs, int64_t{3});
    driver.window.openPath(file);  // nothing new
    driver.action("undo")->trigger();
    QVERIFY(!driver.action("undo")->isEnabled());
  }

  void undoInALineOfTextIsThatOfTheWindow() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.window.chooseFigure({});
    driver.window.form().setValue("epochs", "3");
    auto* line = driver.window.form().row("seed")->findChild<QLineEdit*>();
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, "42");
    QCOMPARE(driver.window.form().config().seed, int64_t{42});
    QTest::keyClick(line, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(driver.window.form().config().seed, Config{}.seed);  // both keys at once
    QTest::keyClick(line, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(driver.window.form().config().epochs, Config{}.epochs);
  }

  void typingAnAxisIsOneStep() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    auto* sweeps = driver.window.findChild<SweepPage*>();
    const auto before = sweeps->axesText();
    auto* line = sweeps->findChild<QLineEdit*>("axisValues");
    line->selectAll();
    QTest::keyClicks(line, "1,2,3");
    QVERIFY(sweeps->axesText() != before);
    driver.action("undo")->trigger();
    QCOMPARE(sweeps->axesText(), before);
    QVERIFY(!driver.action("undo")->isEnabled());
  }

  void whatARunWasStartedWithStays() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.click("start");
    QTRY_COMPARE(driver.state(), State::Running);
    QVERIFY(!driver.action("undo")->isEnabled());
    driver.window.form().setValue("update_interval", "30");
    QVERIFY(driver.action("undo")->isEnabled());
    driver.action("undo")->trigger();
    QVERIFY(driver.window.form().config() == endlessConfig());
    QVERIFY(!driver.action("undo")->isEnabled());
    driver.click("stop");
    QTRY_COMPARE(driver.state(), State::Idle);
    QVERIFY(driver.action("undo")->isEnabled());
  }

  void theRunsPageHasAnOrderOfItsOwn() {
    FakeLaboratory lab;
    record(lab, quickConfig());
    WindowDriver driver(lab);
    auto* runs = driver.window.findChild<RunsPage*>();
    QTRY_COMPARE(runs->runs().size(), size_t{1});
    driver.window.chooseFigure({});
    driver.press(Qt::Key_3, Qt::ControlModifier);
    QVERIFY(!driver.action("undo")->isEnabled());
    runs->table()->selectRow(0);
    runs->addTag("good");
    QCOMPARE(driver.action("undo")->text(), QString("Undo tag good"));
    driver.press(Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(driver.action("undo")->text(), QString("Undo choice of a single run"));
  }
};

QTEST_MAIN(TestHistory)
#include "tst_history.moc"
