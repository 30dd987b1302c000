#pragma once
// The runs of a home by configuration: those that ended well, and those that were cut off and can go on.

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

  /// The newest run of the same kind that was stopped or cut off and has a checkpoint; empty when there is none.
  std::filesystem::path findInterrupted(const Config& config) const;

 private:
  using ByHash = std::multimap<std::string, StoredRun>;  ///< newest first
  static const StoredRun* find(const ByHash& runs, const Config& config);

  ByHash done_, interrupted_;
};

}  // namespace lab
