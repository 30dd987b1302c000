#pragma once
// The runs of a home that ended well, by configuration.

#include "experiments/sweep.h"
#include "store/run_reader.h"

#include <map>

namespace lab {

class FinishedRuns {
 public:
  explicit FinishedRuns(const std::filesystem::path& home);

  /// The newest run with the results that `config` gives.
  std::optional<CellResult> find(const Config& config) const;

 private:
  std::multimap<std::string, StoredRun> byHash_;  ///< newest first
};

}  // namespace lab
