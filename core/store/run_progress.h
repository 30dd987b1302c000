#pragma once
// How far a run has come that has no result yet: the end of its metrics.csv.

#include <cstdint>
#include <filesystem>
#include <optional>

namespace lab {

struct StoredProgress {
  int64_t step = 0, plannedSteps = 0;
  double rs = 0;
  std::optional<double> testAccuracy;  ///< of the last evaluation among the rows read
  /// 0 to 1.
  double fraction() const;
  bool operator==(const StoredProgress&) const = default;
};

/// Reads the last few rows only, however long the run is. Nothing before the first row.
std::optional<StoredProgress> readProgress(const std::filesystem::path& run);

}  // namespace lab
