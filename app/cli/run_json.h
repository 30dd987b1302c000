#pragma once
// A run as JSON: what `run --json` and `show --json` print.

#include "training/run_observer.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace lab::cli {

using Json = nlohmann::ordered_json;

/// `directory` empty: not recorded, null.
Json runJson(const RunResult& result, const std::filesystem::path& directory, std::string_view status);

std::string_view name(RunStatus status);

/// On standard output; text that is not UTF-8 is replaced, so that it always parses.
void printJson(const Json& json);

}  // namespace lab::cli
