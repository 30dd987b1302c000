#include "store/run_reader.h"

#include "parameters/config_builder.h"
#include "store/csv.h"
#include "store/files.h"
#include "store/mask_history.h"
#include "store/paths.h"
#include "store/run_json.h"
#include "store/run_lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

namespace {

Result<Config> readConfig(const fs::path& directory) {
  const fs::path file = directory / "config.toml";
  auto text = readWhole(file);
  if (!text) return text.problems();
  ConfigBuilder builder;
  builder.addToml(text.value(), file.string());
  auto resolved = builder.resolve();
  if (!resolved) return resolved.problems();
  return resolved.take().config;
}

StoredStatus statusOf(const RunState& state, const fs::path& directory) {
  if (state.status == "done") return StoredStatus::Done;
  if (state.status == "stopped") return StoredStatus::Stopped;
  if (state.status == "failed") return StoredStatus::Failed;
  return isLocked(directory) ? StoredStatus::Running : StoredStatus::Crashed;
}

/// The directories below `runs` that are not being made at this moment.
std::vector<fs::path> runDirectories(const fs::path& runs) {
  std::vector<fs::path> directories;
  std::error_code error;
  for (fs::directory_iterator entry(runs, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_directory(error) && !entry->path().filename().string().starts_with('.'))
      directories.push_back(entry->path());
  std::sort(directories.begin(), directories.end());
  return directories;
}

}  // namespace

std::string_view name(StoredStatus status) {
  switch (status) {
    case StoredStatus::Running:
      return "running";
    case StoredStatus::Done:
      return "done";
    case StoredStatus::Stopped:
      return "stopped";
    case StoredStatus::Failed:
      return "failed";
    case StoredStatus::Crashed:
      return "crashed";
  }
  return "";
}

Result<StoredRun> readRun(const fs::path& directory) {
  const fs::path file = directory / "state.json";
  std::error_code error;
  if (!fs::exists(file, error))
    return Problem{directory.string(),
                   fmt::format("{} is not a run directory: it has no state.json", directory.string())};
  auto text = readWhole(file);
  if (!text) return text.problems();
  auto state = parseState(text.value(), file.string());
  if (!state) return state.problems();
  auto config = readConfig(directory);
  if (!config) return config.problems();
  StoredRun run;
  run.directory = directory;
  run.id = fs::weakly_canonical(directory, error).filename().string();
  run.config = config.take();
  run.hash = state.value().hash;
  run.status = statusOf(state.value(), directory);
  run.reason = run.status == StoredStatus::Crashed
                   ? fmt::format("the program ended without recording why; last seen {}", state.value().heartbeat)
                   : state.value().reason;
  run.started = state.value().started;
  run.result = std::move(state.value().result);
  return run;
}

std::vector<StoredRun> listRuns(const fs::path& home, Problems* damaged) {
  std::vector<StoredRun> runs;
  for (const fs::path& directory : runDirectories(runsFolder(home))) {
    auto run = readRun(directory);
    if (run) {
      runs.push_back(run.take());
    } else if (damaged != nullptr) {
      damaged->insert(damaged->end(), run.problems().begin(), run.problems().end());
    }
  }
  std::stable_sort(runs.begin(), runs.end(),
                   [](const StoredRun& a, const StoredRun& b) { return a.started > b.started; });
  return runs;
}

Result<fs::path> findRun(const fs::path& home, const std::string& name) {
  std::error_code error;
  if (name == "latest") {
    const auto runs = listRuns(home);
    if (runs.empty()) return Problem{name, fmt::format("there is no run in {} yet", runsFolder(home).string())};
    return runs.front().directory;
  }
  if (!name.empty() && fs::is_directory(name, error)) return fs::path(name);
  std::vector<fs::path> matches;
  for (const fs::path& directory : runDirectories(runsFolder(home))) {
    const std::string id = directory.filename().string();
    if (id == name) return directory;
    if (!name.empty() && id.starts_with(name)) matches.push_back(directory);
  }
  if (matches.size() == 1) return matches.front();
  if (matches.empty())
    return Problem{name,
                   fmt::format("no run in {} is called or begins with \"{}\": a path, an id, its beginning, or "
                               "\"latest\" would be right",
                               runsFolder(home).string(), name)};
  return Problem{
      name, fmt::format("\"{}\" is the beginning of {} runs, among them {} and {}: one more letter would be "
                        "right",
                        name, matches.size(), matches[0].filename().string(), matches[1].filename().string())};
}

Result<std::vector<Metrics>> readMetrics(const fs::path& directory) {
  return readTable(directory / "metrics.csv", metricsColumns());
}

Result<std::vector<RunEvent>> readEvents(const fs::path& directory) {
  return readTable(directory / "events.csv", eventColumns());
}

Result<std::vector<LayerRow>> readLayers(const fs::path& directory) {
  return readTable(directory / "layers.csv", layerColumns());
}

Result<std::vector<SurvivalPoint>> readSurvival(const fs::path& directory) {
  return readTable(directory / "survival.csv", survivalColumns());
}

Result<RunStart> readStart(const fs::path& directory) {
  const fs::path file = directory / "manifest.json";
  auto text = readWhole(file);
  if (!text) return text.problems();
  auto start = parseManifest(text.value(), file.string());
  if (!start) return start.problems();
  auto config = readConfig(directory);
  if (!config) return config.problems();
  auto history = readMaskHistory(directory / "masks" / "history.bin");
  if (!history) return history.problems();
  start.value().config = config.take();
  start.value().initialMasks = std::move(history.value().initial);
  return start;
}

}  // namespace lab
