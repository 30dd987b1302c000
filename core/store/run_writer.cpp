#include "store/run_writer.h"

#include "parameters/config_builder.h"
#include "store/checkpoint.h"
#include "store/checksums.h"
#include "store/network_tensors.h"
#include "store/record_tables.h"
#include "store/run_directory.h"
#include "store/run_lock.h"
#include "store/run_log.h"
#include "store/run_reader.h"
#include "store/run_tables.h"
#include "run_error.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace lab {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kFlushEvery = std::chrono::seconds(1);
constexpr auto kHeartbeatEvery = std::chrono::seconds(10);

/// Space kept back, so that a run that filled the disk can still record how it ended.
constexpr off_t kReserve = 64 << 10;

}  // namespace

struct RunWriter::Impl {
  RunDirectory directory;
  RunRecordOptions options;
  RunState state;
  std::vector<LayerInfo> layerInfo;
  std::optional<RunTables> tables;
  bool resumed = false, weightsWanted = false;
  int64_t step = 0;  ///< of the last row
  std::string failure;
  Clock::time_point lastFlush = Clock::now(), lastHeartbeat = Clock::now();
  int64_t update = 0, recordedUpdate = -1;

  fs::path file(const char* name) const { return directory.path / name; }

  void writeState() {
    state.heartbeat = timeStamp();
    writeWhole(file("state.json"), stateJson(state));
    lastHeartbeat = Clock::now();
  }

  void makeReserve() const {
    const Descriptor reserve(file("reserve"), O_WRONLY | O_CREAT);
    if (posix_fallocate(reserve.get(), 0, kReserve) != 0) reserve.write(std::string(kReserve, '\0'));
  }

  void begin(const RunStart& start) {
    if (tables) return;  // a resumed run has begun before
    layerInfo = start.layers;
    weightsWanted = start.config.save_weights;
    makeReserve();
    writeNew(file("manifest.json"),
             manifestJson(start, {options.programVersion, options.commandLine, state.started}));
    fs::create_directory(file("masks"));
    tables.emplace(directory.path, start);
  }

  /// Cuts the files back to what they were at the checkpoint.
  void goOn(const RunStart& start, const FoundCheckpoint& found) {
    layerInfo = start.layers;
    weightsWanted = start.config.save_weights;
    removeEnd(directory.path);
    makeReserve();
    const RecordPosition& position = found.checkpoint.record;
    tables.emplace(directory.path, start, position);
    update = position.update;
    recordedUpdate = position.recordedUpdate;
  }

  void saveCheckpoint(const RunLoopState& run) {
    Checkpoint checkpoint{run, {}};
    checkpoint.record.update = update;
    checkpoint.record.recordedUpdate = recordedUpdate;
    tables->sync(checkpoint.record);
    lab::saveCheckpoint(directory.path, checkpoint);
  }

  void flushIfDue() {
    const auto now = Clock::now();
    if (now - lastFlush < kFlushEvery) return;
    tables->flush();
    lastFlush = now;
    if (now - lastHeartbeat >= kHeartbeatEvery) writeState();
  }

  /// The layers as of a metrics row, unless no update has happened since the last ones.
  void recordLayers(const Metrics& row) {
    step = row.step;
    if (recordedUpdate == update) return;
    recordedUpdate = update;
    for (size_t l = 0; l < row.layers.size() && l < layerInfo.size(); ++l)
      appendRow(tables->layers.buffer(), layerColumns(),
                {update, row.step, layerInfo[l].name, row.layers[l], row.layers[l].rs(),
                 layerInfo[l].targetDensity, row.layers[l].initialEdgesKept()});
  }

  void saveWeights(const EngineState& network) {
    fs::create_directory(file("weights"));
    writeNew(file("weights") / "final.safetensors", packWeights(layerInfo, network, step));
  }

  void end(const RunResult& result) {
    tables->log.buffer() += endText(result);
    tables->flush();
    tables->history.finish();
    std::string survival = headerLine(survivalColumns());
    for (const SurvivalPoint& point : result.survival) appendRow(survival, survivalColumns(), point);
    writeNew(file("survival.csv"), survival);
    writeChecksums(directory.path);
    writeEnd(result);
    // Nothing is left to go on with.
    if (result.status == RunStatus::Done) fs::remove_all(file("checkpoints"));
  }

  void writeEnd(const RunResult& result) {
    std::error_code ignored;
    fs::remove(file("reserve"), ignored);
    state.status = result.status == RunStatus::Done      ? "done"
                   : result.status == RunStatus::Stopped ? "stopped"
                                                         : "failed";
    state.reason = result.reason;
    state.result = result;
    writeState();
  }

  /// After a failed write: says so in state.json if that can still be written.
  void writeFailure(RunResult result) {
    result.status = RunStatus::Failed;
    result.exitCode = ExitCode::Disk;
    result.reason = failure;
    try {
      writeEnd(result);
    } catch (const RunError&) {  // the reader sees a run that nobody holds: crashed
    }
  }

