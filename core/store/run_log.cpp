#include "store/run_log.h"

#include "store/run_directory.h"

#include <fmt/format.h>

namespace lab {

std::string startText(const RunStart& start) {
  std::string text =
      fmt::format("{} {} on {} with method {}, seed {}, {} steps; engine {} ({}): {}\n", timeStamp(),
                  start.config.model, start.config.dataset, start.config.method, start.config.seed,
                  start.plannedSteps, start.engine, start.engineDetail, start.engineWhy);
  for (const LayerInfo& layer : start.layers)
    text += fmt::format("  {}: {} of {} weights active, target density {:.4g}\n", layer.name, layer.active,
                        layer.weights, layer.targetDensity);
  return text;
}

std::string metricsText(const Metrics& row) {
  if (!row.testAccuracy) return {};
  return fmt::format(
      "{} epoch {:.4g}, step {}: train loss {:.4f}, validation {:.2f} %, test {:.2f} %, R_s {:.4f}, {:.1f} s\n",
      timeStamp(), row.epoch, row.step, row.trainLoss.value_or(0), 100 * row.validationAccuracy.value_or(0),
      100 * *row.testAccuracy, row.rs, row.seconds);
}

std::string eventText(const RunEvent& event) {
  return fmt::format("{} step {}: {}: {}\n", timeStamp(), event.step, event.kind, event.message);
}

std::string endText(const RunResult& result) {
  if (result.status == RunStatus::Done)
    return fmt::format("{} done: test accuracy {:.2f} %, R_s {:.4f}, {} updates, {} steps in {:.2f} s\n",
                       timeStamp(), 100 * result.testAccuracy.value_or(0), result.rs, result.topologyUpdates,
                       result.steps, result.seconds);
  return fmt::format("{} {}: {}\n", timeStamp(), result.status == RunStatus::Stopped ? "stopped" : "failed",
                     result.reason);
}

}  // namespace lab
