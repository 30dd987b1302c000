#pragma once
// One writer a run directory: flock on its file `lock`, which the kernel lets go whatever way the process ends.

#include "store/files.h"

namespace lab {

/// Held until the descriptor is closed. Throws RunError (Locked) when another process holds it, (Disk) when the
/// file cannot be made.
Descriptor lockRun(const std::filesystem::path& directory);

/// Whether somebody writes this run at this moment.
bool isLocked(const std::filesystem::path& directory);

}  // namespace lab
