#include "store/run_reader.h"

#include "parameters/config_builder.h"
#include "store/csv.h"
#include "store/files.h"
#include "store/mask_history.h"
#include "store/paths.h"
#include "store/run_index.h"
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
  if (run.status == StoredStatus::Running || run.status == StoredStatus::Crashed)
    run.progress = readProgress(directory);
  if (auto annotations = readAnnotations(directory)) run.annotations = annotations.take();
  return run;
}

std::string whyNoResume(const StoredRun& run) {
  if (run.status == StoredStatus::Done) return "it is done: nothing of it is left to train";
  if (run.status == StoredStatus::Failed && run.result.exitCode == ExitCode::Diverged)
    return "its loss is not finite any more, and from its last checkpoint it would get there again: a new run "
           "with "
           "another learning_rate would be right";
  return {};
}

std::vector<StoredRun> listRuns(const fs::path& home, Problems* damaged) {
  RunIndex index(home);
  index.refresh();
  const Problems problems = index.damaged();
  if (damaged != nullptr) damaged->insert(damaged->end(), problems.begin(), problems.end());
  return index.takeRuns();
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
  auto history = readMaskHistory(historyFile(directory));
  if (!history) return history.problems();
  start.value().config = config.take();
  start.value().initialMasks = std::move(history.value().initial);
  return start;
}

}  // namespace lab
