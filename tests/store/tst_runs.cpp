#include "run_error.h"
#include "run_fixture.h"
#include "store/files.h"
#include "store/mask_history.h"
#include "store/paths.h"
#include "store/run_lock.h"
#include "store/run_reader.h"
#include "store/run_writer.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>
#include <nlohmann/json.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

using namespace lab;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<RunWriter> writerIn(const fs::path& home, const Config& config = smallConfig()) {
  auto writer = RunWriter::create(config, {home, "itoplab run --x", "1.2.3"});
  if (!writer) qFatal("%s", describe(writer.problems()).c_str());
  return writer.take();
}

/// Start, three updates, rows in between.
void tell(RunWriter& writer, const Config& config = smallConfig()) {
  writer.onStart(smallStart(config));
  writer.onMetrics(smallRow(0));
  for (int64_t update = 1; update <= 3; ++update) writer.onTopology(smallUpdate(update), {});
  writer.onMetrics(smallRow(10));
  writer.onMetrics(smallRow(20));
  writer.onEvent({20, 2, "change", "update_interval", "7", "9", "ΔT 7 → 9, \"soon\""});
}

/// No file of this process grows beyond so many bytes until the end of the block: a full disk.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

bool hasName(const RunWriter& writer, const char* pattern) {
  const std::string id = writer.directory().filename().string();
  return QRegularExpression(pattern).match(QString::fromStdString(id)).hasMatch();
}

std::vector<fs::path> entries(const fs::path& folder) {
  return {fs::directory_iterator(folder), fs::directory_iterator()};
}

}  // namespace

