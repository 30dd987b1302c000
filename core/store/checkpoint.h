#pragma once
// A run's checkpoints: RUN/checkpoints/NNNNNN.checkpoint, the newest two. Each is a line naming the format and its
// version, the lengths of what follows (unpacked and packed, 64 bits, little endian), the state as one Zstandard
// frame, and the SHA-256 of all before it. Beside it stands NNNNNN.masks, a hard link to the mask history of that
// moment, whose first bytes stay as they were when the history is merged later on.

#include "result.h"
#include "store/mask_history.h"
#include "training/run_loop_state.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// How far a run's files went: what stands behind is cut off when the run goes on.
struct RecordPosition {
  int64_t metrics = 0, layers = 0, events = 0, log = 0;  ///< bytes
  int64_t update = 0;                                    ///< the last one recorded in the mask history
  int64_t recordedUpdate = -1;                           ///< the last one in layers.csv
  MaskHistoryState history;
  std::string eventFile;  ///< TensorBoard's; empty: none
  int64_t eventBytes = 0;
};

struct Checkpoint {
  RunLoopState run;
  RecordPosition record;
};

/// The content of a checkpoint file.
std::string packCheckpoint(const Checkpoint& checkpoint);

/// Problem: damaged, or of another version of the format or the numerics.
Result<Checkpoint> unpackCheckpoint(std::string_view content, const std::string& where);

/// Writes the next checkpoint of the run, atomically and synced, and removes all but the one before. What it
/// refers to must be synced. Throws RunError (Disk); the older ones are untouched then.
void saveCheckpoint(const std::filesystem::path& run, const Checkpoint& checkpoint);

struct FoundCheckpoint {
  std::filesystem::path file;
  Checkpoint checkpoint;
  std::vector<std::string> damaged;  ///< a sentence for each newer one that cannot be used
};

bool hasCheckpoint(const std::filesystem::path& run);

/// The newest checkpoint that is sound and whose files reach as far as it says; none when there never was one.
/// Problem: there are some, and all are damaged.
Result<std::optional<FoundCheckpoint>> findCheckpoint(const std::filesystem::path& run);

/// Makes the mask history the one that `file`'s checkpoint refers to, and removes newer checkpoints.
void restoreHistory(const std::filesystem::path& run, const std::filesystem::path& file);

}  // namespace lab
