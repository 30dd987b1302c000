#pragma once
// The runs of a sweep as tables: one row a run, and one a combination of axis values.

#include "experiments/sweep.h"

#include <string>
#include <vector>

namespace lab {

/// The finished runs of one combination of axis values, one a seed.
struct Combination {
  std::vector<std::string> labels;
  std::vector<double> accuracy, rs;  ///< [run], fractions
};

/// In the order of `cells`, whose seeds stand next to each other. Combinations without finished runs are there, empty.
std::vector<Combination> combine(const std::vector<Cell>& cells, const std::vector<CellResult>& results);

/// sweep.csv: a row a run.
std::string sweepRunsCsv(const std::vector<std::string>& keys, const std::vector<Cell>& cells,
                         const std::vector<CellResult>& results);

/// sweep.summary.csv: a row a combination, mean and standard deviation.
std::string sweepSummaryCsv(const std::vector<std::string>& keys, const std::vector<Combination>& combinations);

std::vector<std::string> keysOf(const std::vector<Axis>& axes);

}  // namespace lab
