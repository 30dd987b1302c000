#pragma once
// The command line program, which finishes what the window hands over.

#include "handover/detached_process.h"
#include "result.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lab::ui {

using Arguments = std::vector<std::string>;

/// Beside this program, else in PATH. Problem: where it was looked for.
Result<std::filesystem::path> findCommandLineProgram();

/// One process of its own, which outlives this one, runs `program` with each of `commands` after another. What
/// they say is added to `log`. Problem: the system's reason.
Problems startDetached(const std::filesystem::path& program, const std::vector<Arguments>& commands,
                       const std::filesystem::path& log);

/// How the window finds and starts it; tests put something else in its place.
struct CommandLineProgram {
  std::function<Result<std::filesystem::path>()> find = findCommandLineProgram;
  std::function<Problems(const std::filesystem::path& program, const std::vector<Arguments>& commands,
                         const std::filesystem::path& log)>
      start = startDetached;
  std::function<Result<DetachedProcess>(const std::filesystem::path& program, const Arguments& command,
                                        const std::filesystem::path& log)>
      startAlone = lab::ui::startAlone;
};

}  // namespace lab::ui
