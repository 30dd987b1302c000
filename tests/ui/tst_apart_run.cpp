// Runs in a process of their own, by the real command line program.

#include "banner.h"
#include "live/live_page.h"
#include "live/time_scrubber.h"
#include "record_run.h"
#include "store/files.h"
#include "window_driver.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

#include <csignal>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

struct ApartLaboratory : FakeLaboratory {
  explicit ApartLaboratory(std::filesystem::path program = LAB_PROGRAM) {
    commandLineProgram = {};
    commandLineProgram.find = [program] { return program; };
  }
};

/// Goes on until it is stopped; its history stays short.
Config longConfig() {
  Config config = endlessConfig();
  config.update_interval = 500;
  return config;
}

Config onSyntheticData(Config config) {
  config.dataset = "synthetic";
  config.engine = "sparse";
  return config;
}

/// A window with such a run prepared; what is still under way at its end is ended.
struct ApartDriver : WindowDriver {
  QSignalSpy started{&window.apartRun(), &ApartRun::started}, rows{&window.apartRun(), &ApartRun::metricsArrived},
      finished{&window.apartRun(), &ApartRun::finished};

  bool leaves = false;  ///< the process goes on

  ApartDriver(FakeLaboratory& laboratory, const Config& config) : WindowDriver(laboratory) {
    prepare(onSyntheticData(config));
    action("ownProcess")->setChecked(true);
  }
  ~ApartDriver() {
    if (process() && !leaves) ::kill(static_cast<pid_t>(process()->id), SIGKILL);
  }

  const std::optional<DetachedProcess>& process() { return window.apartRun().process(); }
  RunResult result() const { return finished.first().at(0).value<RunResult>(); }
  std::filesystem::path directory() const { return finished.first().at(1).value<std::filesystem::path>(); }
};

std::filesystem::path script(const FakeLaboratory& lab, const std::string& text) {
  const auto file = std::filesystem::path(lab.folder.path().toStdString()) / "program";
  writeWhole(file, "#!/bin/sh\n" + text);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

}  // namespace

