#include "store/run_writer.h"

#include "parameters/config_builder.h"
#include "store/mask_history.h"
#include "store/record_tables.h"
#include "store/run_directory.h"
#include "store/run_log.h"
#include "training/run_error.h"

#include <fcntl.h>

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

/// The tables of a run that has begun.
struct Tables {
  GrowingFile metrics, layers, events, log;
  MaskHistoryWriter history;

  Tables(const fs::path& folder, const RunStart& start)
      : metrics(folder / "metrics.csv", headerLine(metricsColumns())),
        layers(folder / "layers.csv", headerLine(layerColumns())),
        events(folder / "events.csv", headerLine(eventColumns())),
        log(folder / "log.txt", startText(start)),
        history(folder / "masks" / "history.bin", start.initialMasks, start.config.mask_history_mib,
                start.plannedSteps / std::max<int64_t>(1, start.config.update_interval)) {}

  void flush() {
    metrics.flush();
    layers.flush();
    events.flush();
    log.flush();
  }
};

}  // namespace

struct RunWriter::Impl {
  RunDirectory directory;
  RunRecordOptions options;
  RunState state;
  std::vector<LayerInfo> layerInfo;
  std::optional<Tables> tables;
  std::string failure;
  Clock::time_point lastFlush = Clock::now(), lastHeartbeat = Clock::now();
  int64_t update = 0, recordedUpdate = -1;

  fs::path file(const char* name) const { return directory.path / name; }

  void writeState() {
    state.heartbeat = timeStamp();
    writeWhole(file("state.json"), stateJson(state));
    lastHeartbeat = Clock::now();
  }

  void begin(const RunStart& start) {
    layerInfo = start.layers;
    {
      const Descriptor reserve(file("reserve"), O_WRONLY | O_CREAT);
      if (posix_fallocate(reserve.get(), 0, kReserve) != 0) reserve.write(std::string(kReserve, '\0'));
    }
    writeNew(file("manifest.json"),
             manifestJson(start, {options.programVersion, options.commandLine, state.started}));
    fs::create_directory(file("masks"));
    tables.emplace(directory.path, start);
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
    if (recordedUpdate == update) return;
    recordedUpdate = update;
    for (size_t l = 0; l < row.layers.size() && l < layerInfo.size(); ++l)
      appendRow(
          tables->layers.buffer(), layerColumns(),
          {update, row.step, layerInfo[l].name, row.layers[l], row.layers[l].rs(), layerInfo[l].targetDensity,
           row.layers[l].initialEdgesKept()});
  }

  void end(const RunResult& result) {
    tables->log.buffer() += endText(result);
    tables->flush();
    tables->history.finish();
    std::string survival = headerLine(survivalColumns());
    for (const SurvivalPoint& point : result.survival) appendRow(survival, survivalColumns(), point);
    writeNew(file("survival.csv"), survival);
    writeEnd(result);
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
    if (!begun())
      fs::remove_all(impl_->directory.path, ignored);
    else if (impl_->failure.empty())
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

bool RunWriter::begun() const { return impl_->tables.has_value() || !impl_->failure.empty(); }
const fs::path& RunWriter::directory() const { return impl_->directory.path; }
std::string RunWriter::failure() const { return impl_->failure; }

void RunWriter::onStart(const RunStart& start) {
  impl_->guarded([&] { impl_->begin(start); });
}

void RunWriter::onMetrics(const Metrics& row) {
  impl_->record([&] {
    appendRow(impl_->tables->metrics.buffer(), metricsColumns(), row);
    impl_->recordLayers(row);
    impl_->tables->log.buffer() += metricsText(row);
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
