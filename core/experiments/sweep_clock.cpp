#include "experiments/sweep_clock.h"

#include "topology/methods.h"

#include <algorithm>

namespace lab {

double estimatedCost(const Config& config, int64_t trainSamples) {
  // In multiply-accumulates of a dense sample: what every sample costs beside its active weights (input, biases,
  // activations), and what an update costs beside its step. Measured on the sparse engine; only the order matters.
  constexpr double kSample = 0.02, kUpdate = 1.0;
  const Method* method = findMethod(config.method);
  const bool dense = method == nullptr || !method->sparse;
  const bool updates = !dense && method->drop != DropRule::None;
  const double samples = static_cast<double>(trainSamples * config.totalEpochs());
  const double steps = samples / static_cast<double>(config.batch_size);
  const double updatesDone = updates ? steps / static_cast<double>(config.update_interval) : 0;
  return samples * (kSample + (dense ? 1 : config.density())) + updatesDone * kUpdate;
}

SweepClock::SweepClock(size_t total, size_t reused) {
  counts_.total = total;
  counts_.reused = counts_.finished = reused;
}

void SweepClock::expect(size_t cell, double cost, double steps) { shares_[cell] = {cost, 0, steps, false}; }

void SweepClock::stepsDone(size_t cell, double done, double planned) {
  Share& share = shares_.at(cell);
  share.done = done;
  share.planned = planned;
}

void SweepClock::finished(size_t cell) {
  shares_.at(cell).over = true;
  ++counts_.finished;
}

void SweepClock::failed(size_t cell) {
  shares_.at(cell).over = true;
  ++counts_.failed;
}

SweepProgress SweepClock::progress() const {
  SweepProgress progress = counts_;
  double spent = 0, cost = 0;
  for (const auto& [cell, share] : shares_) {
    progress.stepsDone += share.done;
    progress.stepsTotal += share.over ? share.done : share.planned;
    spent += share.spent();
    cost += share.cost;
  }
  progress.elapsedSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  if (progress.elapsedSeconds > 0) progress.stepsPerSecond = progress.stepsDone / progress.elapsedSeconds;
  if (spent > 0) progress.etaSeconds = std::max(0.0, progress.elapsedSeconds * (cost - spent) / spent);
  return progress;
}

}  // namespace lab
