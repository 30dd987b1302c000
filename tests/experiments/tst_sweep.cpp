#include "experiments/sweep.h"
#include "fake_engine.h"
#include "parameters/config_builder.h"
#include "store/paths.h"
#include "store/run_reader.h"

#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <set>
#include <thread>

using namespace lab;
namespace fs = std::filesystem;

namespace {

const Assignments kSmall{
    {"hidden_widths", "8"}, {"epochs", "2"}, {"batch_size", "50"}, {"sparsity", "0.9"}, {"report_every", "4"}};

std::vector<Cell> cellsOf(const std::vector<Axis>& axes, int seeds, Assignments more = {}) {
  more.insert(more.begin(), kSmall.begin(), kSmall.end());
  auto cells = makeGrid(more, axes, seeds);
  if (!cells) qFatal("%s", describe(cells.problems()).c_str());
  return cells.take();
}

/// The fake engines, with losses that are not a number for some seed.
EngineRegistry enginesFailingAt(std::shared_ptr<std::atomic<int64_t>> seed) {
  EngineInfo info = test::fakeEngines().all().front();
  info.make = [seed](const EngineSetup& setup) -> std::unique_ptr<Engine> {
    if (setup.config.seed == *seed) throw std::runtime_error("broken on purpose");
    return std::make_unique<test::FakeEngine>(setup, nullptr);
  };
  EngineRegistry registry;
  registry.add(info);
  return registry;
}

size_t count(const std::vector<CellResult>& results, CellState state) {
  return static_cast<size_t>(std::ranges::count(results, state, &CellResult::state));
}

}  // namespace

class TestSweep : public QObject {
  Q_OBJECT

