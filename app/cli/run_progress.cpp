#include "run_progress.h"

#include <fmt/format.h>

namespace lab::cli {

RunProgress::RunProgress(Loudness loudness) : loudness_(loudness), line_(loudness != Loudness::Quiet) {}

void RunProgress::onStart(const RunStart& start) {
  if (loudness_ == Loudness::Quiet) return;
  const Config& c = start.config;
  say(fmt::format("{} on {} with {}, sparsity {:g}, seed {}: {} steps on engine {} ({}; {})", c.model, c.dataset,
                  c.method, c.sparsity, c.seed, countText(start.plannedSteps), start.engine, start.engineDetail,
                  start.engineWhy));
}

void RunProgress::onMetrics(const Metrics& row) {
  if (row.testAccuracy) testAccuracy_ = *row.testAccuracy;
  if (loudness_ == Loudness::Verbose && row.testAccuracy) {
    line_.clear();
    say(fmt::format("epoch {:g}: test accuracy {}, R_s {:.4f}", row.epoch, percentText(testAccuracy_), row.rs));
  }
  if (!line_.due() || row.step == 0) return;
  const double rate = static_cast<double>(row.step) / row.seconds;
  const double left = static_cast<double>(row.plannedSteps - row.step) / rate;
  const std::string accuracy = testAccuracy_ < 0 ? "" : fmt::format("  accuracy {}", percentText(testAccuracy_));
  line_.update(static_cast<double>(row.step) / static_cast<double>(row.plannedSteps),
               fmt::format("{:.0f} steps/s  ETA {}{}  R_s {:.4f}", rate, durationText(left), accuracy, row.rs));
}

void RunProgress::onEvent(const RunEvent& event) {
  if (event.kind != "warning" && loudness_ != Loudness::Verbose) return;
  line_.clear();
  say(fmt::format("{}: {}", event.kind, event.message));
}

void RunProgress::onEnd(const RunResult&) { line_.clear(); }

}  // namespace lab::cli
