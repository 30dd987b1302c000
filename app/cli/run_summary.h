#pragma once
// A run in a few lines for people.

#include "training/run_observer.h"

#include <filesystem>
#include <string>

namespace lab::cli {

std::string runSummary(const RunResult& result, const std::filesystem::path& directory, std::string_view status);

std::string layerTable(const RunResult& result);

}  // namespace lab::cli
