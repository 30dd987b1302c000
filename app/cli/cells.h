#pragma once
// Runs the cells of a sweep or a figure with progress on standard error.

#include "terminal.h"

#include "experiments/sweep.h"

#include <filesystem>
#include <vector>

namespace lab::cli {

struct CellsOutcome {
  std::vector<CellResult> results;
  size_t reused = 0;
  double seconds = 0;
  bool interrupted = false;
  int exitCode = 0;  ///< of the interruption, else of the first failed cell
};

/// `what` begins the messages. Failures are named on standard error, each reason once.
CellsOutcome runCells(const std::vector<Cell>& cells, const std::filesystem::path& home, int jobs,
                      Loudness loudness, const std::string& what);

}  // namespace lab::cli
