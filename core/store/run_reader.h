#pragma once
// Reads run directories: those that are done, those under way, and damaged ones (with what is wrong).

#include "parameters/config.h"
#include "result.h"
#include "store/annotations.h"
#include "store/record_tables.h"
#include "store/run_progress.h"
#include "training/run_observer.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lab {

enum class StoredStatus {
  Running,
  Done,
  Stopped,
  Failed,
  Crashed
};  ///< Crashed: says running, but nobody holds the lock
std::string_view name(StoredStatus status);

struct StoredRun {
  std::filesystem::path directory;
  std::string id;  ///< the directory's name
  Config config;
  std::string hash;
  StoredStatus status = StoredStatus::Running;
  std::string reason;
  std::string started;  ///< ISO 8601, UTC
  RunResult result;     ///< once ended; its survival curve is read apart, by readSurvival
  std::optional<StoredProgress> progress;  ///< of runs that are under way or crashed
  Annotations annotations;                 ///< none where their file is damaged: readAnnotations() says so
};

/// Why a run cannot go on, as the end of "the run X cannot go on: "; empty when it can.
std::string whyNoResume(const StoredRun& run);

/// Problems: not a run directory, unreadable or damaged files, each named.
Result<StoredRun> readRun(const std::filesystem::path& directory);

/// Every run directory below runsFolder(home), newest first. Damaged ones are left out and named in `damaged` if
/// given.
std::vector<StoredRun> listRuns(const std::filesystem::path& home, Problems* damaged = nullptr);

/// A path, an id, or an unambiguous beginning of an id; "latest". Problem: there is none, or more than one.
Result<std::filesystem::path> findRun(const std::filesystem::path& home, const std::string& name);

/// A torn last line (crash while writing) is left out; any other damage is a problem with its line number.
Result<std::vector<Metrics>> readMetrics(const std::filesystem::path& directory);
Result<std::vector<RunEvent>> readEvents(const std::filesystem::path& directory);
Result<std::vector<LayerRow>> readLayers(const std::filesystem::path& directory);
Result<std::vector<SurvivalPoint>> readSurvival(const std::filesystem::path& directory);  ///< once ended
Result<RunStart> readStart(const std::filesystem::path& directory);  ///< layers and initial masks included

}  // namespace lab
