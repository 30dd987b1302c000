#pragma once
// Whether a recorded run is what it says: its files by their checksums, its numbers by replaying the mask history.

#include "result.h"

#include <cstdint>
#include <filesystem>

namespace lab {

struct Verification {
  size_t files = 0;                   ///< with the recorded checksum
  size_t moments = 0;                 ///< of the mask history, replayed
  size_t rows = 0;                    ///< of layers.csv, each found again in the replay
  int64_t explored = 0, weights = 0;  ///< R_s = explored / weights
};

/// Replays the masks to the recorded R_s (of each layer and in total) and active counts, to the last digit.
/// Problems: every discrepancy, the first first; or the run has not ended.
Result<Verification> verifyRun(const std::filesystem::path& run);

}  // namespace lab
