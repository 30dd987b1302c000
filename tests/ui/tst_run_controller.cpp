// Between the run's thread and the window's: nothing is lost, snapshots conflate, commands arrive, stop joins.

#include "experiments/sweep.h"
#include "fake_laboratory.h"
#include "run_controller.h"
#include "store/compare.h"
#include "store/mask_history.h"
#include "store/run_reader.h"
#include "sweep_controller.h"

#include <QSignalSpy>
#include <QTest>

#include <fstream>

using namespace lab;
using namespace lab::test;
using lab::ui::RunBridge;
using lab::ui::RunController;
using lab::ui::SweepController;
using State = RunController::State;

namespace {

/// Everything that a controller said.
struct Listener {
  explicit Listener(RunController& run) {
    QObject::connect(&run, &RunController::started, &run, [this](const RunStart& s) { start = s; });
    QObject::connect(&run, &RunController::metricsArrived, &run, [this](const std::vector<Metrics>& rows) {
      metrics.insert(metrics.end(), rows.begin(), rows.end());
    });
    QObject::connect(&run, &RunController::eventsArrived, &run, [this](const std::vector<RunEvent>& rows) {
      events.insert(events.end(), rows.begin(), rows.end());
    });
    QObject::connect(&run, &RunController::snapshotArrived, &run,
                     [this](std::shared_ptr<const MaskSnapshot> s) { snapshots.push_back(std::move(s)); });
    QObject::connect(&run, &RunController::finished, &run,
                     [this](const RunResult& r, const std::filesystem::path& d, const std::string& w) {
                       result = r;
                       directory = d;
                       warning = w;
                       ended = true;
                     });
  }

  std::vector<std::string> kinds() const {
    std::vector<std::string> kinds;
    for (const auto& event : events) kinds.push_back(event.kind);
    return kinds;
  }

  std::optional<RunStart> start;
  std::vector<Metrics> metrics;
  std::vector<RunEvent> events;
  std::vector<std::shared_ptr<const MaskSnapshot>> snapshots;
  RunResult result;
  std::filesystem::path directory;
  std::string warning;
  bool ended = false;
};

}  // namespace

