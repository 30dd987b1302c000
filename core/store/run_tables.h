#pragma once
// The files of a run that grow while it goes on.

#include "store/checkpoint.h"
#include "store/files.h"
#include "store/mask_history.h"
#include "training/run_observer.h"

#include <filesystem>
#include <optional>

namespace lab {

struct RunTables {
  GrowingFile metrics, layers, events, log;
  MaskHistoryWriter history;
  std::optional<GrowingFile> tensorboard;  ///< as the parameter of this name says

  /// Creates them in the run's directory.
  RunTables(const std::filesystem::path& folder, const RunStart& start);

  /// Goes on where `position` was taken; what stands behind is cut off.
  RunTables(const std::filesystem::path& folder, const RunStart& start, const RecordPosition& position);

  void add(const Metrics& row);

  void flush();

  /// Waits for the disk. `position` has the bytes and the history afterwards.
  void sync(RecordPosition& position);
};

/// Removes the files of a run that never got as far as a checkpoint, or has ended, so that it can be recorded
/// anew.
void removeTables(const std::filesystem::path& folder);

/// Removes what only a run that has ended has.
void removeEnd(const std::filesystem::path& folder);

}  // namespace lab
