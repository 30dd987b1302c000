#include "runs/opened_run.h"

#include "store/files.h"
#include "store/network_tensors.h"

#include <utility>

namespace lab::ui {
namespace {

std::shared_ptr<const MaskSnapshot> lastMoment(const OpenedRun& opened) {
  if (!opened.replay) return nullptr;
  const auto content = readWhole(weightsFile(opened.run.directory));
  if (!content) return nullptr;  // few runs keep them
  auto last = std::make_shared<MaskSnapshot>(*opened.replay->at(opened.replay->moments() - 1));
  auto weights = unpackActiveWeights(content.value(), opened.start.layers, last->active);
  if (!weights) return nullptr;
  last->state.layers.resize(weights.value().size());
  for (size_t l = 0; l < weights.value().size(); ++l)
    last->state.layers[l].weights = std::move(weights.value()[l]);
  return last;
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
  OpenedRun opened{run.take(), start.take(), metrics.take(), events.take(), nullptr, nullptr};
  auto replay = readMaskReplay(historyFile(directory), opened.run.config.reliable_steps);
  if (replay) opened.replay = std::make_shared<MaskReplay>(replay.take());
  opened.last = lastMoment(opened);
  return opened;
}

}  // namespace lab::ui
