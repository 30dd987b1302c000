#include "experiments/sweep.h"

#include "experiments/finished_runs.h"
#include "experiments/packed_cells.h"
#include "experiments/sweep_clock.h"
#include "store/run_writer.h"
#include "training/observer_list.h"
#include "run_error.h"
#include "training/trainer.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>

namespace lab {

namespace {

using Data = Result<std::shared_ptr<const Dataset>>;

RunResult failure(ExitCode code, std::string reason) {
  RunResult result;
  result.status = RunStatus::Failed;
  result.exitCode = code;
  result.reason = std::move(reason);
  return result;
}

/// Only this thread: Linux keeps the nice value a thread.
void lowerPriority() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19); }

class Sweep {
 public:
  Sweep(const std::vector<Cell>& cells, const EngineRegistry& engines, const SweepOptions& options)
      : cells_(cells), engines_(engines), options_(options), results_(cells.size()) {}

  std::vector<CellResult> run() {
    reuse();
    loadData();
    order();
    const size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const size_t jobs = options_.jobs > 0 ? static_cast<size_t>(options_.jobs) : cores;
    tellProgress(true);
    {
      std::vector<std::jthread> workers;
      for (size_t w = 0; w < std::min(jobs, queue_.size()); ++w) workers.emplace_back([this] { work(); });
    }
    tellProgress(true);
    return std::move(results_);
  }

 private:
  /// Tells the sweep how far its run is.
  struct StepCounter : RunObserver {
    Sweep& sweep;
    size_t cell;
    StepCounter(Sweep& owner, size_t index) : sweep(owner), cell(index) {}
    void onMetrics(const Metrics& row) override {
      const std::lock_guard lock(sweep.mutex_);
      sweep.clock_->stepsDone(cell, static_cast<double>(row.step), static_cast<double>(row.plannedSteps));
      sweep.tellProgress(false);
    }
  };

  void reuse() {
    if (options_.reuse) {
      const FinishedRuns finished(options_.home);
      for (size_t i = 0; i < cells_.size(); ++i)
        if (auto done = finished.find(cells_[i].config)) {
          results_[i] = std::move(*done);
          tellCell(i);
        } else if (auto run = finished.findInterrupted(cells_[i].config); !run.empty()) {
          interrupted_.emplace(i, std::move(run));
        }
    }
    const auto reused = std::ranges::count(results_, CellState::Reused, &CellResult::state);
    clock_.emplace(cells_.size(), static_cast<size_t>(reused));
  }

  void loadData() {
    for (size_t i = 0; i < cells_.size(); ++i) {
      const Config& config = cells_[i].config;
      if (results_[i].state == CellState::Waiting && !data_.contains(dataKey(config)))
        data_.emplace(dataKey(config), options_.data(config));
    }
  }

  /// Longest first, so that no worker is left alone with a long run at the end; runs that can be packed together.
  void order() {
    std::map<size_t, double> cost;
    std::vector<size_t> byCost;
    for (size_t i = 0; i < cells_.size(); ++i) {
      if (results_[i].state != CellState::Waiting) continue;
      const Config& config = cells_[i].config;
      const Data& data = dataOf(i);
      const int64_t samples = data ? data.value()->train.count : 0;
      const int64_t steps = (samples + config.batch_size - 1) / config.batch_size * config.totalEpochs();
      cost[i] = estimatedCost(config, samples);
      clock_->expect(i, cost[i], static_cast<double>(steps));
      byCost.push_back(i);
    }
    std::ranges::stable_sort(byCost, [&](size_t a, size_t b) { return cost[a] > cost[b]; });
    queue_ = groupCells(cells_, byCost, engines_, [this](size_t i) {
      const Data& data = dataOf(i);
      return data ? data.value() : nullptr;
    });
  }

  void work() {
    if (options_.background) lowerPriority();
    for (size_t place = next_++; place < queue_.size() && !options_.stop.stop_requested(); place = next_++)
      runGroup(queue_[place]);
  }

  void runGroup(const std::vector<size_t>& group) {
    if (group.size() == 1) return runCell(group.front(), engines_);
    std::vector<EngineSetup> setups;
    for (const size_t i : group) setups.push_back(setupOf(configOf(i), dataOf(i).value()));
    PackedCells packed(engines_, std::move(setups));
    std::vector<std::jthread> runs;
    std::vector<size_t> left;
    for (size_t member = 0; member < group.size(); ++member) try {
        runs.emplace_back([&, member] {
          runCell(group[member], packed.enginesOf(member));
          packed.release(member);
        });
      } catch (const std::system_error&) {  // no more threads: the others must not wait for this one
        packed.release(member);
        left.push_back(group[member]);
      }
    runs.clear();
    for (const size_t i : left) runCell(i, engines_);
  }

