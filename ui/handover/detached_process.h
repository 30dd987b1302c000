#pragma once
// A process that outlives this one.

#include "result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lab::ui {

struct DetachedProcess {
  int64_t id = 0;
  std::string begun;  ///< as the kernel counts time: numbers of processes are given again

  bool alive() const;
  /// Asks it to end (SIGTERM), if it is still there.
  void terminate() const;
};

/// Starts `program` by itself; what it says is added to `log`. Problem: the system's reason. Whether the program is
/// there at all is said in the log only.
Result<DetachedProcess> startAlone(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                                   const std::filesystem::path& log);

}  // namespace lab::ui
