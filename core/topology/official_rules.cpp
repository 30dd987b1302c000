#include "topology/official_rules.h"

#include <algorithm>
#include <cmath>

namespace lab::official {

namespace {

std::vector<int64_t> notAboveRank(std::span<const float> weights, int64_t k) {
  std::vector<float> sorted;
  for (const float w : weights) sorted.push_back(std::abs(w));
  std::sort(sorted.begin(), sorted.end());
  // Rank 0 is the inactive weights' zero.
  const float threshold = k == 0 ? 0.0f : sorted[static_cast<size_t>(k - 1)];
  std::vector<int64_t> places;
  for (size_t i = 0; i < weights.size(); ++i)
    if (!(std::abs(weights[i]) > threshold)) places.push_back(static_cast<int64_t>(i));
  return places;
}

/// The value of rank k (from 1, at most all) of the weights of one sign, ascending; 0 when there are none.
float ranked(std::span<const float> weights, bool positive, int64_t k) {
  std::vector<float> sorted;
  for (const float w : weights)
    if (positive ? w > 0 : w < 0) sorted.push_back(w);
  if (sorted.empty()) return 0;
  std::sort(sorted.begin(), sorted.end());
  return sorted[std::min(static_cast<size_t>(std::max<int64_t>(k, 1)), sorted.size()) - 1];
}

std::vector<int64_t> bySign(std::span<const float> weights, int64_t k) {
  const int64_t half = (k + 1) / 2;
  const float positive = ranked(weights, true, half), negative = ranked(weights, false, half);
  std::vector<int64_t> places;
  for (size_t i = 0; i < weights.size(); ++i) {
    const bool stays = (weights[i] > 0 && weights[i] > positive) || (weights[i] < 0 && weights[i] < negative);
    if (!stays) places.push_back(static_cast<int64_t>(i));
  }
  return places;
}

}  // namespace

bool ranksByThreshold(const TopologyPlan& plan) {
  return (plan.semantics.dropsByThreshold && plan.rules.drop == DropRule::Magnitude && plan.keep.empty()) ||
         (plan.semantics.dropsNegatives && plan.rules.drop == DropRule::Sign);
}

DropChoice chooseDrops(const TopologyPlan& plan, std::span<TopologyLayer* const> layers) {
  DropChoice choice{{}, std::vector<int64_t>(layers.size())};
  for (TopologyLayer* layer : layers) {
    const auto weights = layer->weights();
    const int64_t k = dropCount(plan.rules.rounding, plan.pruneRate, static_cast<int64_t>(weights.size()));
    choice.places.push_back(plan.rules.drop == DropRule::Sign ? bySign(weights, k) : notAboveRank(weights, k));
  }
  return choice;
}

std::vector<int64_t> growByCoinFlips(const TopologyPlan& plan, size_t layer, const Mask& active, int64_t expected) {
  const int64_t inactive = active.size() - active.count();
  std::vector<int64_t> grown;
  if (inactive == 0) return grown;
  const double probability = static_cast<double>(expected) / static_cast<double>(inactive);
  const RandomKey key{plan.seed, Purpose::Grow, static_cast<uint32_t>(layer), static_cast<uint32_t>(plan.update)};
  for (int64_t i = 0; i < active.size(); ++i)
    if (!active.test(i) && uniformAt(key, static_cast<uint64_t>(i)) < probability) grown.push_back(i);
  return grown;
}

Mask coinFlipMask(int64_t size, double density, const RandomKey& key) {
  Mask mask(size);
  for (int64_t i = 0; i < size; ++i)
    if (uniformAt(key, static_cast<uint64_t>(i)) < density) mask.set(i);
  return mask;
}

}  // namespace lab::official
