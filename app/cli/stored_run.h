#pragma once
// What `ls` and `show` say of a recorded run.

#include "run_json.h"

#include "store/run_reader.h"

namespace lab::cli {

/// The fields of `run --json`, with id, hash, time and the whole configuration.
Json storedRunJson(const StoredRun& run);

std::string ageText(const StoredRun& run);  ///< since it was started: "3 min", "2 d"

}  // namespace lab::cli
