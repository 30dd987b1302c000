#include "runs/opened_run.h"

#include "store/mask_history.h"

#include <utility>

namespace lab::ui {
namespace {

std::shared_ptr<const MaskSnapshot> lastMoment(const std::filesystem::path& directory, const RunResult& result) {
  auto history = readMaskHistory(directory / "masks" / "history.bin");
  if (!history) return nullptr;
  auto moment = history.value().at(history.value().entries.size());
  auto snapshot = std::make_shared<MaskSnapshot>();
  snapshot->update = moment.update;
  snapshot->step = moment.step;
  snapshot->active = std::move(moment.active);
  snapshot->explored = std::move(moment.explored);
  snapshot->layers = result.layers;
  return snapshot;
}

}  // namespace

Result<OpenedRun> openRun(const std::filesystem::path& directory) {
  auto run = readRun(directory);
  if (!run) return run.problems();
  auto start = readStart(directory);
  if (!start) return start.problems();
  auto metrics = readMetrics(directory);
  if (!metrics) return metrics.problems();
  auto events = readEvents(directory);
  if (!events) return events.problems();
  OpenedRun opened{run.take(), start.take(), metrics.take(), events.take(), nullptr};
  opened.snapshot = lastMoment(directory, opened.run.result);
  return opened;
}

}  // namespace lab::ui
