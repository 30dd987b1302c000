#include "training/update_policy.h"

#include "topology/schedule.h"

#include <algorithm>

namespace lab {

namespace {

constexpr std::string_view kItop = "itop";
constexpr std::string_view kRigl = "rigl";

}  // namespace

std::vector<std::string> updateOrderNames() { return {std::string(kItop), std::string(kRigl)}; }

UpdatePolicy::UpdatePolicy(const Config& config, const std::vector<WeightLayer>& layers, std::vector<int64_t> active)
    : active_(std::move(active)) {
  rules_ = rulesFor(config.method, config.drop, config.grow).take();
  for (const WeightLayer& layer : layers) weights_.push_back(layer.weights);
}

bool UpdatePolicy::due(const Config& config, int64_t stepsSinceUpdate, double progressAfter) const {
  return updates() && stepsSinceUpdate >= config.update_interval && progressAfter <= config.update_end &&
         progressAfter < 1;
}

double UpdatePolicy::pruneRate(const Config& config, double progress) const {
  if (!updates() || progress > config.update_end) return 0;
  return findPruneSchedule(config.prune_schedule)
      ->rate(config.prune_rate, config.prune_rate_floor, progress / config.update_end);
}

int64_t UpdatePolicy::dropped(const Config& config, size_t layer, double rate) const {
  const int64_t inactive = weights_[layer] - active_[layer];
  if (inactive == 0) return 0;  // a full layer has nothing to explore
  const int64_t wanted = dropCount(rules_.rounding, rate, active_[layer]);
  return config.regrow_dropped ? wanted : std::min(wanted, inactive);
}

TopologyPlan UpdatePolicy::plan(const Config& config, int64_t update, int64_t step, double progress) const {
  TopologyPlan plan;
  plan.update = update;
  plan.step = step;
  plan.pruneRate = pruneRate(config, progress);
  plan.rules = rules_;
  plan.order = config.update_order == kRigl ? UpdateOrder::Rigl : UpdateOrder::Itop;
  plan.regrowDropped = config.regrow_dropped;
  plan.seed = static_cast<uint64_t>(config.seed);
  for (size_t l = 0; l < active_.size(); ++l) plan.drop.push_back(dropped(config, l, plan.pruneRate));
  return plan;
}

}  // namespace lab