class TestRunController : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void bridgeKeepsEveryRowAndTheLatestSnapshot() {
    RunBridge bridge;
    Metrics row;
    for (row.step = 1; row.step <= 1000; ++row.step) bridge.onMetrics(row);
    const auto first = std::make_shared<const MaskSnapshot>(), second = std::make_shared<const MaskSnapshot>();
    bridge.onSnapshot(first);
    bridge.onSnapshot(second);
    const auto news = bridge.take();
    QCOMPARE(news.metrics.size(), size_t{1000});
    for (size_t i = 0; i < 1000; ++i) QCOMPARE(news.metrics[i].step, static_cast<int64_t>(i) + 1);
    QCOMPARE(news.snapshot, second);
    QVERIFY(bridge.take().metrics.empty());
    QVERIFY(bridge.take().snapshot == nullptr);
  }

  void losesNoRow() {
    FakeLaboratory lab;
    RunController run(lab);
    Listener heard(run);
    Config config = quickConfig();
    config.report_every = 1;
    config.epochs = 50;
    run.start(config);
    QTRY_VERIFY(heard.ended);
    QCOMPARE(heard.result.status, RunStatus::Done);
    const auto recorded = readMetrics(heard.directory);
    QVERIFY2(recorded.ok(), recorded ? "" : describe(recorded.problems()).c_str());
    QCOMPARE(heard.metrics.size(), recorded.value().size());
    QVERIFY(heard.metrics.size() >= 1000);
    for (size_t i = 0; i < heard.metrics.size(); ++i) QCOMPARE(heard.metrics[i].step, recorded.value()[i].step);
    QCOMPARE(heard.metrics.back().step, int64_t{1000});
    QCOMPARE(run.state(), State::Idle);
  }

  void showsMasksAsTheyAre() {
    FakeLaboratory lab;
    RunController run(lab);
    Listener heard(run);
    run.start(quickConfig());
    QTRY_VERIFY(heard.ended);
    QVERIFY(heard.start && !heard.snapshots.empty());
    const auto& snapshot = *heard.snapshots.front();
    QCOMPARE(snapshot.active.size(), heard.start->layers.size());
    for (size_t l = 0; l < snapshot.active.size(); ++l)
      QCOMPARE(snapshot.active[l].count(), heard.start->layers[l].active);
  }

  void stepsOneUpdateAtATime() {
    FakeLaboratory lab;
    RunController run(lab);
    Listener heard(run);
    run.start(endlessConfig(), RunController::Begin::StepOneUpdate);
    for (int64_t update = 1; update <= 3; ++update) {
      if (update > 1) run.stepOneUpdate();
      const auto pauses = static_cast<size_t>(update);
      QTRY_COMPARE(static_cast<size_t>(std::ranges::count(heard.kinds(), "pause")), pauses);
      QCOMPARE(run.state(), State::Paused);
      QCOMPARE(heard.events.back().step, update * endlessConfig().update_interval);
    }
    run.stop();
    QTRY_VERIFY(heard.ended);
    QCOMPARE(heard.result.topologyUpdates, int64_t{3});
  }

  void pausesAndGoesOn() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    RunController run(lab);
    Listener heard(run);
    const LetGo letGo(lab);
    run.start(endlessConfig());
    QTRY_VERIFY(!heard.metrics.empty());
    run.pause();
    QTRY_COMPARE(run.state(), State::Paused);
    run.drain();
    const auto rows = heard.metrics.size();
    run.drain();
    QCOMPARE(heard.metrics.size(), rows);
    run.resume();
    QTRY_VERIFY(heard.metrics.size() > rows);
    QCOMPARE(run.state(), State::Running);
  }

  void changesParametersOfTheRunUnderWay() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    RunController run(lab);
    Listener heard(run);
    const LetGo letGo(lab);
    run.start(endlessConfig());
    QTRY_VERIFY(!heard.metrics.empty());
    run.setParameter("update_interval", "40");
    run.setParameter("prune_rate", "7");  // out of range
    QTRY_VERIFY(heard.metrics.back().updateInterval == 40);
    QCOMPARE(heard.kinds(), (std::vector<std::string>{"change", "warning"}));
    QCOMPARE(heard.events.front().from, std::string("10"));
    QCOMPARE(heard.events.front().to, std::string("40"));
  }

  void aRunThatWasSteeredIsNotReused() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    Config config = quickConfig();
    config.epochs = 100;
    for (const bool steered : {true, false}) {
      RunController run(lab);
      Listener heard(run);
      const LetGo letGo(lab);
      run.start(config);
      QTRY_VERIFY(!heard.metrics.empty());
      if (steered) run.setParameter("update_interval", "15");
      QTRY_VERIFY(heard.ended);
      QCOMPARE(std::ranges::count(heard.kinds(), "change"), steered ? 1 : 0);
      const auto found = findFinished(lab.home, config);
      QCOMPARE(found.has_value(), !steered);
      if (found) QCOMPARE(found->directory, heard.directory);
    }
  }

  void stopKeepsWhatIsRecorded() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    RunController run(lab);
    Listener heard(run);
    const LetGo letGo(lab);
    run.start(endlessConfig());
    QTRY_VERIFY(!heard.metrics.empty());
    run.stop();
    QCOMPARE(run.state(), State::Stopping);
    QTRY_VERIFY(heard.ended);
    QCOMPARE(heard.result.status, RunStatus::Stopped);
    const auto stored = readRun(heard.directory);
    QVERIFY(stored.ok());
    QCOMPARE(stored.value().status, StoredStatus::Stopped);
    QCOMPARE(readMetrics(heard.directory).value().size(), heard.metrics.size());
  }

  void goesOnAsIfNothingHadHappened() {
    Config config = quickConfig();
    config.epochs = 40;
    FakeLaboratory whole;
    RunController uninterrupted(whole);
    Listener expected(uninterrupted);
    uninterrupted.start(config);
    QTRY_VERIFY(expected.ended);

    FakeLaboratory lab(Pace::WithTheEventLoop);
    RunController run(lab);
    Listener first(run);
    const LetGo letGo(lab);
    run.start(config);
    QTRY_VERIFY(first.metrics.size() > 4);
    run.stop();
    QTRY_VERIFY(first.ended);
    QCOMPARE(first.result.status, RunStatus::Stopped);
    QVERIFY(first.metrics.size() < expected.metrics.size());

    RunController again(lab);
    Listener second(again);
    std::optional<ui::EarlierRun> earlier;
    QStringList order;
    connect(&again, &RunController::started, this, [&] { order << "started"; });
    connect(&again, &RunController::wentOn, this, [&](const ui::EarlierRun& e) {
      order << "went on";
      earlier = e;
    });
    again.goOn(first.directory);
    QTRY_VERIFY_WITH_TIMEOUT(second.ended, 60000);
    QCOMPARE(second.result.status, RunStatus::Done);
    QCOMPARE(second.directory, first.directory);
    QCOMPARE(order, (QStringList{"started", "went on"}));
    QVERIFY(earlier && earlier->config == config);
    QVERIFY(!earlier->metrics.empty());
    QCOMPARE(earlier->metrics.size() + second.metrics.size(), expected.metrics.size());
    QCOMPARE(earlier->metrics.back().step, first.metrics[earlier->metrics.size() - 1].step);

    const auto comparison = compareRuns(first.directory, expected.directory);
    QVERIFY(comparison.ok());
    QVERIFY2(!comparison.value().firstRow,
             comparison.value().firstRow ? comparison.value().firstRow->columns.front().name.c_str() : "");
    const auto masks = [](const std::filesystem::path& directory) {
      const auto history = readMaskHistory(historyFile(directory));
      return history.value().at(history.value().entries.size());
    };
    QVERIFY(masks(first.directory).active == masks(expected.directory).active);
    QVERIFY(masks(first.directory).explored == masks(expected.directory).explored);
    QCOMPARE(second.result.rs, expected.result.rs);
    QCOMPARE(second.result.testAccuracy, expected.result.testAccuracy);
  }

  void whatCannotGoOnSaysWhy() {
    FakeLaboratory lab;
    RunController run(lab);
    Listener heard(run);
    run.start(quickConfig());
    QTRY_VERIFY(heard.ended);
    heard.ended = false;
    run.goOn(heard.directory);
    QTRY_VERIFY(heard.ended);
    QCOMPARE(heard.result.status, RunStatus::Failed);
    QVERIFY(QByteArray::fromStdString(heard.result.reason).contains("it is done"));
    QCOMPARE(readRun(listRuns(lab.home).front().directory).value().status, StoredStatus::Done);
  }

  void destructionStopsAndJoins() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    for (const bool paused : {false, true}) {
      RunController run(lab);
      Listener heard(run);
      const LetGo letGo(lab);
      run.start(endlessConfig());
      QTRY_VERIFY(!heard.metrics.empty());
      if (paused) run.pause();
    }
    const auto runs = listRuns(lab.home);
    QCOMPARE(runs.size(), size_t{2});
    for (const auto& stored : runs) QCOMPARE(stored.status, StoredStatus::Stopped);
  }

  void missingDataFailBeforeAnythingIsWritten() {
    FakeLaboratory lab;
    lab.loadData = [](const Config&) -> Result<std::shared_ptr<const Dataset>> {
      return Problem{"dataset", "fashion-mnist is nowhere: install it"};
    };
    RunController run(lab);
    Listener heard(run);
    run.start(quickConfig());
    QTRY_VERIFY(heard.ended);
    QCOMPARE(heard.result.exitCode, ExitCode::Data);
    QVERIFY(QByteArray::fromStdString(heard.result.reason).contains("nowhere"));
    QVERIFY(heard.directory.empty());
    QVERIFY(!std::filesystem::exists(lab.home));
    QCOMPARE(run.state(), State::Idle);
  }

  void unwritableHomeFails() {
    FakeLaboratory lab;
    std::ofstream(lab.home) << "a file in the way";
    RunController run(lab);
    Listener heard(run);
    run.start(quickConfig());
    QTRY_VERIFY(heard.ended);
    QCOMPARE(heard.result.exitCode, ExitCode::Disk);
    QVERIFY(!heard.result.reason.empty());
  }

  void divergenceFailsWithTheRowsKept() {
    FakeLaboratory lab;
    auto recording = std::make_shared<Recording>();
    recording->loss = [](int64_t step) { return step > 30 ? std::nan("") : 1.0; };
    lab.engines = recordingRegistry(recording);
    RunController run(lab);
    Listener heard(run);
    run.start(quickConfig());
    QTRY_VERIFY(heard.ended);
    QCOMPARE(heard.result.exitCode, ExitCode::Diverged);
    QVERIFY(heard.metrics.size() > 1);
    QCOMPARE(readMetrics(heard.directory).value().size(), heard.metrics.size());
  }

  void sweepTellsEveryCell() {
    FakeLaboratory lab;
    std::vector<Cell> cells;
    for (int seed = 1; seed <= 4; ++seed) {
      Config config = quickConfig();
      config.epochs = 1;
      config.seed = seed;
      cells.push_back({config, {}});
    }
    for (const auto expected : {CellState::Done, CellState::Reused}) {
      SweepController sweep(lab);
      std::map<size_t, CellResult> last;
      connect(&sweep, &SweepController::cellChanged, this,
              [&](size_t cell, const CellResult& r) { last[cell] = r; });
      QSignalSpy finished(&sweep, &SweepController::finished), progressed(&sweep, &SweepController::progressed);
      sweep.start(cells, "test");
      QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60000);
      QVERIFY(!progressed.isEmpty());
      QCOMPARE(last.size(), cells.size());
      for (const auto& [cell, result] : last) QCOMPARE(result.state, expected);
      QVERIFY(!sweep.busy());
    }
  }
};

QTEST_GUILESS_MAIN(TestRunController)
#include "tst_run_controller.moc"
