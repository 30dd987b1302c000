#pragma once
// One layer's topology update by full sorts and full walks: the oracle for the engines' updates.

#include "engines/engine.h"
#include "random/keyed_permutation.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace lab::test {

inline uint32_t magnitude(float value) { return std::bit_cast<uint32_t>(value) & 0x7FFFFFFFu; }

/// Positions in the order in which `plan` would grow them in layer `l`.
inline std::vector<int64_t> growthOrder(const TopologyPlan& plan, size_t l, const LayerState& before,
                                        const std::set<int64_t>& kept, const std::set<int64_t>& dropped,
                                        std::span<const float> gradient) {
  const KeyedPermutation walk(
      {plan.seed, Purpose::Grow, static_cast<uint32_t>(l), static_cast<uint32_t>(plan.update)},
      static_cast<uint64_t>(before.active.size()));
  std::vector<int64_t> candidates;
  for (uint64_t place = 0; place < walk.size(); ++place) {
    const auto position = static_cast<int64_t>(walk.at(place));
    if (kept.count(position) == 0 && (plan.regrowDropped || dropped.count(position) == 0))
      candidates.push_back(position);
  }
  if (plan.rules.grow == GrowRule::ExploreFirst)
    std::stable_partition(candidates.begin(), candidates.end(),
                          [&](int64_t i) { return !before.explored.test(i); });
  if (plan.rules.grow == GrowRule::Gradient) {
    std::sort(candidates.begin(), candidates.end());
    std::stable_sort(candidates.begin(), candidates.end(), [&](int64_t a, int64_t b) {
      return magnitude(gradient[static_cast<size_t>(a)]) > magnitude(gradient[static_cast<size_t>(b)]);
    });
  }
  return candidates;
}

/// How many weights the plan drops of a layer, which are as many as it grows: none of a full one.
inline int64_t plannedDrops(const TopologyPlan& plan, const LayerState& layer) {
  const int64_t active = layer.active.count(), inactive = layer.active.size() - active;
  const int64_t wanted = inactive == 0 ? 0 : dropCount(plan.rules.rounding, plan.pruneRate, active);
  return plan.regrowDropped ? wanted : std::min(wanted, inactive);
}

/// The state of layer `l` after the update; `gradient` ([positions]) is read by GrowRule::Gradient only.
inline LayerState referenceUpdate(const TopologyPlan& plan, size_t l, const LayerState& before,
                                  std::span<const float> gradient, LayerChange* change = nullptr) {
  const auto positions = before.active.positions();
  std::vector<size_t> order(positions.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return magnitude(before.weights[a]) < magnitude(before.weights[b]);
  });
  const auto drops = static_cast<size_t>(plannedDrops(plan, before));
  std::set<int64_t> kept(positions.begin(), positions.end()), dropped;
  for (size_t i = 0; i < drops; ++i) {
    dropped.insert(positions[order[i]]);
    kept.erase(positions[order[i]]);
  }
  auto candidates = growthOrder(plan, l, before, kept, dropped, gradient);
  candidates.resize(std::min(candidates.size(), drops));
  const std::set<int64_t> grown(candidates.begin(), candidates.end());

  LayerState after = before;
  after.weights.clear();
  after.momentum.clear();
  for (const int64_t i : dropped) after.active.clear(i);
  for (const int64_t i : grown) {
    after.active.set(i);
    after.explored.set(i);
  }
  size_t old = 0;
  forEachOne(after.active, [&](int64_t i) {
    while (old < positions.size() && positions[old] < i) ++old;
    const bool lives = grown.count(i) == 0;
    after.weights.push_back(lives ? before.weights[old] : 0.0f);
    after.momentum.push_back(lives && !before.momentum.empty() ? before.momentum[old] : 0.0f);
  });
  if (change != nullptr) *change = {{dropped.begin(), dropped.end()}, {grown.begin(), grown.end()}};
  return after;
}

}  // namespace lab::test