  template <class Work>
  void record(Work work) {
    if (!failure.empty() || !tables) return;
    guarded(work);
  }

  template <class Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const RunError& error) {
      failure = error.what();
      throw;
    } catch (const fs::filesystem_error& error) {
      failure = error.what();
      throw RunError(ExitCode::Disk, failure);
    }
  }
};

RunWriter::RunWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RunWriter::~RunWriter() {
  std::error_code ignored;
  try {
    if (!begun() && !impl_->resumed)
      fs::remove_all(impl_->directory.path, ignored);
    else if (begun() && impl_->failure.empty())
      impl_->tables->flush();
  } catch (const RunError&) {  // nobody is left to tell
  }
}

Result<std::unique_ptr<RunWriter>> RunWriter::create(const Config& config, const RunRecordOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->state.status = "running";
  impl->state.hash = configurationHash(config);
  impl->state.started = impl->state.heartbeat = timeStamp();
  try {
    impl->directory = makeRunDirectory(options.home, config, impl->state);
  } catch (const RunError& error) {
    return Problem{options.home.string(), error.what()};
  }
  return std::unique_ptr<RunWriter>(new RunWriter(std::move(impl)));
}

Result<RunWriter::Resumed> RunWriter::resume(const fs::path& directory, const RunRecordOptions& options) {
  const auto stored = readRun(directory);
  if (!stored) return stored.problems();
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->resumed = true;
  impl->directory = {fs::canonical(directory), lockRun(directory)};
  const StoredRun run = readRun(directory).take();  // once more: it may have ended before it was locked
  if (const std::string why = whyNoResume(run); !why.empty())
    return Problem{directory.string(), fmt::format("the run {} cannot go on: {}", run.id, why)};
  if (Problems problems = changedNetwork(directory, run.config); !problems.empty()) return problems;
  auto found = findCheckpoint(directory);
  if (!found) throw RunError(ExitCode::Data, describe(found.problems()));

  impl->state = {"running", "", run.hash, run.started, timeStamp(), {}};
  Resumed resumed{nullptr, run.config, std::nullopt, {}};
  if (found.value()) {
    restoreHistory(impl->directory.path, found.value()->file);
    auto start = readStart(directory);
    if (!start) throw RunError(ExitCode::Data, describe(start.problems()));
    impl->goOn(start.value(), *found.value());
    resumed.from = ResumePoint{start.take(), std::move(found.value()->checkpoint.run)};
    resumed.warnings = std::move(found.value()->damaged);
  } else {
    removeTables(impl->directory.path);
  }
  impl->writeState();
  resumed.writer.reset(new RunWriter(std::move(impl)));
  return resumed;
}

Result<MaskReplay> RunWriter::replay(int64_t reliableSteps) const {
  return readMaskReplay(historyFile(directory()), reliableSteps, MaskReplay::kBudget, impl_->tables->history.tail());
}

bool RunWriter::begun() const { return impl_->tables.has_value() || !impl_->failure.empty(); }
const fs::path& RunWriter::directory() const { return impl_->directory.path; }
std::string RunWriter::failure() const { return impl_->failure; }

void RunWriter::onStart(const RunStart& start) {
  impl_->guarded([&] { impl_->begin(start); });
}

void RunWriter::onMetrics(const Metrics& row) {
  impl_->record([&] {
    impl_->tables->add(row);
    impl_->recordLayers(row);
    impl_->flushIfDue();
  });
}

void RunWriter::onTopology(const TopologyEvent& event, const std::vector<LayerExploration>&) {
  impl_->record([&] {
    impl_->update = event.update;
    impl_->tables->history.add(event);
  });
}

void RunWriter::onEvent(const RunEvent& event) {
  impl_->record([&] {
    appendRow(impl_->tables->events.buffer(), eventColumns(), event);
    impl_->tables->log.buffer() += eventText(event);
    impl_->tables->flush();  // a paused run has no more rows to flush at
  });
}

void RunWriter::onCheckpoint(const RunLoopState& state) {
  impl_->record([&] { impl_->saveCheckpoint(state); });
}

bool RunWriter::wantsCheckpoints() const { return begun() && impl_->failure.empty(); }

void RunWriter::onWeights(const EngineState& state) {
  impl_->record([&] { impl_->saveWeights(state); });
}

bool RunWriter::wantsWeights() const { return impl_->weightsWanted && impl_->failure.empty(); }

void RunWriter::onEnd(const RunResult& result) {
  try {
    impl_->record([&] { impl_->end(result); });
  } catch (const RunError&) {
    impl_->writeFailure(result);
    throw;
  }
  if (!impl_->failure.empty()) impl_->writeFailure(result);
}

}  // namespace lab
