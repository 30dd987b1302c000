#pragma once
// The engines of this program as rows: what each found on this machine, and why one is not offered.

#include "run_json.h"

#include "parameters/config.h"

#include <vector>

namespace lab::cli {

/// Offered means: for what this configuration trains.
std::vector<Json> engineRows(const Config& config);

}  // namespace lab::cli
