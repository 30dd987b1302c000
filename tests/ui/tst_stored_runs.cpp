// Stored runs in the whole window: resuming, news from the command line, exporting, comparing, dropping, pasting.

#include "banner.h"
#include "compare/compare_page.h"
#include "live/mask_panel.h"
#include "live/time_scrubber.h"
#include "parameters/config_builder.h"
#include "record_run.h"
#include "reproducibility_panel.h"
#include "runs/runs_page.h"
#include "store/compare.h"
#include "store/run_writer.h"
#include "window_driver.h"

#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QUrl>

#include <fstream>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;
using State = RunController::State;

namespace {

Config longConfig() {
  Config config = quickConfig();
  config.epochs = 40;
  return config;
}

void drop(MainWindow& window, const std::filesystem::path& path) {
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(QString::fromStdString(path.string()))});
  QDragEnterEvent enter({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(&window, &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(&window, &event);
  QVERIFY(event.isAccepted());
}

}  // namespace

class TestStoredRuns : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void goesOnFromTheLivePage() {
    FakeLaboratory whole;
    const auto expected = record(whole, longConfig());

    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.prepare(longConfig());
    auto* resume = driver.window.findChild<QPushButton*>("resumeRun");
    QSignalSpy rows(&driver.window.run(), &RunController::metricsArrived);
    driver.click("start");
    QVERIFY(resume->isHidden());
    QTRY_VERIFY(rows.count() > 2);
    driver.click("stop");
    QTRY_COMPARE(driver.state(), State::Idle);
    QVERIFY(!resume->isHidden() && resume->isEnabled());
    const auto directory = listRuns(lab.home).front().directory;
    QCOMPARE(readRun(directory).value().status, StoredStatus::Stopped);

    QSignalSpy finished(&driver.window.run(), &RunController::finished);
    QTest::mouseClick(resume, Qt::LeftButton);
    QVERIFY(driver.window.run().busy());
    QVERIFY(resume->isHidden());
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60000);
    QVERIFY(driver.hasLogged("resumed"));
    QVERIFY(driver.hasLogged("Done"));
    // The scrubber goes over the whole run, its time before it was stopped included.
    const auto history = readMaskReplay(historyFile(directory), longConfig().reliable_steps);
    QVERIFY(history.ok());
    QCOMPARE(driver.window.findChild<TimeScrubber*>()->moments(), static_cast<int>(history.value().moments()));
    QCOMPARE(listRuns(lab.home).size(), size_t{1});
    const auto comparison = compareRuns(directory, expected);
    QVERIFY(comparison.ok());
    const auto& different = comparison.value().firstRow;
    QVERIFY2(!different, different ? (std::to_string(different->row) +
                                      (different->columns.empty() ? " rows" : different->columns.front().name))
                                         .c_str()
                                   : "");
    QVERIFY(resume->isHidden());
  }

  void goesOnFromTheRunsPageWithItsChangedParameters() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    std::filesystem::path directory;
    {
      WindowDriver driver(lab);
      driver.prepare(endlessConfig());
      driver.click("start");
      QTRY_COMPARE(driver.state(), State::Running);
      driver.window.run().setParameter("update_interval", "40");
      QTRY_VERIFY(driver.hasLogged("10 → 40"));
      driver.click("stop");
      QTRY_COMPARE(driver.state(), State::Idle);
      directory = listRuns(lab.home).front().directory;
      driver.prepare(quickConfig());
    }
    WindowDriver driver(lab);
    auto* table = driver.window.findChild<QTableView*>("runsTable");
    QTRY_COMPARE(table->model()->rowCount(), 1);
    driver.press(Qt::Key_3, Qt::ControlModifier);
    table->selectRow(0);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(driver.page(), int(MainWindow::Live));
    QTRY_COMPARE(driver.state(), State::Running);
    QCOMPARE(driver.window.form().config().update_interval, int64_t{40});
    QVERIFY(driver.hasLogged("10 → 40"));  // the story so far
    QVERIFY(!driver.window.form().row("seed")->field()->isEnabled());
    // The dials steer it as they steer a new run.
    driver.window.form().setValue("update_interval", "80");
    QTRY_VERIFY(driver.hasLogged("40 → 80"));
    driver.click("stop");
    QTRY_COMPARE(driver.state(), State::Idle);
  }

  void whatCannotGoOnIsNotOffered() {
    FakeLaboratory lab;
    const auto directory = record(lab, quickConfig());
    WindowDriver driver(lab);
    driver.window.resumeStoredRun(directory);
    QVERIFY(!driver.window.run().busy());
    QVERIFY(driver.window.findChild<Banner*>()->text().contains("it is done"));
    QSignalSpy shown(&driver.window, &MainWindow::storedRunShown);
    driver.window.openStoredRun(directory);
    QTRY_COMPARE(shown.count(), 1);
    QVERIFY(driver.window.findChild<QPushButton*>("resumeRun")->isHidden());
  }

  void twoWindowsShareOneStore() {
    FakeLaboratory lab(Pace::WithTheEventLoop), beside;
    beside.home = lab.home;
    WindowDriver one(lab), other(beside);
    auto* runs = other.window.findChild<RunsPage*>();
    other.press(Qt::Key_3, Qt::ControlModifier);
    one.prepare(endlessConfig());
    one.click("start");
    QTRY_COMPARE(runs->runs().size(), size_t{1});
    const auto directory = runs->runs().front().directory;
    QTRY_COMPARE(runs->runs().front().status, StoredStatus::Running);
    other.window.resumeStoredRun(directory);
    QVERIFY(!other.window.run().busy());
    QVERIFY(other.window.findChild<Banner*>()->text().contains("under way in another program"));
    writeAnnotations(directory, {.tags = {"watched"}, .note = {}});  // as the first window does
    QTRY_VERIFY(runs->runs().front().annotations.tags.contains("watched"));
    one.click("stop");
    QTRY_COMPARE(one.state(), State::Idle);
    QTRY_COMPARE(runs->runs().front().status, StoredStatus::Stopped);
    QCOMPARE(runs->runs().front().annotations.tags, std::set<std::string>{"watched"});
  }

  void finishedRunsShowTheirWeights() {
    FakeLaboratory lab;
    Config config = quickConfig();
    config.save_weights = true;
    const auto directory = record(lab, config);
    WindowDriver driver(lab);
    driver.window.openStoredRun(directory);
    const auto source = [&] { return driver.window.findChild<MaskPanel*>()->thumbnails()[0]->source(); };
    QTRY_VERIFY(!driver.window.findChild<MaskPanel*>()->thumbnails().empty() && source() &&
                source()->moment->update > 0);
    const int64_t first = source()->active().positions().front();
    QVERIFY2(source()->describe(first).contains("weight"), qPrintable(source()->describe(first)));
    driver.window.findChild<TimeScrubber*>()->goTo(0);
    QVERIFY(!source()->describe(source()->active().positions().front()).contains("\nweight"));
  }

  void runsOfOtherProgramsAppearByThemselves() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.press(Qt::Key_3, Qt::ControlModifier);
    auto* page = driver.window.findChild<RunsPage*>();
    QTRY_COMPARE(page->runs().size(), size_t{0});
    auto writer = RunWriter::create(quickConfig(), {lab.home, "itoplab run", "test"}).take();
    QTRY_COMPARE(page->runs().size(), size_t{1});
    QCOMPARE(page->runs().front().status, StoredStatus::Running);
    writer.reset();
    QTRY_COMPARE(page->runs().size(), size_t{0});
  }

  void comparesWhatIsSelected() {
    FakeLaboratory lab;
    recordFour(lab);
    {
      WindowDriver driver(lab);
      auto* table = driver.window.findChild<QTableView*>("runsTable");
      QTRY_COMPARE(table->model()->rowCount(), 4);
      auto* compare = driver.window.findChild<ComparePage*>();
      driver.press(Qt::Key_3, Qt::ControlModifier);
      table->selectAll();
      QTest::mouseClick(driver.window.findChild<QPushButton*>("compareRuns"), Qt::LeftButton);
      QCOMPARE(driver.page(), int(MainWindow::Compare));
      QTRY_COMPARE(compare->series().size(), size_t{2});
      compare->setPinned({listRuns(lab.home).front().id});
      QVERIFY(driver.action("export")->isEnabled());
      table->clearSelection();
      driver.window.close();
    }
    WindowDriver driver(lab);  // pins are remembered
    auto* compare = driver.window.findChild<ComparePage*>();
    driver.press(Qt::Key_4, Qt::ControlModifier);
    QTRY_COMPARE(compare->series().size(), size_t{1});
  }

  void exportsTheSelection() {
    FakeLaboratory lab;
    recordFour(lab);
    WindowDriver driver(lab);
    auto* page = driver.window.findChild<RunsPage*>();
    QTRY_COMPARE(page->runs().size(), size_t{4});
    const auto folder = std::filesystem::path(lab.folder.path().toStdString()) / "exported";
    QSignalSpy exported(&driver.window, &MainWindow::runsExported);
    Q_EMIT page->exportWanted(page->runs(), folder);
    QTRY_COMPARE(exported.count(), 1);
    QVERIFY(std::filesystem::exists(folder / "runs.csv"));
    QVERIFY(std::filesystem::exists(folder / page->runs().front().id / "metrics.csv"));
  }

  void undoOnTheRunsPageIsThatOfTheRuns() {
    FakeLaboratory lab;
    record(lab, quickConfig());
    WindowDriver driver(lab);
    driver.prepare(quickConfig());
    auto* table = driver.window.findChild<QTableView*>("runsTable");
    QTRY_COMPARE(table->model()->rowCount(), 1);
    driver.press(Qt::Key_3, Qt::ControlModifier);
    QVERIFY(!driver.action("undo")->isEnabled());
    table->selectRow(0);
    driver.window.findChild<RunsPage*>()->addTag("good");
    QVERIFY(driver.action("undo")->isEnabled());
    driver.press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(listRuns(lab.home).front().annotations.tags.empty());
    QVERIFY(driver.window.form().config() == quickConfig());
  }

  void dropsOpenRunsAndTakeConfigurations() {
    FakeLaboratory lab;
    const auto directory = record(lab, quickConfig());
    WindowDriver driver(lab);
    QSignalSpy shown(&driver.window, &MainWindow::storedRunShown);
    drop(driver.window, directory);
    QTRY_COMPARE(shown.count(), 1);
    Config config = quickConfig();
    config.seed = 99;
    const auto file = std::filesystem::path(lab.folder.path().toStdString()) / "wanted.toml";
    std::ofstream(file) << toToml(config);
    drop(driver.window, file);
    QVERIFY(driver.window.form().config() == config);
    QVERIFY(driver.window.history().canUndo());
    std::ofstream(file) << "sparsty = 0.5\n";
    drop(driver.window, file);
    QVERIFY(driver.window.findChild<Banner*>()->text().contains("sparsty"));
    QVERIFY(driver.window.form().config() == config);
  }

  void reproducibilityBothWays() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.prepare(quickConfig());
    auto* panel = driver.window.findChild<ReproducibilityPanel*>();
    QVERIFY(!panel->isVisible());
    driver.press(Qt::Key_R, Qt::ControlModifier);
    QVERIFY(panel->isVisible());
    QCOMPARE(panel->commandLine().toStdString(), toCommandLine(quickConfig()));
    QCOMPARE(panel->toml().toStdString(), toToml(quickConfig()));
    QCOMPARE(panel->hash().toStdString(), configurationHash(quickConfig()));
    driver.window.form().setValue("seed", "5");
    Config config = quickConfig();
    config.seed = 5;
    QCOMPARE(panel->hash().toStdString(), configurationHash(config));
    QTest::mouseClick(panel->findChild<QPushButton*>("copyToml"), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text().toStdString(), toToml(config));

    config.seed = 7;
    for (const auto& text : {toToml(config), toCommandLine(config)}) {
      driver.window.form().setConfig(quickConfig(), "test");
      QApplication::clipboard()->setText(QString::fromStdString(text));
      auto* pane = panel->findChild<QPlainTextEdit*>();
      pane->setFocus();
      QTest::keyClick(pane, Qt::Key_V, Qt::ControlModifier);
      QVERIFY(driver.window.form().config() == config);
      driver.window.history().undo();
      QVERIFY(driver.window.form().config() == quickConfig());
    }
    QApplication::clipboard()->setText("itoplab run --sparsty 0.9");
    QTest::mouseClick(panel->findChild<QPushButton*>("pasteConfiguration"), Qt::LeftButton);
    QVERIFY2(panel->problem().contains("did you mean sparsity"), qPrintable(panel->problem()));
    QVERIFY(driver.window.form().config() == quickConfig());
  }

  void reproducibilityShowsWhatIsOnScreen() {
    FakeLaboratory lab;
    Config config = quickConfig();
    config.seed = 3;
    record(lab, config);
    WindowDriver driver(lab);
    driver.prepare(quickConfig());
    auto* panel = driver.window.findChild<ReproducibilityPanel*>();
    driver.press(Qt::Key_R, Qt::ControlModifier);
    auto* table = driver.window.findChild<QTableView*>("runsTable");
    QTRY_COMPARE(table->model()->rowCount(), 1);
    driver.press(Qt::Key_3, Qt::ControlModifier);
    table->selectRow(0);
    QCOMPARE(panel->hash().toStdString(), configurationHash(config));
    driver.window.chooseFigure("figure3");
    driver.press(Qt::Key_2, Qt::ControlModifier);
    QVERIFY2(panel->commandLine().startsWith("itoplab reproduce figure3 --scale"),
             qPrintable(panel->commandLine()));
  }
};

QTEST_MAIN(TestStoredRuns)
#include "tst_stored_runs.moc"
