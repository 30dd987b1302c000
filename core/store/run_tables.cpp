#include "store/run_tables.h"

#include "store/record_tables.h"
#include "store/run_log.h"
#include "store/tensorboard.h"

#include <algorithm>
#include <chrono>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

namespace {

int64_t expectedUpdates(const RunStart& start) {
  return start.plannedSteps / std::max<int64_t>(1, start.config.update_interval);
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

void removeAll(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code ignored;
  for (const char* name : names) fs::remove_all(folder / name, ignored);
}

}  // namespace

RunTables::RunTables(const fs::path& folder, const RunStart& start)
    : metrics(folder / "metrics.csv", headerLine(metricsColumns())),
      layers(folder / "layers.csv", headerLine(layerColumns())),
      events(folder / "events.csv", headerLine(eventColumns())),
      log(folder / "log.txt", startText(start)),
      history(historyFile(folder), start.initialMasks, start.config.mask_history_mib, expectedUpdates(start)) {
  if (start.config.tensorboard) tensorboard.emplace(folder / eventFileName(now()), eventFileHeader(now()));
}

RunTables::RunTables(const fs::path& folder, const RunStart& start, const RecordPosition& position)
    : metrics(folder / "metrics.csv", position.metrics),
      layers(folder / "layers.csv", position.layers),
      events(folder / "events.csv", position.events),
      log(folder / "log.txt", position.log),
      history(historyFile(folder), position.history, start.config.mask_history_mib, expectedUpdates(start)) {
  if (!position.eventFile.empty()) tensorboard.emplace(folder / position.eventFile, position.eventBytes);
}

void RunTables::add(const Metrics& row) {
  appendRow(metrics.buffer(), metricsColumns(), row);
  log.buffer() += metricsText(row);
  if (tensorboard) tensorboard->buffer() += metricsEvent(row, now());
}

void RunTables::flush() {
  metrics.flush();
  layers.flush();
  events.flush();
  log.flush();
  if (tensorboard) tensorboard->flush();
}

void RunTables::sync(RecordPosition& position) {
  metrics.sync();
  layers.sync();
  events.sync();
  log.sync();
  history.sync();
  position.metrics = metrics.size();
  position.layers = layers.size();
  position.events = events.size();
  position.log = log.size();
  position.history = history.state();
  if (!tensorboard) return;
  tensorboard->sync();
  position.eventFile = tensorboard->path().filename().string();
  position.eventBytes = tensorboard->size();
}

void removeTables(const fs::path& folder) {
  removeEnd(folder);
  removeAll(folder,
            {"manifest.json", "metrics.csv", "layers.csv", "events.csv", "log.txt", "masks", "checkpoints"});
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end; entry.increment(ignored))
    if (entry->path().filename().string().starts_with("events.out.tfevents.")) fs::remove(entry->path(), ignored);
}

void removeEnd(const fs::path& folder) { removeAll(folder, {"survival.csv", "SHA256SUMS", "weights", "reserve"}); }

}  // namespace lab
