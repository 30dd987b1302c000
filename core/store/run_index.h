#pragma once
// The runs of a home, kept up to date: what has not changed since the last look is not read again.

#include "result.h"
#include "store/run_reader.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lab {

/// The directories below `runs` that are not being made at this moment, by name.
std::vector<std::filesystem::path> runDirectories(const std::filesystem::path& runs);

class RunIndex {
 public:
  explicit RunIndex(std::filesystem::path home) : home_(std::move(home)) {}

  /// Looks at every run directory and reads the new and changed ones. Whether anything is other than before.
  bool refresh();

  std::vector<StoredRun> runs() const;  ///< newest first
  std::vector<StoredRun> takeRuns();    ///< the same; the index is empty then
  Problems damaged() const;             ///< runs that cannot be read, and unreadable annotations

 private:
  /// Changes whenever the files change that a StoredRun is read from.
  struct Stamp {
    int64_t state = 0, stateInode = 0, annotations = 0, annotationsInode = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    Stamp stamp;
    std::optional<StoredRun> run;
    Problems problems;
  };
  static Stamp stampOf(const std::filesystem::path& directory);
  static Entry read(const std::filesystem::path& directory);

  std::filesystem::path home_;
  std::map<std::string, Entry> entries_;  ///< by directory
};

}  // namespace lab