class TestApartRun : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aRunIsShownFromItsRecord() {
    ApartLaboratory lab;
    ApartDriver driver(lab, quickConfig());
    driver.click("start");
    QVERIFY(driver.window.apartRun().busy());
    QVERIFY(!driver.action("start")->isEnabled() && !driver.action("pause")->isEnabled());
    QVERIFY(driver.action("stop")->isEnabled());
    QTRY_COMPARE(driver.finished.count(), 1);
    QCOMPARE(driver.started.count(), 1);
    QVERIFY2(driver.result().status == RunStatus::Done, driver.result().reason.c_str());
    QVERIFY(driver.action("start")->isEnabled() && !driver.action("stop")->isEnabled());
    const auto runs = listRuns(lab.home);
    QCOMPARE(runs.size(), size_t{1});
    QCOMPARE(runs.front().directory, driver.directory());
    QVERIFY(runs.front().config == onSyntheticData(quickConfig()));
    size_t rows = 0;
    for (const auto& arguments : driver.rows) rows += arguments.front().value<std::vector<Metrics>>().size();
    QCOMPARE(rows, readMetrics(driver.directory()).value().size());
    QVERIFY(driver.window.findChild<LivePage*>()->scrubber().moments() > 2);
    QVERIFY(driver.hasLogged("process of its own") && driver.hasLogged("Done: test accuracy"));
    QVERIFY(std::filesystem::is_empty(lab.home / "processes"));
  }

  void stopKeepsACheckpoint() {
    ApartLaboratory lab;
    ApartDriver driver(lab, longConfig());
    driver.click("start");
    QTRY_VERIFY(driver.rows.count() > 1);  // it is watched while it goes on
    const auto& scrubber = driver.window.findChild<LivePage*>()->scrubber();
    const int moments = scrubber.moments();
    QTRY_VERIFY(scrubber.moments() > moments);
    driver.click("stop");
    QVERIFY(!driver.action("stop")->isEnabled());
    QTRY_COMPARE(driver.finished.count(), 1);
    QCOMPARE(driver.result().status, RunStatus::Stopped);
    QVERIFY(driver.window.findChild<QPushButton*>("resumeRun")->isVisible());
    QVERIFY(whyNoResume(readRun(driver.directory()).value()).empty());
  }

  void itGoesOnWithoutTheWindow() {
    ApartLaboratory lab;
    std::optional<DetachedProcess> process;
    {
      ApartDriver driver(lab, longConfig());
      driver.click("start");
      QTRY_VERIFY(!driver.rows.isEmpty());
      process = driver.process();
      QVERIFY(driver.window.close());  // nothing is asked
      QVERIFY(process->alive());
      driver.leaves = true;
    }
    QVERIFY(process->alive());
    QCOMPARE(listRuns(lab.home).front().status, StoredStatus::Running);
    process->terminate();
    QTRY_VERIFY(!process->alive());
    QCOMPARE(listRuns(lab.home).front().status, StoredStatus::Stopped);
  }

  void aCrashLeavesTheWindowAlone() {
    ApartLaboratory lab;
    ApartDriver driver(lab, longConfig());
    driver.click("start");
    QTRY_VERIFY(!driver.rows.isEmpty());
    ::kill(static_cast<pid_t>(driver.process()->id), SIGKILL);
    QTRY_COMPARE(driver.finished.count(), 1);
    QCOMPARE(driver.result().status, RunStatus::Failed);
    const auto* banner = driver.window.findChild<Banner*>();
    QVERIFY2(banner->isVisible() && banner->text().contains("ended without its end"), qPrintable(banner->text()));
    QVERIFY(driver.action("start")->isEnabled());
    QCOMPARE(readRun(driver.directory()).value().status, StoredStatus::Crashed);
  }

  void whyItCannotStartIsSaid() {
    ApartLaboratory lab;
    lab.commandLineProgram.find = [] { return Problem{"itoplab", "there is none"}; };
    ApartDriver driver(lab, quickConfig());
    driver.click("start");
    QVERIFY(!driver.window.apartRun().busy());
    const auto* banner = driver.window.findChild<Banner*>();
    QVERIFY2(banner->isVisible() && banner->text().contains("there is none"), qPrintable(banner->text()));
    QVERIFY(driver.action("start")->isEnabled());
  }

  void whatTheProgramSaysInsteadOfBeginningIsSaid_data() {
    QTest::addColumn<bool>("there");
    QTest::addColumn<QString>("said");
    QTest::newRow("a program that refuses") << true << "no such data";
    QTest::newRow("no program") << false << "nowhere";
  }
  void whatTheProgramSaysInsteadOfBeginningIsSaid() {
    QFETCH(bool, there);
    QFETCH(QString, said);
    ApartLaboratory lab;
    const std::filesystem::path program =
        there ? script(lab, "echo first; echo no such data >&2; exit 3\n") : std::filesystem::path("/nowhere/itoplab");
    lab.commandLineProgram.find = [program] { return program; };
    ApartDriver driver(lab, quickConfig());
    driver.click("start");
    QTRY_COMPARE(driver.finished.count(), 1);
    QCOMPARE(driver.result().status, RunStatus::Failed);
    const auto* banner = driver.window.findChild<Banner*>();
    QVERIFY2(banner->isVisible() && banner->text().contains(said), qPrintable(banner->text()));
    QVERIFY(driver.action("start")->isEnabled());
  }

  void theChoiceIsRememberedAndOffAtFirst() {
    ApartLaboratory lab;
    {
      WindowDriver driver(lab);
      QVERIFY(!driver.action("ownProcess")->isChecked());
      driver.action("ownProcess")->trigger();
      driver.window.close();
    }
    WindowDriver next(lab);
    QVERIFY(next.action("ownProcess")->isChecked());
  }

  void aNumberGivenAgainIsAnotherProcess() {
    DetachedProcess self{QCoreApplication::applicationPid(), "1"};
    QVERIFY(!self.alive());
    QVERIFY(!DetachedProcess{}.alive());
  }
};

QTEST_MAIN(TestApartRun)
#include "tst_apart_run.moc"
