#pragma once
// Many runs: a grid of parameter values × seeds, on all cores, one thread a run. Cells whose configuration has
// been run to the end before are reused.

#include "data/dataset.h"
#include "engines/engine.h"
#include "parameters/config.h"
#include "result.h"
#include "training/run_commands.h"
#include "training/run_observer.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace lab {

/// One parameter of the table and the values it takes, as text.
struct Axis {
  std::string key;
  std::vector<std::string> values;
};

/// One run of a sweep.
struct Cell {
  Config config;
  std::vector<std::string> labels;  ///< the value of each axis, in order; the seed is in config
};

/// All combinations × seeds 1..seeds. `fixed`: assignments beneath the axes ("key", "value").
/// Problems: of every cell that does not validate, each named once.
Result<std::vector<Cell>> makeGrid(const std::vector<std::pair<std::string, std::string>>& fixed,
                                   const std::vector<Axis>& axes, int seeds);

enum class CellState { Waiting, Running, Done, Reused, Failed, Stopped };

struct CellResult {
  CellState state = CellState::Waiting;
  RunResult result;
  std::filesystem::path directory;
};

struct SweepProgress {
  size_t total = 0, finished = 0, reused = 0, failed = 0;
  double stepsDone = 0, stepsTotal = 0;  ///< of the cells that have to run
  double elapsedSeconds = 0;
  double etaSeconds = 0;  ///< negative while unknown
  double stepsPerSecond = 0;
};

struct SweepOptions {
  std::filesystem::path home;
  int jobs = 0;  ///< 0: one a core
  bool reuse = true;
  std::string commandLine;
  std::string programVersion;
  /// Called on worker threads, one at a time.
  std::function<void(size_t cell, const CellResult&)> onCell;
  std::function<void(const SweepProgress&)> onProgress;
  std::stop_token stop;
};

/// Runs what is not there yet; failed cells are tried again at the next call. Cells are started so that the last
/// ones to finish are short.
std::vector<CellResult> runSweep(const std::vector<Cell>& cells, const EngineRegistry& engines,
                                 const SweepOptions& options);

}  // namespace lab
