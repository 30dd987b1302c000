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
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace lab {

using Assignments = std::vector<std::pair<std::string, std::string>>;  ///< "key", "value"

/// One place on an axis: what it is called and what it sets.
struct AxisValue {
  std::string label;
  Assignments assignments;  ///< empty: the axis's parameter is set to the label

  AxisValue(std::string labelAndValue) : label(std::move(labelAndValue)) {}
  AxisValue(const char* labelAndValue) : label(labelAndValue) {}
  AxisValue(std::string name, Assignments sets) : label(std::move(name)), assignments(std::move(sets)) {}
};

/// One parameter of the table and the values it takes, as text.
struct Axis {
  std::string key;
  std::vector<AxisValue> values;
};

/// One run of a sweep.
struct Cell {
  Config config;
  std::vector<std::string> labels;  ///< the value of each axis, in order; the seed is in config
};

/// All combinations × seeds 1..seeds, the last axis and then the seed fastest. `fixed`: assignments beneath the
/// axes. Problems: of every cell that does not validate, each named once.
Result<std::vector<Cell>> makeGrid(const Assignments& fixed, const std::vector<Axis>& axes, int seeds);

enum class CellState { Waiting, Running, Done, Reused, Failed, Stopped };
std::string_view name(CellState state);

struct CellResult {
  CellState state = CellState::Waiting;
  RunResult result;
  std::filesystem::path directory;  ///< empty when the run could not begin
  bool finished() const { return state == CellState::Done || state == CellState::Reused; }
};

struct SweepProgress {
  size_t total = 0, finished = 0, reused = 0, failed = 0;
  double stepsDone = 0, stepsTotal = 0;  ///< of the cells that have to run
  double elapsedSeconds = 0;
  double etaSeconds = -1;  ///< negative while unknown
  double stepsPerSecond = 0;
};

struct SweepOptions {
  std::filesystem::path home;
  int jobs = 0;  ///< 0: one a core
  bool reuse = true;
  bool background = false;  ///< lowest priority, so that a machine in use stays responsive
  std::string commandLine;
  std::string programVersion;
  /// Where the data of a configuration come from; called once for all cells of one dataKey().
  std::function<Result<std::shared_ptr<const Dataset>>(const Config&)> data = loadDataset;
  /// Called on worker threads, one at a time; they must not throw.
  std::function<void(size_t cell, const CellResult&)> onCell;
  std::function<void(const SweepProgress&)> onProgress;  ///< at most 20 times a second
  std::stop_token stop;
};

/// Runs what is not there yet; failed cells are tried again at the next call. Cells are started so that the last
/// ones to finish are short. After a stop request, cells under way end as Stopped and the others stay Waiting.
std::vector<CellResult> runSweep(const std::vector<Cell>& cells, const EngineRegistry& engines,
                                 const SweepOptions& options);

/// The newest run below `home` that ended well with a configuration that gives the results of `config`.
std::optional<CellResult> findFinished(const std::filesystem::path& home, const Config& config);

}  // namespace lab