  const Data& dataOf(size_t i) const { return data_.at(dataKey(cells_[i].config)); }

  Config configOf(size_t i) const {
    Config config = cells_[i].config;
    config.threads = 1;
    return config;
  }

  void runCell(size_t i, const EngineRegistry& engines) {
    setResult(i, {CellState::Running, {}, {}});
    CellResult done;
    try {
      done = trained(i, engines);
    } catch (const std::exception& error) {  // trainRun throws nothing; making the record may run out of memory
      done.result = failure(ExitCode::Internal, error.what());
    }
    done.state = done.result.status == RunStatus::Done      ? CellState::Done
                 : done.result.status == RunStatus::Stopped ? CellState::Stopped
                                                            : CellState::Failed;
    setResult(i, std::move(done));
  }

  CellResult trained(size_t i, const EngineRegistry& engines) {
    CellResult done;
    const Config config = configOf(i);
    const Data& data = dataOf(i);
    if (!data) {
      done.result = failure(ExitCode::Data, describe(data.problems()));
      return done;
    }
    if (auto resumed = resume(i)) return goOn(i, std::move(*resumed), data.value(), engines);
    auto writer = RunWriter::create(config, {options_.home, options_.commandLine, options_.programVersion});
    if (!writer) {
      done.result = failure(ExitCode::Disk, describe(writer.problems()));
      return done;
    }
    StepCounter counter(*this, i);
    ObserverList observers;
    observers.add(*writer.value());
    observers.add(counter);
    RunCommands commands;
    done.result = trainRun(config, data.value(), engines, observers, commands, options_.stop);
    if (writer.value()->begun()) done.directory = writer.value()->directory();
    return done;
  }

  /// The cell's interrupted run, if it can go on.
  std::optional<RunWriter::Resumed> resume(size_t i) const {
    const auto run = interrupted_.find(i);
    if (run == interrupted_.end()) return std::nullopt;
    try {
      auto resumed =
          RunWriter::resume(run->second, {options_.home, options_.commandLine, options_.programVersion});
      if (resumed && resumed.value().from) return resumed.take();
    } catch (const RunError&) {  // another process has it, or nothing sound is left of it: the cell begins anew
    }
    return std::nullopt;
  }

  CellResult goOn(size_t i, RunWriter::Resumed resumed, const std::shared_ptr<const Dataset>& data,
                  const EngineRegistry& engines) {
    StepCounter counter(*this, i);
    ObserverList observers;
    observers.add(*resumed.writer);
    observers.add(counter);
    RunCommands commands;
    CellResult done;
    done.result = resumeRun(resumed.from->start, std::move(resumed.from->state), data, engines, observers,
                            commands, options_.stop);
    done.directory = resumed.writer->directory();
    return done;
  }

  void setResult(size_t i, CellResult result) {
    const std::lock_guard lock(mutex_);
    results_[i] = std::move(result);
    if (results_[i].state == CellState::Done) clock_->finished(i);
    if (results_[i].state == CellState::Failed) clock_->failed(i);
    tellCell(i);
    tellProgress(true);
  }

  void tellCell(size_t i) const {
    if (options_.onCell) options_.onCell(i, results_[i]);
  }

  void tellProgress(bool always) {
    const auto now = std::chrono::steady_clock::now();
    if (!options_.onProgress || (!always && now - lastTold_ < std::chrono::milliseconds(50))) return;
    lastTold_ = now;
    options_.onProgress(clock_->progress());
  }

  const std::vector<Cell>& cells_;
  const EngineRegistry& engines_;
  const SweepOptions& options_;
  std::vector<CellResult> results_;
  std::optional<SweepClock> clock_;
  std::map<size_t, std::filesystem::path> interrupted_;  ///< runs of cells that can go on
  std::map<std::string, Data> data_;  ///< by dataKey()
  std::vector<std::vector<size_t>> queue_;  ///< cells that a worker runs at once
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point lastTold_{};
};

}  // namespace

std::string_view name(CellState state) {
  switch (state) {
    case CellState::Waiting:
      return "waiting";
    case CellState::Running:
      return "running";
    case CellState::Done:
      return "done";
    case CellState::Reused:
      return "reused";
    case CellState::Failed:
      return "failed";
    case CellState::Stopped:
      return "stopped";
  }
  return "";
}

std::vector<CellResult> runSweep(const std::vector<Cell>& cells, const EngineRegistry& engines,
                                 const SweepOptions& options) {
  return Sweep(cells, engines, options).run();
}

}  // namespace lab