class TestRuns : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;
  fs::path home_;

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    home_ = pathOf(*folder_);
  }

  void theDirectoryIsNamedAfterTheRun() {
    const auto writer = writerIn(home_);
    QVERIFY(hasName(*writer, R"(^\d{8}-\d{4}-mlp-set-s99\.5-[0-9a-f]{4}$)"));
    QCOMPARE(writer->directory().parent_path(), runsFolder(home_));
    Config dense = defaultsFor("dense");
    QVERIFY(hasName(*writerIn(home_, dense), R"(^\d{8}-\d{4}-mlp-dense-[0-9a-f]{4}$)"));
  }

  void everythingToldComesBack() {
    const Config config = smallConfig();
    auto writer = writerIn(home_, config);
    const fs::path directory = writer->directory();
    tell(*writer, config);
    writer->onEnd(smallResult());
    writer.reset();

    const auto run = readRun(directory);
    QVERIFY2(run.ok(), run.ok() ? "" : describe(run.problems()).c_str());
    QCOMPARE(run.value().status, StoredStatus::Done);
    QCOMPARE(run.value().config, config);
    QCOMPARE(run.value().hash, configurationHash(config));
    const RunResult expected = smallResult();
    const RunResult& result = run.value().result;
    QCOMPARE(result.testAccuracy, expected.testAccuracy);
    QCOMPARE(result.bestValidationAccuracy, expected.bestValidationAccuracy);
    QVERIFY(!result.rsAtBestValidation.has_value());
    QCOMPARE(result.rs, expected.rs);
    QCOMPARE(result.reliable, expected.reliable);
    QCOMPARE(result.survived, expected.survived);
    QCOMPARE(result.growth.wasted, expected.growth.wasted);
    QCOMPARE(result.steps, expected.steps);
    QCOMPARE(result.trainFlopsRelativeToDense, expected.trainFlopsRelativeToDense);
    QCOMPARE(result.layerInfo.size(), 2U);
    QCOMPARE(result.layerInfo[0].shape, expected.layerInfo[0].shape);
    QCOMPARE(result.layers[0].activeReliable, expected.layers[0].activeReliable);
    QVERIFY(result.layers[0].countsAsDense);
    QVERIFY(result.lifeSums == expected.lifeSums);
    QCOMPARE(result.activeSteps, expected.activeSteps);
    QCOMPARE(result.initialEdgesKept, expected.initialEdgesKept);
    QVERIFY(result.layers == expected.layers);
    const auto survival = readSurvival(directory).take();
    QCOMPARE(survival.size(), 2U);
    QCOMPARE(survival[1].survival, 0.5);

    const auto start = readStart(directory).take();
    QCOMPARE(start.engineWhy, "because");
    QVERIFY(start.sparseArithmetic);
    QCOMPARE(start.plannedSteps, 100);
    QCOMPARE(start.dataChecksums.at("train.gz"), "abc");
    QCOMPARE(start.initialMasks, smallStart(config).initialMasks);
    QCOMPARE(start.layers[1].targetDensity, 0.5);

    const auto metrics = readMetrics(directory).take();
    QCOMPARE(metrics.size(), 3U);
    QCOMPARE(metrics[2].step, 20);
    QCOMPARE(metrics[2].trainLoss, std::optional(1.0 / 3));
    const auto events = readEvents(directory).take();
    QCOMPARE(events.size(), 1U);
    QCOMPARE(events[0].message, "ΔT 7 → 9, \"soon\"");
    const auto history = readMaskHistory(historyFile(directory)).take();
    QVERIFY(history.complete);
    QCOMPARE(history.entries.size(), 3U);
    QVERIFY(history.at(3).active[0].test(10) && !history.at(3).active[0].test(2));
    QVERIFY(readWhole(directory / "log.txt").value().find("done: test accuracy 30.00 %") != std::string::npos);
    QVERIFY(!fs::exists(directory / "reserve"));
  }

  void theTablesAreTheGoldenOnes() {
    auto writer = writerIn(home_);
    tell(*writer);
    writer->onEnd(smallResult());
    for (const char* table : {"metrics.csv", "layers.csv", "events.csv", "survival.csv"})
      QCOMPARE(QString::fromStdString(readWhole(writer->directory() / table).take()),
               QString::fromStdString(readWhole(fs::path(LAB_SOURCE_DIR "/tests/golden/run") / table).take()));
  }

  void layersAreWrittenOnceAnUpdateAtMost() {
    auto writer = writerIn(home_);
    tell(*writer);
    writer->onEnd(smallResult());
    const auto rows = readLayers(writer->directory()).take();
    QCOMPARE(rows.size(),
             4U);  // two layers at the start, two after update 3; the row at step 20 has seen no other
    QCOMPARE(rows[2].update, 3);
    QCOMPARE(rows[2].step, 10);
    QCOMPARE(rows[2].rs, 0.25);
  }

  void theManifestSaysWhatMadeTheRun() {
    auto writer = writerIn(home_);
    tell(*writer);
    const auto manifest = nlohmann::json::parse(readWhole(writer->directory() / "manifest.json").take());
    QCOMPARE(manifest["program"]["version"].get<std::string>(), "1.2.3");
    QCOMPARE(manifest["command_line"].get<std::string>(), "itoplab run --x");
    QCOMPARE(manifest["engine"]["sparsity"].get<std::string>(), "real");
    QCOMPARE(manifest["update_order"].get<std::string>(), "itop");
    QCOMPARE(manifest["numerics_version"].get<int>(), kNumericsVersion);
    QVERIFY(manifest["machine"]["cores"].get<int>() >= 1);
    QVERIFY(!manifest["machine"]["cpu"].get<std::string>().empty());
  }

  void aRunThatNeverBeganLeavesNothing() {
    const fs::path directory = writerIn(home_)->directory();
    QVERIFY(!fs::exists(directory));
    QVERIFY(entries(runsFolder(home_)).empty());
  }

  void statusFollowsTheWriter() {
    auto writer = writerIn(home_);
    const fs::path directory = writer->directory();
    tell(*writer);
    QCOMPARE(readRun(directory).value().status, StoredStatus::Running);
    QVERIFY(isLocked(directory));
    QVERIFY_THROWS_EXCEPTION(RunError, lockRun(directory));
    writer.reset();  // as when the program dies
    QCOMPARE(readRun(directory).value().status, StoredStatus::Crashed);
    QVERIFY(readRun(directory).value().reason.find("last seen 20") != std::string::npos);
    QCOMPARE(readMetrics(directory).value().size(), 3U);  // the rows so far are there
  }

  void aKilledProcessLeavesACrashedRunWithItsEvents() {
    const pid_t child = fork();
    if (child == 0) {
      auto writer = writerIn(home_);
      tell(*writer);
      kill(getpid(), SIGKILL);
    }
    waitpid(child, nullptr, 0);
    const auto runs = listRuns(home_);
    QCOMPARE(runs.size(), 1U);
    QCOMPARE(runs[0].status, StoredStatus::Crashed);
    QCOMPARE(readEvents(runs[0].directory).value().size(), 1U);
  }

  void stoppedAndFailedRunsSayWhy() {
    for (const auto& [status, stored] : {std::pair(RunStatus::Stopped, StoredStatus::Stopped),
                                         std::pair(RunStatus::Failed, StoredStatus::Failed)}) {
      auto writer = writerIn(home_);
      tell(*writer);
      RunResult result = smallResult();
      result.status = status;
      result.reason = "for a reason";
      result.exitCode = ExitCode::Diverged;
      result.finalTrainLoss = std::nan("");
      writer->onEnd(result);
      const auto run = readRun(writer->directory()).take();
      QCOMPARE(run.status, stored);
      QCOMPARE(run.reason, "for a reason");
      QCOMPARE(run.result.status, status);
      QCOMPARE(run.result.exitCode, ExitCode::Diverged);
    }
  }

  void aFullDiskEndsTheRunAndKeepsItsRows() {
    auto writer = writerIn(home_);
    const fs::path directory = writer->directory();
    tell(*writer);
    QVERIFY(writer->failure().empty());
    {
      const FileLimit limit(6000);  // state.json of a few kilobytes still fits
      try {
        for (int64_t step = 30; step < 3000; ++step) writer->onMetrics(smallRow(step));
        writer->onEvent({30, 3, "pause", "", "", "", "flushes"});
        QFAIL("nothing thrown");
      } catch (const RunError& error) {
        QCOMPARE(error.code(), ExitCode::Disk);
      }
      QVERIFY(writer->failure().find("metrics.csv: File too large") != std::string::npos);
      writer->onMetrics(smallRow(4000));  // does nothing, throws nothing
      RunResult failed = smallResult();
      failed.status = RunStatus::Failed;
      failed.exitCode = ExitCode::Disk;
      writer->onEnd(failed);
    }
    writer.reset();
    const auto run = readRun(directory).take();
    QCOMPARE(run.status, StoredStatus::Failed);
    QCOMPARE(run.result.exitCode, ExitCode::Disk);
    QVERIFY(run.reason.find("metrics.csv") != std::string::npos);
    const auto rows = readMetrics(directory);
    QVERIFY2(rows.ok(), rows.ok() ? "" : describe(rows.problems()).c_str());
    QVERIFY(rows.value().size() > 10);
    for (size_t i = 3; i < rows.value().size(); ++i) QCOMPARE(rows.value()[i].step, static_cast<int64_t>(27 + i));
  }

  void aDiskThatFillsAtTheEndTurnsDoneIntoFailed() {
    auto writer = writerIn(home_);
    tell(*writer);
    RunResult result = smallResult();
    for (int64_t age = 0; age < 3000; ++age) result.survival.push_back({age, 0.5, 1});
    {
      const FileLimit limit(6000);
      QVERIFY_THROWS_EXCEPTION(RunError, writer->onEnd(result));
    }
    const auto run = readRun(writer->directory()).take();
    QCOMPARE(run.status, StoredStatus::Failed);
    QVERIFY(run.reason.find("survival.csv") != std::string::npos);
  }

  void aHomeThatCannotBeWrittenIsAProblem() {
    std::ofstream(home_ / "runs") << "in the way";
    const auto writer = RunWriter::create(smallConfig(), {home_, "", ""});
    QVERIFY(!writer.ok());
    const std::string said = describe(writer.problems());
    QVERIFY2(said.find((home_ / "runs").string()) != std::string::npos, said.c_str());
    {
      fs::remove(home_ / "runs");
      const FileLimit limit(100);
      const auto full = RunWriter::create(smallConfig(), {home_, "", ""});
      QVERIFY(!full.ok());
      QVERIFY(describe(full.problems()).find("config.toml") != std::string::npos);
    }
    QVERIFY(entries(runsFolder(home_)).empty());
  }

  void listsNewestFirstAndNamesTheDamaged() {
    std::vector<fs::path> made;
    for (int i = 0; i < 4; ++i) {
      auto writer = writerIn(home_);
      tell(*writer);
      writer->onEnd(smallResult());
      made.push_back(writer->directory());
      // The time of creation has milliseconds; here it is set, so that the order is sure.
      auto state = nlohmann::json::parse(readWhole(made.back() / "state.json").take());
      state["started"] = "2026-01-0" + std::to_string(i + 1) + "T00:00:00.000Z";
      writeWhole(made.back() / "state.json", state.dump());
    }
    std::ofstream(made[1] / "state.json") << "{\"status\": 3}";
    std::ofstream(made[2] / "config.toml") << "sparsity = 2.0\n";
    fs::create_directory(runsFolder(home_) / "empty");
    Problems damaged;
    const auto runs = listRuns(home_, &damaged);
    QCOMPARE(runs.size(), 2U);
    QCOMPARE(runs[0].directory, made[3]);
    QCOMPARE(runs[1].directory, made[0]);
    const std::string said = describe(damaged);
    for (const char* part : {"state.json is damaged", "sparsity", "empty is not a run directory"})
      QVERIFY2(said.find(part) != std::string::npos, said.c_str());
    QCOMPARE(findRun(home_, "latest").value(), made[3]);
    QVERIFY(listRuns(home_ / "none").empty());
  }

  void findsRunsByPathIdAndBeginning() {
    const fs::path runs = runsFolder(home_);
    for (const char* id : {"20260101-mlp-a", "20260101-mlp-ab", "20260102-mlp-c"})
      fs::create_directories(runs / id);
    QCOMPARE(findRun(home_, "20260102").value(), runs / "20260102-mlp-c");
    QCOMPARE(findRun(home_, "20260101-mlp-a").value(),
             runs / "20260101-mlp-a");  // whole, though another begins so
    QCOMPARE(findRun(home_, (runs / "20260101-mlp-ab").string()).value(), runs / "20260101-mlp-ab");
    const std::string several = describe(findRun(home_, "20260101").problems());
    QVERIFY2(several.find("beginning of 2 runs") != std::string::npos, several.c_str());
    QVERIFY(!findRun(home_, "2027").ok());
    QVERIFY(!findRun(home_, "").ok());
    QVERIFY(!findRun(home_ / "none", "latest").ok());
  }

  void damagedFilesOfARunAreNamed() {
    auto writer = writerIn(home_);
    tell(*writer);
    writer->onEnd(smallResult());
    const fs::path directory = writer->directory();
    for (const char* file : {"state.json", "manifest.json", "metrics.csv", "config.toml"}) {
      const std::string good = readWhole(directory / file).take();
      std::ofstream(directory / file) << good.substr(good.size() / 3, good.size() / 3) << "\n\n";
      const auto run = readRun(directory);
      const auto start = readStart(directory);
      const auto metrics = readMetrics(directory);
      QVERIFY2(!run.ok() || !start.ok() || !metrics.ok(), file);
      std::ofstream(directory / file) << good;
    }
    QVERIFY(readRun(directory).ok());
  }
};

QTEST_GUILESS_MAIN(TestRuns)
#include "tst_runs.moc"
