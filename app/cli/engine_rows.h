#pragma once
// The engines of this program as rows: what each found on this machine, and why one is not offered.

#include "run_json.h"

#include "parameters/config.h"

#include <vector>

namespace lab::cli {

/// Offered means: for what this configuration trains. "found" is "detail" and the load of the device in words; memory
/// is in bytes, utilisation a share, and both are null where no device tells.
std::vector<Json> engineRows(const Config& config);

}  // namespace lab::cli
