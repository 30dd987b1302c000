#pragma once
// RUN/SHA256SUMS: the files of a run that has ended, as `sha256sum --check SHA256SUMS` reads it. All but
// state.json, which is written after it, and the checkpoints, which have their own.

#include "result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lab {

/// Throws RunError (Disk).
void writeChecksums(const std::filesystem::path& run);

/// The recorded files. Problems: each that is missing or has changed; or there are no checksums.
Result<std::vector<std::string>> checkChecksums(const std::filesystem::path& run);

}  // namespace lab
