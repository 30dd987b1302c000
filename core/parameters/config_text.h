#pragma once
// A configuration as people hand it to each other: pasted TOML, or the command line that starts a run.

#include "parameters/config_builder.h"

#include <string_view>

namespace lab {

/// TOML (`key = value` lines) or a command line ("itoplab run --sparsity 0.98", also "./lab run ...", a prompt
/// before it, lines continued with a backslash, or the flags alone). Problems: every word or line that is wrong.
Result<ResolvedConfig> readConfigText(std::string_view text);

}  // namespace lab
