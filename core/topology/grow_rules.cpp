#include "topology/grow_rules.h"

#include "topology/apportion.h"
#include "topology/largest_scores.h"
#include "topology/select.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace lab {

namespace {

/// SNFS (Dettmers and Zettlemoyer 2019) leaves a hundredth of a layer's free positions free.
constexpr double kMostOfFree = 0.99;

Score scoreOf(GrowRule rule) { return rule == GrowRule::Momentum ? Score::Momentum : Score::Gradient; }

std::vector<int64_t> growLargest(const TopologyPlan& plan, TopologyLayer& layer, const Mask& active,
                                 const Mask* barred, int64_t k) {
  LargestScores best(k);
  layer.scan(scoreOf(plan.rules.grow), [&](int64_t first, std::span<const float> scores) {
    for (size_t i = 0; i < scores.size(); ++i) {
      const int64_t position = first + static_cast<int64_t>(i);
      if (best.wants(scores[i]) && !active.test(position) && (barred == nullptr || !barred->test(position)))
        best.add(position, scores[i]);
    }
  });
  return best.positions();
}

std::vector<int64_t> growStructured(const TopologyPlan& plan, const Groups& groups, TopologyLayer& layer,
                                    const Mask& active, const Mask* barred, int64_t k, const RandomKey& key) {
  if (plan.rules.grow == GrowRule::Random) return growWithin(groups, active, barred, k, key);
  if (plan.rules.grow == GrowRule::ExploreFirst)
    return growWithin(groups, active, barred, k, key, [&](int64_t i) { return !layer.explored().test(i); });
  std::vector<float> all;
  layer.scan(scoreOf(plan.rules.grow),
             [&](int64_t, std::span<const float> scores) { all.insert(all.end(), scores.begin(), scores.end()); });
  return growLargestWithin(groups, active, barred, k, all);
}

}  // namespace

double meanMomentum(TopologyLayer& layer) {
  const auto momentum = layer.atActive(Score::Momentum);
  if (momentum.empty()) return 0;
  const double sum = std::accumulate(momentum.begin(), momentum.end(), 0.0,
                                     [](double total, float m) { return total + std::abs(static_cast<double>(m)); });
  return sum / static_cast<double>(momentum.size());
}

std::vector<int64_t> growthCounts(const TopologyPlan& plan, std::span<TopologyLayer* const> layers,
                                  std::span<const int64_t> dropped, std::span<const int64_t> exchanged,
                                  std::span<const double> momentum) {
  std::vector<int64_t> caps;
  std::vector<double> shares;
  for (size_t l = 0; l < layers.size(); ++l) {
    const Mask& active = layers[l]->active();
    const int64_t survivors = layers[l]->activeCount() - dropped[l];
    caps.push_back(active.size() - survivors - (plan.regrowDropped ? 0 : dropped[l]));
    shares.push_back(plan.rules.redistribution == Redistribution::Momentum ? momentum[l]
                                                                           : static_cast<double>(survivors));
  }
  if (plan.rules.redistribution == Redistribution::None) {
    std::vector<int64_t> counts;
    for (size_t l = 0; l < layers.size(); ++l) counts.push_back(std::min(exchanged[l], caps[l]));
    return counts;
  }
  const int64_t total = std::accumulate(exchanged.begin(), exchanged.end(), int64_t{0});
  std::vector<int64_t> most;
  for (const int64_t cap : caps) most.push_back(static_cast<int64_t>(kMostOfFree * static_cast<double>(cap)));
  if (std::accumulate(most.begin(), most.end(), int64_t{0}) < total) most = caps;
  return apportion(total, shares, most);
}

std::vector<int64_t> chooseGrowth(const TopologyPlan& plan, size_t index, TopologyLayer& layer, const Mask& active,
                                  const Mask* barred, int64_t k) {
  if (k <= 0) return {};
  const RandomKey key{plan.seed, Purpose::Grow, static_cast<uint32_t>(index), static_cast<uint32_t>(plan.update)};
  const Groups groups = groupsFor(plan.constraint, layer.rows(), layer.columns(), layer.activeCount());
  if (groups.size > 0) return growStructured(plan, groups, layer, active, barred, k, key);
  switch (plan.rules.grow) {
    case GrowRule::None:
      return {};
    case GrowRule::Random:
      return growRandom(active, barred, k, key);
    case GrowRule::ExploreFirst:
      return growExploreFirst(active, layer.explored(), barred, k, key);
    case GrowRule::Gradient:
    case GrowRule::Momentum:
      return growLargest(plan, layer, active, barred, k);
  }
  throw std::logic_error("a growth rule without a selection");
}

}  // namespace lab