  const std::shared_ptr<const Dataset> data_ = syntheticDataset({1, 28, 28}, 10, 1000, 100, 100, 1);
  std::unique_ptr<QTemporaryDir> folder_;
  SweepOptions options_;
  std::atomic<int> loads_ = 0;

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    options_ = {};
    options_.home = folder_->path().toStdString();
    options_.jobs = 4;
    loads_ = 0;
    options_.data = [this](const Config&) {
      ++loads_;
      return Result(data_);
    };
  }

  void gridsAreAllCombinationsInOrder() {
    const auto cells = cellsOf({{"update_interval", {"5", "7"}}, {"prune_rate", {"0.2", "0.3"}}}, 2);
    QCOMPARE(cells.size(), 8U);
    QCOMPARE(cells[0].labels, (std::vector<std::string>{"5", "0.2"}));
    QCOMPARE(cells[1].labels, cells[0].labels);
    QCOMPARE(cells[1].config.seed, 2);
    QCOMPARE(cells[2].labels, (std::vector<std::string>{"5", "0.3"}));
    QCOMPARE(cells[7].config.update_interval, 7);
    QCOMPARE(cells[7].config.prune_rate, 0.3);
    QCOMPARE(cells[7].config.batch_size, 50);
  }

  void anAxisValueMaySetSeveralParameters() {
    const Axis axis{"update_interval", {"5", {"static", {{"method", "static"}}}}};
    const auto cells = cellsOf({axis}, 1);
    QCOMPARE(cells[0].config.method, "set");
    QCOMPARE(cells[1].config.method, "static");
    QCOMPARE(cells[1].labels[0], "static");
  }

  void badGridsNameEachProblemOnce() {
    const auto grid = makeGrid(kSmall, {{"update_interval", {"0", "5"}}, {"prune_rate", {"0.1", "0.2", "7"}}}, 3);
    QVERIFY(!grid.ok());
    QCOMPARE(grid.problems().size(), 2U);
    QVERIFY(!makeGrid(kSmall, {{"upd_interval", {"1"}}}, 1).ok());
    QVERIFY(!makeGrid(kSmall, {{"update_interval", {}}}, 1).ok());
    QVERIFY(!makeGrid(kSmall, {}, 0).ok());
    QVERIFY(!makeGrid({{"method", "static"}}, {{"update_interval", {"1"}}}, 1).ok());  // it would do nothing
  }

  void everyCellIsRunAndRecorded() {
    const auto cells = cellsOf({{"update_interval", {"3", "9"}}}, 3);
    std::atomic<int> inside = 0;
    std::set<size_t> ended;
    SweepProgress last;
    options_.onCell = [&](size_t cell, const CellResult& result) {
      QCOMPARE(++inside, 1);  // one at a time
      if (result.state == CellState::Done) ended.insert(cell);
      --inside;
    };
    options_.onProgress = [&](const SweepProgress& progress) {
      QCOMPARE(++inside, 1);
      last = progress;
      --inside;
    };
    const auto results = runSweep(cells, test::fakeEngines(), options_);
    QCOMPARE(count(results, CellState::Done), 6U);
    QCOMPARE(ended.size(), 6U);
    QCOMPARE(loads_, 1);
    QCOMPARE(last.finished, 6U);
    QCOMPARE(last.stepsDone, 6 * 40.0);
    QCOMPARE(last.stepsTotal, last.stepsDone);
    QCOMPARE(last.etaSeconds, 0.0);
    std::set<double> rs;
    for (size_t i = 0; i < cells.size(); ++i) {
      const auto run = readRun(results[i].directory).take();
      QCOMPARE(run.status, StoredStatus::Done);
      QCOMPARE(run.config, cells[i].config);
      QCOMPARE(run.result.rs, results[i].result.rs);
      if (cells[i].config.update_interval == 3) rs.insert(results[i].result.rs);
    }
    QVERIFY(rs.size() > 1);  // seeds differ
  }

  void resultsDoNotDependOnTheNumberOfWorkers() {
    const auto cells = cellsOf({{"update_interval", {"3", "9"}}}, 2);
    const auto four = runSweep(cells, test::fakeEngines(), options_);
    options_.home /= "other";
    options_.jobs = 1;
    const auto one = runSweep(cells, test::fakeEngines(), options_);
    for (size_t i = 0; i < cells.size(); ++i) {
      QCOMPARE(one[i].result.rs, four[i].result.rs);
      QCOMPARE(one[i].result.testAccuracy, four[i].result.testAccuracy);
    }
  }

  void finishedCellsAreReused() {
    const auto some = cellsOf({{"update_interval", {"3"}}}, 2);
    const auto first = runSweep(some, test::fakeEngines(), options_);
    const auto more = cellsOf({{"update_interval", {"3", "9"}}}, 3, {{"mask_history_mib", "3"}});
    SweepProgress last;
    options_.onProgress = [&](const SweepProgress& progress) { last = progress; };
    const auto second = runSweep(more, test::fakeEngines(), options_);
    QCOMPARE(count(second, CellState::Reused), 2U);
    QCOMPARE(count(second, CellState::Done), 4U);
    QCOMPARE(second[0].directory, first[0].directory);
    QCOMPARE(second[1].result.rs, first[1].result.rs);
    QCOMPARE(last.reused, 2U);
    QCOMPARE(last.finished, 6U);
    QCOMPARE(listRuns(options_.home).size(), 6U);

    loads_ = 0;
    QCOMPARE(count(runSweep(more, test::fakeEngines(), options_), CellState::Reused), 6U);
    QCOMPARE(loads_, 0);  // nothing to train: no data needed
    options_.reuse = false;
    QCOMPARE(count(runSweep(some, test::fakeEngines(), options_), CellState::Done), 2U);
    QVERIFY(findFinished(options_.home, more[5].config).has_value());
    Config other = more[5].config;
    other.seed = 99;
    QVERIFY(!findFinished(options_.home, other).has_value());
  }

  void failedCellsAreTriedAgain() {
    const auto cells = cellsOf({{"update_interval", {"3"}}}, 3);
    const auto failing = std::make_shared<std::atomic<int64_t>>(2);
    const auto first = runSweep(cells, enginesFailingAt(failing), options_);
    QCOMPARE(count(first, CellState::Done), 2U);
    QCOMPARE(first[1].state, CellState::Failed);
    QVERIFY(first[1].result.reason.find("broken on purpose") != std::string::npos);
    *failing = -1;
    const auto second = runSweep(cells, enginesFailingAt(failing), options_);
    QCOMPARE(count(second, CellState::Reused), 2U);
    QCOMPARE(second[1].state, CellState::Done);
  }

  void aStopLeavesConsistentDirectories() {
    const auto cells = cellsOf({{"update_interval", {"3"}}}, 8, {{"epochs", "1000"}});
    std::stop_source stop;
    options_.jobs = 2;
    options_.stop = stop.get_token();
    options_.onProgress = [&](const SweepProgress& progress) {
      if (progress.stepsDone > 20) stop.request_stop();
    };
    const auto results = runSweep(cells, test::fakeEngines(), options_);
    QVERIFY(count(results, CellState::Stopped) >= 1 && count(results, CellState::Stopped) <= 2);
    QCOMPARE(count(results, CellState::Stopped) + count(results, CellState::Waiting), 8U);
    Problems damaged;
    const auto runs = listRuns(options_.home, &damaged);
    QVERIFY(damaged.empty());
    QCOMPARE(runs.size(), count(results, CellState::Stopped));
    for (const StoredRun& run : runs) {
      QCOMPARE(run.status, StoredStatus::Stopped);
      QVERIFY(readMetrics(run.directory).ok());
    }
    QVERIFY(!findFinished(options_.home, cells[0].config).has_value());  // a stopped run is not a result
  }

  void missingDataFailTheCellsWithTheirReason() {
    options_.data = [](const Config&) -> Result<std::shared_ptr<const Dataset>> {
      return Problem{"x", "not there"};
    };
    const auto results = runSweep(cellsOf({}, 2), test::fakeEngines(), options_);
    QCOMPARE(count(results, CellState::Failed), 2U);
    QCOMPARE(results[0].result.exitCode, ExitCode::Data);
    QCOMPARE(results[0].result.reason, "not there");
    QVERIFY(listRuns(options_.home).empty());
  }

  void aRefusingEngineLeavesNoDirectory() {
    EngineInfo info = test::fakeEngines().all().front();
    info.refusal = [](const NetworkSpec&, const Config&) { return std::string("not today"); };
    EngineRegistry engines;
    engines.add(info);
    const auto results = runSweep(cellsOf({}, 1), engines, options_);
    QCOMPARE(results[0].result.exitCode, ExitCode::Configuration);
    QVERIFY(results[0].directory.empty());
    QVERIFY(fs::is_empty(runsFolder(options_.home)));
  }

  void aHomeThatCannotBeWrittenFailsEveryCell() {
    options_.home = "/proc/none";
    const auto results = runSweep(cellsOf({}, 3), test::fakeEngines(), options_);
    QCOMPARE(count(results, CellState::Failed), 3U);
    QCOMPARE(results[0].result.exitCode, ExitCode::Disk);
  }

  void twoSweepsMayShareAHome() {
    const auto cells = cellsOf({{"update_interval", {"3"}}}, 4);
    std::vector<CellResult> other;
    {
      const std::jthread beside([&] { other = runSweep(cells, test::fakeEngines(), options_); });
      const auto results = runSweep(cells, test::fakeEngines(), options_);
      QCOMPARE(count(results, CellState::Done) + count(results, CellState::Reused), 4U);
    }
    QCOMPARE(count(other, CellState::Done) + count(other, CellState::Reused), 4U);
    Problems damaged;
    for (const StoredRun& run : listRuns(options_.home, &damaged)) QCOMPARE(run.status, StoredStatus::Done);
    QVERIFY(damaged.empty());
  }

  void theLongestCellsStartFirst() {
    const auto cells = cellsOf({{"sparsity", {"0.99", "0.5", "0.9"}}, {"update_interval", {"100", "1"}}}, 1);
    std::vector<std::pair<double, int64_t>> started;
    options_.jobs = 1;
    options_.onCell = [&](size_t cell, const CellResult& result) {
      if (result.state == CellState::Running)
        started.emplace_back(cells[cell].config.sparsity, cells[cell].config.update_interval);
    };
    runSweep(cells, test::fakeEngines(), options_);
    QCOMPARE(started.size(), 6U);
    QCOMPARE(started.front(), (std::pair<double, int64_t>{0.5, 1}));
    QCOMPARE(started.back(), (std::pair<double, int64_t>{0.99, 100}));
  }
};

QTEST_GUILESS_MAIN(TestSweep)
#include "tst_sweep.moc"
