#pragma once
// The making of a run directory: it appears whole and locked, under a name nobody else has.

#include "parameters/config.h"
#include "store/files.h"
#include "store/run_json.h"

#include <filesystem>

namespace lab {

struct RunDirectory {
  std::filesystem::path path;
  Descriptor lock;
};

/// `$home/runs/YYYYMMDD-HHMM-MODEL-METHOD-sNN-xxxx` (local time, sparsity in percent, four random digits) with
/// config.toml, state.json and, of a network of the user's own, its text as network.toml. Throws RunError (Disk, or
/// Data when the network's file is gone); nothing is left behind then.
RunDirectory makeRunDirectory(const std::filesystem::path& home, const Config& config, const RunState& state);

/// Why the run in this directory is no longer that of its configuration: the file of its network has changed or gone.
Problems changedNetwork(const std::filesystem::path& directory, const Config& config);

/// The present moment, ISO 8601, UTC, milliseconds.
std::string timeStamp();

}  // namespace lab
