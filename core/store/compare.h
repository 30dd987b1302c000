#pragma once
// What two recorded runs differ in.

#include "result.h"
#include "store/run_reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lab {

struct Difference {
  std::string name;  ///< of a parameter, or of a column of metrics.csv
  std::string a, b;  ///< empty: not there
};

struct RowDifference {
  size_t row = 0;                       ///< from 1
  std::optional<int64_t> stepA, stepB;  ///< none: the run has fewer rows
  std::vector<Difference> columns;
};

struct Comparison {
  StoredRun a, b;
  std::vector<Difference> parameters;
  std::optional<RowDifference> firstRow;  ///< where the metrics part; the columns of clocks do not count
  size_t rowsA = 0, rowsB = 0;
};

Result<Comparison> compareRuns(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace lab
