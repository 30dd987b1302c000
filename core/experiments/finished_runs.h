#pragma once
// The runs of a home that ended well, by configuration.

#include "experiments/sweep.h"
#include "store/run_reader.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lab {

class FinishedRuns {
 public:
  explicit FinishedRuns(const std::filesystem::path& home);
  explicit FinishedRuns(std::vector<StoredRun> runs);  ///< newest first

  /// The newest run with the results that `config` gives. Runs whose parameters were changed under way gave
  /// others.
  std::optional<CellResult> find(const Config& config) const;

 private:
  std::multimap<std::string, StoredRun> byHash_;  ///< newest first
};

}  // namespace lab
