// Iterative magnitude pruning (Frankle and Carbin 2019): train to the end, drop a share of the survivors, take what is
// left back to where it was, and train again.

#include "training/run_loop.h"

#include <fmt/format.h>

namespace lab {

namespace {

/// The weights of `from` where `mask` is still active, and an optimizer that starts anew.
void rewind(LayerState& from, const LayerState& pruned) {
  std::vector<float> left;
  size_t place = 0;
  forEachOne(from.active, [&](int64_t position) {
    if (pruned.active.test(position)) left.push_back(from.weights[place]);
    ++place;
  });
  from.weights = std::move(left);
  from.active = pruned.active;
  from.explored = pruned.explored;
  for (auto* moments : {&from.momentum, &from.secondMoment, &from.biasMomentum, &from.biasSecondMoment})
    moments->clear();
}

void rewind(NormState& norm) {
  for (auto* moments :
       {&norm.scaleMomentum, &norm.shiftMomentum, &norm.scaleSecondMoment, &norm.shiftSecondMoment})
    moments->clear();
}

}  // namespace

void RunLoop::beginEpoch() {
  time_.batch = config_.batch_size = pendingBatch_;
  if (rounds_ > 1 && round_ == 0 && epoch_ == config_.rewind_epoch) rewind_ = engine_.state();
}

void RunLoop::pruneRound() {
  report(true);
  Span prune;
  prune.topology = policy_.roundPlan(config_, ++update_, step_);
  carryOut(std::move(prune));
  collectAll();

  const EngineState pruned = engine_.state();
  EngineState next = rewind_;
  for (size_t l = 0; l < next.layers.size(); ++l) rewind(next.layers[l], pruned.layers[l]);
  for (NormState& norm : next.norms) rewind(norm);
  next.optimizerSteps = 0;
  engine_.restore(next);
  ++round_;
  epoch_ = 0;

  const LayerExploration total = tracker_.total();
  tell("round", fmt::format("round {} of {}: {:.2f} % of the weights are left, rewound to epoch {}", round_ + 1, rounds_,
                            100 * static_cast<double>(total.active) / static_cast<double>(total.weights),
                            config_.rewind_epoch));
}

}  // namespace lab
