#include "engines/sparse/sparse_engine.h"
#include "recorded_run.h"
#include "store/checkpoint.h"
#include "store/checkpoint_fields.h"
#include "store/files.h"
#include "store/run_lock.h"
#include "store/run_reader.h"
#include "store/run_writer.h"
#include "training/observer_list.h"
#include "run_error.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <set>

using namespace lab;
using namespace lab::test;
namespace fs = std::filesystem;

namespace {

/// The number of members of a plain struct: how many values it can be made of.
struct Anything {
  template <class T>
  operator T() const;
};
template <class Struct, class... Values>
constexpr size_t members() {
  if constexpr (requires { Struct{Values{}..., Anything{}}; }) {
    return members<Struct, Values..., Anything>();
  } else {
    return sizeof...(Values);
  }
}
template <class Struct>
constexpr bool allListed() {
  return std::tuple_size_v<decltype(fields(std::declval<Struct&>()))> == members<Struct>();
}
static_assert(allListed<LayerState>() && allListed<NormState>() && allListed<EngineState>());
static_assert(allListed<TrackedLayer>() && allListed<TrackerState>() && allListed<GrowthCounts>());
static_assert(allListed<Sums>());

EngineRegistry sparseAlone() {
  EngineRegistry engines;
  engines.add(sparseEngine());
  return engines;
}

/// A small mask history budget, so that it is merged on the way.
Config mergingConfig() {
  Config config = smallConfig();
  config.hidden_widths = "120,80";
  config.update_interval = 1;
  config.report_every = 3;
  config.mask_history_mib = 0.01;
  return config;
}

/// What a person finds of a run whose program was killed at one of its rows: a copy of its directory, with lines
/// torn.
struct Killer : RunObserver {
  RunWriter& writer;
  RunCommands& commands;
  fs::path images;
  int pauseEvery;
  int rows = 0;
  std::vector<fs::path> killed;

  Killer(RunWriter& of, RunCommands& to, fs::path where, int pause)
      : writer(of), commands(to), images(std::move(where)), pauseEvery(pause) {}

  void onMetrics(const Metrics&) override {
    if (++rows % pauseEvery == 0) commands.send(Pause{});
    if (rows % 5 != 4) return;
    killed.push_back(images / std::to_string(rows));
    fs::copy(writer.directory(), killed.back(), fs::copy_options::recursive);
    for (const char* table : {"metrics.csv", "layers.csv", "events.csv", "log.txt", "masks/history.bin"})
      std::ofstream(killed.back() / table, std::ios::app) << "torn \"";
  }
  void onEvent(const RunEvent& event) override {
    if (event.kind == "pause") commands.send(Resume{});
  }
};

std::unique_ptr<RunWriter> writerIn(const fs::path& home, const Config& config) {
  auto writer = RunWriter::create(config, {home, "itoplab run", "1.2.3"});
  if (!writer) qFatal("%s", describe(writer.problems()).c_str());
  return writer.take();
}

/// Trains with a record; returns its directory.
fs::path trained(const fs::path& home, const Config& config) {
  const auto writer = writerIn(home, config);
  RunCommands commands;
  trainRun(config, smallData(), sparseAlone(), *writer, commands);
  return writer->directory();
}

/// The same until step 30.
fs::path stopped(const fs::path& home, const Config& config) {
  const auto writer = writerIn(home, config);
  struct Stopper : RunObserver {
    RunCommands commands;
    void onMetrics(const Metrics& row) override {
      if (row.step >= 30) commands.send(Stop{});
    }
  } stopper;
  ObserverList observers;
  observers.add(*writer);
  observers.add(stopper);
  if (trainRun(config, smallData(), sparseAlone(), observers, stopper.commands).status != RunStatus::Stopped)
    qFatal("the run was not stopped");
  return writer->directory();
}

RunResult goOn(const fs::path& directory) {
  auto resumed = RunWriter::resume(directory, {directory.parent_path(), "itoplab resume", "1.2.3"});
  if (!resumed) qFatal("%s", describe(resumed.problems()).c_str());
  RunCommands commands;
  RunWriter& writer = *resumed.value().writer;
  if (!resumed.value().from) return trainRun(resumed.value().config, smallData(), sparseAlone(), writer, commands);
  ResumePoint& from = *resumed.value().from;
  return resumeRun(from.start, std::move(from.state), smallData(), sparseAlone(), writer, commands);
}

/// metrics.csv without the columns of clocks.
std::string rowsOf(const fs::path& directory) {
  auto rows = readMetrics(directory).take();
  std::string text;
  for (Metrics& row : rows) {
    row.trainSeconds = row.seconds = 0;
    appendRow(text, metricsColumns(), row);
  }
  return text;
}

std::string content(const fs::path& file) { return readWhole(file).take(); }

/// A run directory with so many checkpoints made of a pause each, cut off.
fs::path cutOff(const fs::path& home, int checkpoints) {
  const Config config = mergingConfig();
  auto writer = writerIn(home, config);
  RunCommands commands;
  Killer killer(*writer, commands, home / "images", 4);
  ObserverList observers;
  observers.add(*writer);
  observers.add(killer);
  fs::create_directories(home / "images");
  trainRun(config, smallData(), sparseAlone(), observers, commands);
  fs::path image;
  for (const fs::path& each : killer.killed) {
    const bool enough = fs::exists(each / "checkpoints" / ("00000" + std::to_string(checkpoints) + ".checkpoint"));
    if (image.empty() && enough) image = each;
  }
  if (image.empty()) qFatal("no image with that many checkpoints");
  return image;
}

void damage(const fs::path& file, size_t byte) {
  std::string bytes = content(file);
  bytes[byte % bytes.size()] ^= 0x10;
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

class TestCheckpoint : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;
  fs::path home_;

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    home_ = folder_->path().toStdString();
  }

