#pragma once
// A stored run, read back whole, as the Live page shows it.

#include "result.h"
#include "store/mask_replay.h"
#include "store/run_reader.h"
#include "training/run_observer.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace lab::ui {

struct OpenedRun {
  StoredRun run;
  RunStart start;
  std::vector<Metrics> metrics;
  std::vector<RunEvent> events;
  std::shared_ptr<MaskReplay> replay;  ///< null: no history
  std::shared_ptr<const MaskSnapshot>
      last;  ///< its last moment with the finished network's weights; null: none kept
};

/// Slow (reads files). Problems: what is missing or damaged; the mask history alone may be missing.
Result<OpenedRun> openRun(const std::filesystem::path& directory);

}  // namespace lab::ui
