#include "training/update_policy.h"

#include "topology/schedule.h"

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

constexpr std::string_view kItop = "itop";
constexpr std::string_view kRigl = "rigl";

/// The part of the time between update_begin and update_end that is over, 0 to 1.
double partOver(const Config& config, double progress) {
  return std::clamp((progress - config.update_begin) / (config.update_end - config.update_begin), 0.0, 1.0);
}

}  // namespace

std::vector<std::string> updateOrderNames() { return {std::string(kItop), std::string(kRigl)}; }

UpdatePolicy::UpdatePolicy(const Config& config, const std::vector<WeightLayer>& layers, std::vector<int64_t> start,
                           std::vector<int64_t> end)
    : semantics_(semanticsNamed(config.semantics)), constraint_(parseConstraint(config.constraint).take()),
      start_(std::move(start)), end_(std::move(end)) {
  rules_ = rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope}).take();
  const Method& method = *findMethod(config.method);
  course_ = method.course;
  changes_ = rules_.drop != DropRule::None;
  for (const WeightLayer& layer : layers) weights_.push_back(layer.weights);
}

bool UpdatePolicy::due(const Config& config, int64_t stepsSinceUpdate, double progressBefore,
                       double progressAfter) const {
  if (!updates()) return false;
  if (course_ == Course::Learned) return stepsSinceUpdate >= config.update_interval || progressAfter >= 1;
  if (progressAfter >= 1 && !semantics_.updatesAtLastStep) return false;
  const double end = config.update_end;
  if (course_ == Course::Pruning && progressBefore < end && progressAfter >= end) return true;
  return stepsSinceUpdate >= config.update_interval && progressAfter >= config.update_begin && progressAfter <= end;
}

double UpdatePolicy::pruneRate(const Config& config, double progress) const {
  const bool exchanges = updates() && rules_.grow != GrowRule::None && rules_.drop != DropRule::Threshold;
  if (!exchanges || progress < config.update_begin || progress > config.update_end) return 0;
  return findPruneSchedule(config.prune_schedule)
      ->rate(config.prune_rate, config.prune_rate_floor, partOver(config, progress));
}

/// s_t = s_f + (s_i - s_f)(1 - t)³ (Zhu and Gupta 2017, equation 1), in whole weights a layer.
std::vector<int64_t> UpdatePolicy::pruned(double over) const {
  std::vector<int64_t> keep;
  for (size_t l = 0; l < start_.size(); ++l) {
    const double falling = static_cast<double>(start_[l] - end_[l]) * std::pow(1 - over, 3);
    keep.push_back(end_[l] + std::llround(falling));
  }
  return keep;
}

TopologyPlan UpdatePolicy::anyPlan(const Config& config, int64_t update, int64_t step) const {
  TopologyPlan plan;
  plan.update = update;
  plan.step = step;
  plan.rules = rules_;
  plan.order = config.update_order == kRigl ? UpdateOrder::Rigl : UpdateOrder::Itop;
  plan.regrowDropped = config.regrow_dropped;
  plan.keepRegrown = config.keep_regrown;
  plan.seed = static_cast<uint64_t>(config.seed);
  plan.dropThreshold = config.drop_threshold;
  plan.temperature = config.drop_temperature;
  plan.constraint = constraint_;
  plan.semantics = semantics_;
  return plan;
}

TopologyPlan UpdatePolicy::plan(const Config& config, int64_t update, int64_t step, double progress) const {
  TopologyPlan plan = anyPlan(config, update, step);
  plan.pruneRate = pruneRate(config, progress);
  if (course_ == Course::Pruning) plan.keep = pruned(partOver(config, progress));
  return plan;
}

int64_t UpdatePolicy::pruningRounds(const Config& config) const {
  if (course_ != Course::Rounds) return 0;
  // A last round that would drop less than a millionth of the survivors is rounding error, not a round.
  const double rounds = std::log(config.density()) / std::log(1 - config.round_prune_rate);
  return static_cast<int64_t>(std::ceil(rounds - 1e-6));
}

TopologyPlan UpdatePolicy::roundPlan(const Config& config, int64_t round, int64_t step) const {
  TopologyPlan plan = anyPlan(config, round, step);
  plan.order = UpdateOrder::Itop;
  plan.rules.grow = GrowRule::None;
  const double density = std::max(config.density(), std::pow(1 - config.round_prune_rate, static_cast<double>(round)));
  for (const int64_t weights : weights_)
    plan.keep.push_back(std::max<int64_t>(1, std::llround(density * static_cast<double>(weights))));
  return plan;
}

}  // namespace lab