  void everyMemberComesBack() {
    Checkpoint out;
    RunLoopState& run = out.run;
    run.config = mergingConfig();
    run.config.learning_rate = 0.1 + 0.2;
    run.config.data_root = "a \"b\"\nc";
    run.pendingBatch = 3;
    run.sinceRow = {0.1, 2, 3};
    run.lastTrainLoss = 1.0 / 3;
    run.rsAtBestValidation = 0.0;
    run.flopsDense = 7;
    run.seconds = 9;
    Mask mask(70);
    mask.set(69);
    run.tracker.layers = {{mask, Mask(70, true), mask, {1}, {2}, {3}, {4}, {5}, 6, 7}};
    run.tracker.endedGrownLives = {0, 4};
    run.tracker.growth = {1, 2, 3};
    run.engine.layers = {{mask, mask, {1}, {2}, {3}, {4, 5}, {6, 7}, {8, 9}}, {}};
    run.engine.norms = {{{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}}};
    run.engine.thresholds = {0.5, -1};
    run.engine.dropThreshold = 1e-300;
    run.engine.optimizerSteps = 11;
    out.record = {1,        2, 3, 4, 5, 6, {7, 8, 9, 10, 11, 12, std::string("\0b", 2), {mask}, {Mask(70)}, {}},
                  "events", 13};

    const auto in = unpackCheckpoint(packCheckpoint(out), "here");
    QVERIFY2(in.ok(), in.ok() ? "" : describe(in.problems()).c_str());
    QCOMPARE(in.value().run.config, run.config);
    QVERIFY(in.value().run.engine == run.engine);
    QVERIFY(in.value().run.tracker == run.tracker);
    QCOMPARE(in.value().run.lastTrainLoss, run.lastTrainLoss);
    QVERIFY(!in.value().run.testAccuracy.has_value());
    QCOMPARE(in.value().run.rsAtBestValidation, run.rsAtBestValidation);
    QCOMPARE(in.value().record.history.block.size(), size_t{2});
    QCOMPARE(in.value().record.history.active, std::vector<Mask>{Mask(70)});
    QCOMPARE(packCheckpoint(in.value()), packCheckpoint(out));
  }

