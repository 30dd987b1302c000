// Everything that runs on several threads, without Qt (which is not instrumented for the thread sanitizer):
// sweeps, commands to a run under way, and the sparse engine's own threads. A wrong result is an error of its own,
// so the program also means something where no sanitizer watches.

#include "engines/sparse/sparse_engine.h"
#include "experiments/sweep.h"
#include "parameters/config_builder.h"
#include "training/trainer.h"

#include <unistd.h>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace {

using namespace lab;

constexpr int64_t kEndlessEpochs = 100000;

int failures = 0;

void check(bool right, const char* what) {
  std::printf("%s: %s\n", right ? "PASS" : "FAIL", what);
  if (!right) ++failures;
}

EngineRegistry sparseOnly() {
  EngineRegistry engines;
  engines.add(sparseEngine());
  return engines;
}

Config smallRun(int64_t epochs, int64_t threads) {
  Config config;
  config.hidden_widths = "96,48";
  config.sparsity = 0.9;
  config.update_interval = 5;
  config.batch_size = 64;
  config.epochs = epochs;
  config.threads = threads;
  config.engine = "sparse";
  return config;
}

std::shared_ptr<const Dataset> smallData() { return syntheticDataset({1, 16, 16}, 10, 2000, 200, 200, 7); }

bool sameNumbers(const RunResult& a, const RunResult& b) {
  return a.status == RunStatus::Done && b.status == RunStatus::Done && a.testAccuracy == b.testAccuracy &&
         a.finalTrainLoss == b.finalTrainLoss && a.rs == b.rs && a.steps == b.steps &&
         a.topologyUpdates == b.topologyUpdates;
}

/// Lets another thread wait until the run has told something, or is over.
class Listener : public RunObserver {
 public:
  void onEvent(const RunEvent& event) override { heard(event.kind); }
  void onSnapshot(std::shared_ptr<const MaskSnapshot>) override { heard("snapshot"); }
  void onTopology(const TopologyEvent&, const std::vector<LayerExploration>&) override { heard("update"); }

  void waitFor(const std::string& kind) {
    std::unique_lock lock(mutex_);
    told_.wait(lock, [&] { return heard_.contains(kind) || heard_.contains("end"); });
  }

  void heard(const std::string& kind) {
    {
      const std::lock_guard lock(mutex_);
      heard_.insert(kind);
    }
    told_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  std::set<std::string> heard_;
};

void engineThreads() {
  RunObserver nobody;
  RunCommands none;
  const EngineRegistry engines = sparseOnly();
  const auto data = smallData();
  const RunResult first = trainRun(smallRun(2, 3), data, engines, nobody, none);
  const RunResult second = trainRun(smallRun(2, 3), data, engines, nobody, none);
  check(sameNumbers(first, second), "a run on three threads repeats bit for bit");
  check(first.testAccuracy.value_or(0) > 0.5, "and learns");
}

void commandsFromOutside() {
  Listener listener;
  RunCommands commands;
  const EngineRegistry engines = sparseOnly();
  RunResult result;
  std::thread run([&] {
    result = trainRun(smallRun(kEndlessEpochs, 2), smallData(), engines, listener, commands);
    listener.heard("end");
  });

  listener.waitFor("update");
  commands.send(Pause{});
  listener.waitFor("pause");
  commands.send(SetParameter{"update_interval", "7"});
  listener.waitFor("change");
  commands.send(TakeSnapshot{});
  listener.waitFor("snapshot");
  commands.send(Resume{});
  listener.waitFor("resume");
  commands.send(SetParameter{"dataset", "mnist"});
  listener.waitFor("warning");
  commands.send(Stop{});
  run.join();
  check(result.status == RunStatus::Stopped,
        "a run paused, changed, resumed and stopped from outside ends as stopped");
  check(result.steps > 0 && result.topologyUpdates > 0, "and says what it did until then");
}

void stopToken() {
  Listener listener;
  RunCommands commands;
  const EngineRegistry engines = sparseOnly();
  std::stop_source stop;
  RunResult result;
  std::thread run([&] {
    result = trainRun(smallRun(kEndlessEpochs, 1), smallData(), engines, listener, commands, stop.get_token());
    listener.heard("end");
  });
  commands.send(Pause{});
  listener.waitFor("pause");
  stop.request_stop();
  run.join();
  check(result.status == RunStatus::Stopped, "a stop request ends even a paused run");
}

std::vector<CellResult> sweep(const std::vector<Cell>& cells, const std::filesystem::path& home, int jobs) {
  SweepOptions options;
  options.home = home;
  options.jobs = jobs;
  size_t told = 0, finished = 0;
  options.onCell = [&](size_t, const CellResult& cell) { told += cell.state == CellState::Done; };
  options.onProgress = [&](const SweepProgress& progress) { finished = progress.finished; };
  auto results = runSweep(cells, sparseOnly(), options);
  check(told == cells.size() && finished == cells.size(), "a sweep tells of each cell");
  return results;
}

void sweepJobs(const std::filesystem::path& folder) {
  const auto cells = makeGrid({{"hidden_widths", "24,16"},
                               {"sparsity", "0.8"},
                               {"epochs", "1"},
                               {"batch_size", "500"},
                               {"engine", "sparse"}},
                              {{"update_interval", {"10", "40"}}}, 3);
  if (!cells) return check(false, describe(cells.problems()).c_str());
  const auto alone = sweep(cells.value(), folder / "alone", 1);
  const auto together = sweep(cells.value(), folder / "together", 3);
  bool same = alone.size() == 6 && together.size() == 6;
  for (size_t i = 0; same && i < alone.size(); ++i) same = sameNumbers(alone[i].result, together[i].result);
  check(same, "three jobs give the numbers of one, bit for bit");
}

}  // namespace

int main() {
  engineThreads();
  commandsFromOutside();
  stopToken();
  std::string folder = (std::filesystem::temp_directory_path() / "race_check.XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    std::perror("race_check: temporary folder");
    return EXIT_FAILURE;
  }
  sweepJobs(folder);
  std::filesystem::remove_all(folder);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
