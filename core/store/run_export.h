#pragma once
// Many runs out of the store at once: one table of all of them, and each run's own tables.

#include "store/run_reader.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lab {

/// One row a run: runFields(), then every parameter, as CSV. Parameters without effect in a run are empty.
std::string runsCsv(const std::vector<StoredRun>& runs);

/// Makes FOLDER/runs.csv and FOLDER/ID/ with the run's config.toml and CSV tables; files of these names are
/// replaced. Problems: each file that cannot be read or written, with the reason; the others are there.
Problems exportRuns(const std::vector<StoredRun>& runs, const std::filesystem::path& folder);

}  // namespace lab