  void noDamageGoesUnseen() {
    Checkpoint checkpoint;
    checkpoint.run.engine.layers.resize(2);
    const std::string good = packCheckpoint(checkpoint);
    for (size_t byte = 0; byte < good.size(); ++byte) {
      std::string bad = good;
      bad[byte] ^= 1;
      QVERIFY2(!unpackCheckpoint(bad, "here").ok(), std::to_string(byte).c_str());
      QVERIFY(!unpackCheckpoint(good.substr(0, byte), "here").ok());
    }
    QVERIFY(!unpackCheckpoint(good + "x", "here").ok());
  }

  void aKilledRunGoesOnAsIfNothingHadHappened() {
    const Config config = mergingConfig();
    const fs::path whole = trained(home_ / "whole", config);
    auto writer = writerIn(home_ / "killed", config);
    RunCommands commands;
    fs::create_directories(home_ / "images");
    Killer killer(*writer, commands, home_ / "images", 6);
    ObserverList observers;
    observers.add(*writer);
    observers.add(killer);
    trainRun(config, smallData(), sparseAlone(), observers, commands);
    QVERIFY(killer.killed.size() >= 4);
    for (const fs::path& image : killer.killed) {
      QCOMPARE(readRun(image).value().status, StoredStatus::Crashed);
      const RunResult result = goOn(image);
      QCOMPARE(result.status, RunStatus::Done);
      QCOMPARE(rowsOf(image), rowsOf(whole));
      for (const char* file : {"layers.csv", "survival.csv", "masks/history.bin"})
        QVERIFY2(content(image / file) == content(whole / file), file);
      QCOMPARE(readRun(image).value().status, StoredStatus::Done);
      QCOMPARE(readRun(image).value().result.rs, readRun(whole).value().result.rs);
      QVERIFY(readEvents(image).ok());
    }
  }

  void itsWholePastIsMergedAsWell() {
    // The history has been merged since the checkpoint, so its file is another one.
    const fs::path image = cutOff(home_, 2);
    const auto kept = findCheckpoint(image).take();
    QVERIFY(kept->checkpoint.record.history.size !=
            static_cast<int64_t>(fs::file_size(image / "masks/history.bin")));
    std::ofstream(image / "masks" / "history.bin") << "something else";
    QCOMPARE(goOn(image).status, RunStatus::Done);
    QVERIFY(content(image / "masks/history.bin") ==
            content(trained(home_ / "whole", mergingConfig()) / "masks/history.bin"));
  }

  void aStoppedRunGoesOn() {
    const Config config = mergingConfig();
    const fs::path whole = trained(home_ / "whole", config);
    const fs::path directory = stopped(home_ / "stopped", config);
    QCOMPARE(readRun(directory).value().status, StoredStatus::Stopped);
    QVERIFY(fs::exists(directory / "survival.csv"));
    QCOMPARE(goOn(directory).status, RunStatus::Done);
    QCOMPARE(rowsOf(directory), rowsOf(whole));
    QVERIFY(content(directory / "masks/history.bin") == content(whole / "masks/history.bin"));
    const auto events = readEvents(directory).take();
    QCOMPARE(events.size(), size_t{2});  // the stop, and that it went on
    QCOMPARE(events[1].kind, "resume");
    QVERIFY(!RunWriter::resume(directory, {home_, "", ""}).ok());  // done
  }

  /// A network of the user's own is kept with the run, which goes on with no other.
  void aRunKeepsItsNetwork() {
    const fs::path file = fs::path(folder_->path().toStdString()) / "own.toml";
    const std::string text =
        "op = [ { kind = \"flatten\" }, { kind = \"linear\", outputs = 40 }, { kind = \"relu\" }, "
        "{ kind = \"linear\" } ]\n";
    writeWhole(file, text);
    Config config = mergingConfig();
    config.model = file.string();
    const fs::path directory = stopped(home_ / "own", config);
    QCOMPARE(content(directory / "network.toml"), text);
    writeWhole(file, "# another text\n" + text);
    const auto refused = RunWriter::resume(directory, {home_, "", ""});
    QVERIFY(!refused.ok());
    QVERIFY(describe(refused.problems()).find("own.toml has changed since the run began") != std::string::npos);
    QCOMPARE(readRun(directory).value().status, StoredStatus::Stopped);
    writeWhole(file, text);
    QCOMPARE(goOn(directory).status, RunStatus::Done);
  }

