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
/// config.toml and state.json. Throws RunError (Disk); nothing is left behind then.
RunDirectory makeRunDirectory(const std::filesystem::path& home, const Config& config, const RunState& state);

/// The present moment, ISO 8601, UTC, milliseconds.
std::string timeStamp();

}  // namespace lab
