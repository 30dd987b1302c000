#include "runs/opened_run.h"

#include <utility>

namespace lab::ui {

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
  auto replay = readMaskReplay(historyFile(directory), opened.run.config.reliable_steps);
  if (replay) opened.replay = std::make_shared<MaskReplay>(replay.take());
  return opened;
}

}  // namespace lab::ui