  void theNewestTwoAreKept() {
    const fs::path checkpoints = cutOff(home_, 4) / "checkpoints";
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(checkpoints)) names.insert(entry.path().filename().string());
    QCOMPARE(names,
             (std::set<std::string>{"000003.checkpoint", "000003.masks", "000004.checkpoint", "000004.masks"}));
  }

  void aDamagedNewestFallsBackLoudly() {
    const fs::path image = cutOff(home_, 3);
    const fs::path newest = image / "checkpoints/000003.checkpoint";
    damage(newest, 1000);
    auto resumed = RunWriter::resume(image, {home_, "", ""}).take();
    QCOMPARE(resumed.warnings.size(), size_t{1});
    QVERIFY(resumed.warnings[0].find("000003.checkpoint cannot be used: its SHA-256") != std::string::npos);
    QVERIFY(!fs::exists(newest));
    resumed.writer.reset();
    QCOMPARE(goOn(image).status, RunStatus::Done);
    QCOMPARE(rowsOf(image), rowsOf(trained(home_ / "whole", mergingConfig())));
  }

  void shortFilesFallBackToo() {
    const fs::path image = cutOff(home_, 3);
    const auto older = unpackCheckpoint(content(image / "checkpoints/000002.checkpoint"), "").take();
    fs::resize_file(image / "metrics.csv", static_cast<uintmax_t>(older.record.metrics));
    const auto found = findCheckpoint(image).take();
    QCOMPARE(found->file.filename().string(), "000002.checkpoint");
    QVERIFY(found->damaged[0].find("metrics.csv is shorter") != std::string::npos);
  }

  void nothingSoundIsAnError() {
    const fs::path image = cutOff(home_, 2);
    for (const char* file : {"checkpoints/000001.checkpoint", "checkpoints/000002.checkpoint"})
      damage(image / file, 99);
    try {
      static_cast<void>(RunWriter::resume(image, {home_, "", ""}));
      QFAIL("nothing thrown");
    } catch (const RunError& error) {
      QCOMPARE(error.code(), ExitCode::Data);
      QVERIFY(QByteArray(error.what()).count("cannot be used") == 2);
    }
  }

  void beforeTheFirstCheckpointItBeginsAnew() {
    Config config = mergingConfig();
    fs::path image = home_ / "image";
    {
      const auto writer = writerIn(home_ / "killed", config);
      RunCommands commands;
      Killer killer(*writer, commands, home_ / "images", 1000);
      fs::create_directories(home_ / "images");
      ObserverList observers;
      observers.add(*writer);
      observers.add(killer);
      trainRun(config, smallData(), sparseAlone(), observers, commands);
      image = killer.killed[1];
    }
    QCOMPARE(goOn(image).status, RunStatus::Done);
    QCOMPARE(rowsOf(image), rowsOf(trained(home_ / "whole", config)));
  }

  void onlyOneProcessGoesOn() {
    const fs::path image = cutOff(home_, 1);
    const Descriptor lock = lockRun(image);
    try {
      static_cast<void>(RunWriter::resume(image, {home_, "", ""}));
      QFAIL("nothing thrown");
    } catch (const RunError& error) {
      QCOMPARE(error.code(), ExitCode::Locked);
    }
  }

  void aDivergedRunKeepsItsLastGoodCheckpoint() {
    Config config = mergingConfig();
    config.learning_rate = 1e6;
    config.report_every = 1;
    const auto writer = writerIn(home_, config);
    RunCommands commands;
    Killer killer(*writer, commands, home_ / "images", 1);
    fs::create_directories(home_ / "images");
    ObserverList observers;
    observers.add(*writer);
    observers.add(killer);
    QCOMPARE(trainRun(config, smallData(), sparseAlone(), observers, commands).exitCode, ExitCode::Diverged);
    const auto found = findCheckpoint(writer->directory()).take();
    QVERIFY(found.has_value());
    QVERIFY(isFinite(found->checkpoint.run.engine));
  }
};

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "tst_checkpoint.moc"
