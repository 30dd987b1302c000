#pragma once
// The recorded history of the masks. Every update is an entry until the budget is reached; then neighbouring
// updates are merged into one entry with the net change plus the positions explored in between, so that R_s
// replays exactly and every kept moment can be shown.

#include "result.h"
#include "topology/mask.h"
#include "topology/topology_update.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace lab {

/// Where a run directory keeps it.
std::filesystem::path historyFile(const std::filesystem::path& run);

/// The net change of one layer from one kept moment to the next. All lists ascending.
struct HistoryChange {
  std::vector<int64_t> off;      ///< active before, not after
  std::vector<int64_t> on;       ///< not active before, active after
  std::vector<int64_t> between;  ///< active at some moment in between, but neither before nor after
};

struct HistoryEntry {
  int64_t update = 0;  ///< the last update merged into it
  int64_t step = 0;
  std::vector<HistoryChange> layers;
};

/// What a writer holds beside its file, of which the first `size` bytes belong to it.
struct MaskHistoryState {
  int64_t size = 0;
  int64_t entries = 0, stride = 1, waiting = 0;
  int64_t update = 0, step = 0;
  std::string block;                       ///< not written yet
  std::vector<Mask> before, active, seen;  ///< of each layer: at the last entry, now, and active in between
};

class MaskHistoryWriter {
 public:
  /// `file` is created with the initial masks. All members throw RunError (Disk) when it cannot be written.
  /// The budget bounds the file except that one entry is always kept. `expectedUpdates` (0: unknown) only spares
  /// work: the file is rewritten less often when it is about right.
  MaskHistoryWriter(const std::filesystem::path& file, const std::vector<Mask>& initial, double budgetMib,
                    int64_t expectedUpdates = 0);
  /// Goes on with a file whose first `state.size` bytes are as they were when `state` was taken; the rest is cut
  /// off. What follows is written as if nothing had happened.
  MaskHistoryWriter(const std::filesystem::path& file, const MaskHistoryState& state, double budgetMib,
                    int64_t expectedUpdates);
  ~MaskHistoryWriter();
  MaskHistoryState state() const;
  /// What the file lacks of the updates added so far; readable behind it.
  std::string tail() const;
  void sync();  ///< waits until what is written is on the disk
  void add(const TopologyEvent& event);
  void finish();  ///< writes what is still in memory, and that the history is complete

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct MaskHistory {
  std::vector<Mask> initial;
  std::vector<HistoryEntry> entries;
  bool complete = false;  ///< false: the run is under way, or ended without saying so

  /// The masks after entry `index` - 1 (0: the initial ones), and everything explored until then.
  struct Moment {
    int64_t update = 0, step = 0;
    std::vector<Mask> active, explored;
  };
  Moment at(size_t index) const;
};

/// Problems: missing, truncated or damaged file (checksum a block), with the byte offset.
Result<MaskHistory> readMaskHistory(const std::filesystem::path& file);

}  // namespace lab
