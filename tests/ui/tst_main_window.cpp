// What people do with the window: start, pause, step, stop, close, turn the dials, open what is stored.

#include "banner.h"
#include "figures/figure_page.h"
#include "record_run.h"
#include "runs/runs_page.h"
#include "store/run_reader.h"
#include "sweeps/sweep_page.h"
#include "window_driver.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QTableView>
#include <QTimer>

#include <fstream>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;
using State = RunController::State;

namespace {

/// Presses a button of the question that is about to be asked.
void answer(const QString& buttonText) {
  QTimer::singleShot(0, [buttonText] {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    QVERIFY(box != nullptr);
    for (auto* button : box->buttons())
      if (button->text().remove('&') == buttonText) return QTest::mouseClick(button, Qt::LeftButton);
    QFAIL(qPrintable("no button " + buttonText));
  });
}

}  // namespace

class TestMainWindow : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void firstStartOffersFigure3() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    QCOMPARE(driver.window.findChild<QComboBox*>("experiment")->currentData().toString(), QString("figure3"));
    QCOMPARE(driver.page(), int(MainWindow::Figure));
    QVERIFY(driver.action("start")->isEnabled());
    const auto plan = driver.window.findChild<FigurePanel*>()->findChild<QLabel*>("plan")->text();
    QVERIFY2(plan.contains("54"), qPrintable(plan));
    QVERIFY2(plan.contains("fashion-mnist"), qPrintable(plan));
  }

  void startsByMouseAndRunsToTheEnd() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.prepare(quickConfig());
    QSignalSpy finished(&driver.window.run(), &RunController::finished);
    driver.click("start");
    QVERIFY(driver.window.run().busy());
    QVERIFY(!driver.action("start")->isEnabled());
    QCOMPARE(driver.page(), int(MainWindow::Live));
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(driver.action("start")->isEnabled());
    QVERIFY(driver.hasLogged("Done"));
    QVERIFY(!driver.window.findChild<Banner*>()->isVisible());
    QTRY_COMPARE(driver.window.findChild<RunsPage*>()->runs().size(), size_t{1});
  }

  void keyboardStartsPausesResumesStops() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(driver.state(), State::Running);
    driver.press(Qt::Key_Space);
    QTRY_COMPARE(driver.state(), State::Paused);
    QCOMPARE(driver.action("pause")->text(), QString("Resume"));
    driver.press(Qt::Key_Space);
    QTRY_COMPARE(driver.state(), State::Running);
    driver.press(Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(driver.state(), State::Idle);
    QVERIFY(!driver.action("stop")->isEnabled());
    QVERIFY(!driver.action("pause")->isEnabled());
  }

  void stepsFromTheStart() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.click("step");
    QTRY_COMPARE(driver.state(), State::Paused);
    QVERIFY(driver.hasLogged("paused at step 10"));
    driver.click("step");
    QTRY_VERIFY(driver.hasLogged("paused at step 20"));
    driver.click("stop");
    QTRY_COMPARE(driver.state(), State::Idle);
  }

  void dialsChangeTheRunUnderWay() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.click("start");
    QTRY_COMPARE(driver.state(), State::Running);
    auto* dial = driver.window.form().dial("update_interval");
    dial->slider()->setFocus();
    QTest::keyClick(dial->slider(), Qt::Key_Right);
    QTRY_VERIFY(driver.hasLogged("10 → 15"));
    auto* number = driver.window.form().row("prune_rate")->findChild<QLineEdit*>();
    number->selectAll();
    QTest::keyClicks(number, "0.25");
    QTRY_VERIFY(driver.hasLogged("0.25"));
    QVERIFY(!driver.window.form().row("seed")->field()->isEnabled());
    driver.click("stop");
    QTRY_COMPARE(driver.state(), State::Idle);
    const auto events = readEvents(listRuns(lab.home).front().directory);
    QVERIFY(events.ok());
    QVERIFY(std::ranges::count(events.value(), std::string("change"), &RunEvent::kind) >= 2);
  }

  void invalidParametersCannotBeStarted() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.prepare(quickConfig());
    auto* number = driver.window.form().row("update_interval")->findChild<QLineEdit*>();
    number->selectAll();
    QTest::keyClicks(number, "often");
    QVERIFY(!driver.action("start")->isEnabled());
    QVERIFY(driver.action("start")->toolTip().contains("often"));
    driver.press(Qt::Key_Return, Qt::ControlModifier);
    driver.window.start();
    QVERIFY(!driver.window.run().busy());
    driver.press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(driver.action("start")->isEnabled());
  }

  void failuresAreSaid() {
    FakeLaboratory lab;
    lab.loadData = [](const Config&) -> Result<std::shared_ptr<const Dataset>> {
      return Problem{"dataset", "fashion-mnist is nowhere: install it"};
    };
    WindowDriver driver(lab);
    driver.prepare(quickConfig());
    driver.click("start");
    const auto* banner = driver.window.findChild<Banner*>();
    QTRY_VERIFY(banner->isVisible());
    QVERIFY(banner->text().contains("nowhere"));
    QVERIFY(driver.action("start")->isEnabled());
  }

  void closingAsksWhileARunIsUnderWay() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.click("start");
    QTRY_COMPARE(driver.state(), State::Running);
    answer("Cancel");
    QVERIFY(!driver.window.close());
    QCOMPARE(driver.state(), State::Running);
    answer("Stop");
    QVERIFY(driver.window.close());
    QTRY_COMPARE(driver.state(), State::Idle);
    QCOMPARE(listRuns(lab.home).front().status, StoredStatus::Stopped);
  }

  void opensAStoredRunAndTakesItsParameters() {
    FakeLaboratory lab;
    Config config = quickConfig();
    config.seed = 7;
    const auto directory = record(lab, config);
    WindowDriver driver(lab);
    auto* table = driver.window.findChild<QTableView*>("runsTable");
    new QAbstractItemModelTester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, table);
    QTRY_COMPARE(table->model()->rowCount(), 1);
    driver.press(Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(driver.page(), int(MainWindow::Runs));
    QSignalSpy shown(&driver.window, &MainWindow::storedRunShown);
    const auto place = table->visualRect(table->model()->index(0, 1)).center();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, place);
    QTRY_COMPARE(shown.count(), 1);
    QCOMPARE(shown.first().at(0).toString().toStdString(), directory.filename().string());
    QCOMPARE(driver.page(), int(MainWindow::Live));
    QTest::mouseClick(driver.window.findChild<QPushButton*>("useParameters"), Qt::LeftButton);
    QVERIFY(driver.window.form().config() == config);
    QVERIFY(driver.window.history().canUndo());
  }

  void damagedRunsAreRefusedInWords() {
    FakeLaboratory lab;
    const auto directory = record(lab, quickConfig());
    std::ofstream(directory / "metrics.csv") << "step,epoch\nnot,numbers\n1,2\n";
    WindowDriver driver(lab);
    driver.window.openStoredRun(directory);
    QTRY_VERIFY(driver.window.findChild<Banner*>()->isVisible());
    QVERIFY(driver.window.findChild<Banner*>()->text().contains("metrics.csv"));
  }

  void figureFillsInAndItsPointsOpen() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.window.chooseFigure("figure3");
    QSignalSpy finished(&driver.window.sweep(), &SweepController::finished);
    QSignalSpy cells(&driver.window.sweep(), &SweepController::cellChanged);
    driver.click("start");
    QVERIFY(driver.window.sweep().busy());
    QVERIFY(!driver.action("pause")->isEnabled());
    // The fake engine is quick, but 5,160 steps on real images of 54 runs are not needed here: a few will do.
    QTRY_VERIFY_WITH_TIMEOUT(!listRuns(lab.home).empty() && listRuns(lab.home).back().status == StoredStatus::Done,
                             60000);
    driver.click("stop");
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60000);
    QVERIFY(driver.action("start")->isEnabled());
    QVERIFY(driver.hasLogged("Stopped"));
    size_t done = cells.size();
    for (const auto& cell : cells)
      if (cell.at(1).value<CellResult>().state == CellState::Done) done = cell.at(0).value<size_t>();
    QSignalSpy shown(&driver.window, &MainWindow::storedRunShown);
    Q_EMIT driver.window.findChild<FigurePage*>()->cellActivated(done);
    QTRY_COMPARE(shown.count(), 1);
    QCOMPARE(driver.page(), int(MainWindow::Live));
  }

  void remembersTheSession() {
    FakeLaboratory lab;
    {
      WindowDriver driver(lab);
      driver.prepare(quickConfig());
      driver.window.resize(1211, 777);
      driver.window.close();
    }
    WindowDriver driver(lab);
    QVERIFY(driver.window.form().config() == quickConfig());
    QVERIFY(!driver.window.history().canUndo());
    QVERIFY(driver.window.findChild<QComboBox*>("experiment")->currentData().toString().isEmpty());
    QCOMPARE(driver.window.size(), QSize(1211, 777));
  }

  void whatWasOpenAndSelectedIsThereAgain() {
    FakeLaboratory lab;
    recordFour(lab);
    const auto before = listRuns(lab.home);
    {
      WindowDriver driver(lab);
      auto* page = driver.window.findChild<RunsPage*>();
      QTRY_COMPARE(page->runs().size(), size_t{4});
      QSignalSpy shown(&driver.window, &MainWindow::storedRunShown);
      driver.window.openStoredRun(before[2].directory);
      QTRY_COMPARE(shown.count(), 1);
      page->select({before[0].directory, before[3].directory});
      driver.window.close();
    }
    {
      WindowDriver driver(lab);
      const auto* title = driver.window.findChild<QLabel*>("runTitle");
      QTRY_VERIFY(title->text().contains(QString::fromStdString(before[2].id)));
      QCOMPARE(driver.page(), int(MainWindow::Figure));  // it does not push itself to the front
      const auto* page = driver.window.findChild<RunsPage*>();
      QTRY_COMPARE(page->selected().size(), size_t{2});
      QCOMPARE(page->selected().front().directory, before[0].directory);
      QCOMPARE(page->selected().back().directory, before[3].directory);
      driver.window.close();
    }
    std::filesystem::remove_all(before[2].directory);  // gone: not missed
    WindowDriver driver(lab);
    QTRY_COMPARE(driver.window.findChild<RunsPage*>()->runs().size(), size_t{3});
    QVERIFY(!driver.hasLogged("cannot be opened"));
  }

  void sweepsThatWaitAreThereAgain() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    {
      WindowDriver driver(lab);
      driver.prepare(endlessConfig());
      auto* sweeps = driver.window.findChild<SweepPage*>();
      sweeps->setAxesText({"update_interval=5,10"});
      for (int i = 0; i < 2; ++i) sweeps->findChild<QPushButton*>("startSweep")->click();
      QSettings settings(QString::fromStdString(lab.settingsFile.string()), QSettings::IniFormat);
      QTRY_COMPARE((settings.sync(), settings.value("sweepQueue").toStringList().size()), 2);  // as after a crash
    }
    WindowDriver driver(lab);
    QCOMPARE(driver.window.findChild<SweepPage*>()->queue().waiting().size(), size_t{2});
    QVERIFY(driver.hasLogged("Go on"));
  }

  void damagedMemoryIsLeftOut() {
    FakeLaboratory lab;
    {
      QSettings settings(QString::fromStdString(lab.settingsFile.string()), QSettings::IniFormat);
      for (const char* key : {"layout", "live", "sections", "theme", "runs", "pinned", "sweepQueue"})
        settings.setValue(key, QByteArray("\x00\xff damaged", 10));
      settings.setValue("experiment", "figure99");
      settings.setValue("form/epochs", "many");
      settings.setValue("form/nonsense", "1");
      settings.setValue("form/seed", "12");
    }
    WindowDriver driver(lab);
    Config expected;
    expected.seed = 12;
    QVERIFY(driver.window.form().config() == expected);
    QVERIFY(driver.action("start")->isEnabled());
  }

  void pagesAndClipboardByKeyboard() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    for (int page = 0; page < 4; ++page) {
      driver.press(static_cast<Qt::Key>(Qt::Key_1 + page), Qt::ControlModifier);
      QCOMPARE(driver.page(), page);
    }
    driver.prepare(quickConfig());
    for (auto* action : driver.window.findChildren<QAction*>())
      if (action->text() == "Copy as command line") action->trigger();
    QVERIFY(QApplication::clipboard()->text().startsWith("itoplab run --hidden-widths 32,16"));
  }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
