// How a run's state is taken and put back, and when it becomes a checkpoint.

#include "training/run_loop_state.h"

#include "engines/state_fields.h"
#include "training/run_loop.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lab {

namespace {

/// Checkpoints take at most this share of the time.
constexpr double kLargestShare = 0.01;

}  // namespace

bool isFinite(const EngineState& state) {
  bool finite = true;
  const auto check = [&](const std::vector<float>& values) {
    finite = finite && std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
  };
  forEachFloats(state, check);
  return finite;
}

RunLoop::RunLoop(RunLoopState state, std::shared_ptr<const Dataset> data, const NetworkSpec& network,
                 Engine& engine, RunObserver& observer, RunCommands& commands)
    : RunLoop(state.config, std::move(data), network, engine, std::move(state.engine), state.counts, observer, commands) {
  pendingBatch_ = state.pendingBatch;
  round_ = state.round;
  rewind_ = std::move(state.rewind);
  epoch_ = state.epoch;
  seen_ = state.seen;
  step_ = state.step;
  update_ = state.update;
  lastUpdateStep_ = state.lastUpdateStep;
  lastReportStep_ = state.lastReportStep;
  evaluations_ = state.evaluations;
  record_.sinceRow = state.sinceRow;
  record_.gradientNorm = state.gradientNorm;
  record_.lastTrainLoss = state.lastTrainLoss;
  record_.testAccuracy = state.testAccuracy;
  record_.bestValidationAccuracy = state.bestValidationAccuracy;
  record_.testAccuracyAtBestValidation = state.testAccuracyAtBestValidation;
  record_.rsAtBestValidation = state.rsAtBestValidation;
  record_.training = Stopwatch(state.trainSeconds);
  record_.earlierSeconds = state.seconds;
  flops_.set(state.flopsSpent, state.flopsDense);
  tracker_ = ExplorationTracker(state.tracker);
  resumed_ = true;
}

RunLoopState RunLoop::state() {
  collectAll();
  return {config_,
          pendingBatch_,
          counts_,
          round_,
          epoch_,
          seen_,
          step_,
          update_,
          lastUpdateStep_,
          lastReportStep_,
          evaluations_,
          record_.sinceRow,
          record_.gradientNorm,
          record_.lastTrainLoss,
          record_.testAccuracy,
          record_.bestValidationAccuracy,
          record_.testAccuracyAtBestValidation,
          record_.rsAtBestValidation,
          flops_.spent(),
          flops_.dense(),
          record_.training.seconds(),
          record_.seconds(),
          tracker_.state(),
          engine_.state(),
          rewind_};
}

bool RunLoop::checkpointDue() const {
  if (checkpointWanted_) return true;
  if (config_.checkpoint_every == 0) return false;
  const std::chrono::duration<double> since = Clock::now() - lastCheckpoint_;
  return since.count() >= std::max(config_.checkpoint_every, checkpointSeconds_ / kLargestShare);
}

void RunLoop::checkpoint() {
  checkpointWanted_ = false;
  const auto begun = Clock::now();
  if (observer_.wantsCheckpoints()) {
    const RunLoopState now = state();
    if (isFinite(now.engine)) observer_.onCheckpoint(now);
  }
  lastCheckpoint_ = Clock::now();
  checkpointSeconds_ = std::chrono::duration<double>(lastCheckpoint_ - begun).count();
}

}  // namespace lab
