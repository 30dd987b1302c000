#include "topology/drop_rules.h"

#include "topology/select.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace lab {

namespace {

/// DSR (Mostafa and Wang 2019) doubles or halves its threshold when it dropped a tenth more or fewer than wanted.
constexpr double kTolerance = 0.1;

RandomKey dropKey(const TopologyPlan& plan, size_t layer) {
  return {plan.seed, Purpose::Drop, static_cast<uint32_t>(layer), static_cast<uint32_t>(plan.update)};
}

/// The places (ascending) of the k smallest keys; ties to the lower place.
std::vector<int64_t> smallest(std::span<const double> keys, int64_t k) {
  std::vector<int64_t> places(keys.size());
  std::iota(places.begin(), places.end(), 0);
  const auto before = [&](int64_t a, int64_t b) {
    const double x = keys[static_cast<size_t>(a)], y = keys[static_cast<size_t>(b)];
    return x != y ? x < y : a < b;
  };
  std::nth_element(places.begin(), places.begin() + k, places.end(), before);
  places.resize(static_cast<size_t>(k));
  std::sort(places.begin(), places.end());
  return places;
}

/// What is small where a weight matters little: |w|, or |w g|, the change of the loss to first order (Taylor;
/// Molchanov et al. 2017, whose square orders alike).
std::vector<float> importances(const TopologyPlan& plan, TopologyLayer& layer) {
  const auto weights = layer.weights();
  if (plan.rules.drop != DropRule::Taylor) return {weights.begin(), weights.end()};
  std::vector<float> scores = layer.atActive(Score::Gradient);
  for (size_t i = 0; i < scores.size(); ++i) scores[i] *= weights[i];
  return scores;
}

std::vector<int64_t> leastOf(const TopologyPlan& plan, size_t index, TopologyLayer& layer, int64_t k) {
  switch (plan.rules.drop) {
    case DropRule::Magnitude:
      return smallestMagnitude(layer.weights(), k);
    case DropRule::Taylor:
      return smallestMagnitude(importances(plan, layer), k);
    case DropRule::Sign:
      return smallestBySign(layer.weights(), k);
    case DropRule::Soft:
      return smallest(softKeys(layer.weights(), plan.temperature, dropKey(plan, index)), k);
    case DropRule::None:
    case DropRule::Threshold:
    case DropRule::AdaptiveThreshold:
    case DropRule::Learned:
      break;
  }
  throw std::logic_error("a drop rule that does not rank weights");
}

/// What a layer's weights are ranked by when layers are compared.
std::vector<float> globalRanks(const TopologyPlan& plan, size_t index, TopologyLayer& layer) {
  if (plan.rules.drop != DropRule::Soft) return importances(plan, layer);
  std::vector<float> ranks;
  // exp keeps the order of the keys and is not negative, so that magnitudes rank it.
  for (const double key : softKeys(layer.weights(), plan.temperature, dropKey(plan, index)))
    ranks.push_back(static_cast<float>(std::exp(key)));
  return ranks;
}

/// Of the k least of the network, how many lie in each layer. The weight that would go last from a layer is no
/// candidate, so that each keeps one.
std::vector<int64_t> globalCounts(const TopologyPlan& plan, std::span<TopologyLayer* const> layers, int64_t k) {
  std::vector<float> all;
  std::vector<int64_t> counts(layers.size()), ends;
  for (size_t l = 0; l < layers.size(); ++l) {
    auto ranks = globalRanks(plan, l, *layers[l]);
    // Of the largest the last: ties go to the lower place.
    const auto last = std::max_element(ranks.rbegin(), ranks.rend(),
                                       [](float a, float b) { return std::abs(a) < std::abs(b); });
    ranks.erase(std::next(last).base());
    all.insert(all.end(), ranks.begin(), ranks.end());
    ends.push_back(static_cast<int64_t>(all.size()));
  }
  size_t layer = 0;
  for (const int64_t place : smallestMagnitude(all, std::min(k, static_cast<int64_t>(all.size())))) {
    while (place >= ends[layer]) ++layer;
    ++counts[layer];
  }
  return counts;
}

int64_t inactive(const TopologyLayer& layer) { return layer.active().size() - layer.activeCount(); }

/// What pruning takes from each layer for good.
std::vector<int64_t> prunedCounts(const TopologyPlan& plan, std::span<TopologyLayer* const> layers) {
  std::vector<int64_t> counts(layers.size());
  if (plan.keep.empty()) return counts;
  int64_t active = 0, keep = 0;
  for (size_t l = 0; l < layers.size(); ++l) {
    active += layers[l]->activeCount();
    keep += plan.keep[l];
    counts[l] = std::clamp<int64_t>(layers[l]->activeCount() - plan.keep[l], 0, layers[l]->activeCount() - 1);
  }
  if (plan.rules.scope == Scope::Global) return globalCounts(plan, layers, std::max<int64_t>(0, active - keep));
  return counts;
}

/// What ζ takes from each layer, to be grown again elsewhere, after pruning has taken its part.
std::vector<int64_t> exchangedCounts(const TopologyPlan& plan, std::span<TopologyLayer* const> layers,
                                     const std::vector<int64_t>& pruned) {
  std::vector<int64_t> counts(layers.size());
  if (plan.rules.grow == GrowRule::None) return counts;
  int64_t active = 0;
  for (size_t l = 0; l < layers.size(); ++l) {
    const int64_t left = layers[l]->activeCount() - pruned[l];
    active += left;
    // A full layer has nothing to explore, unless other layers may grow what it loses.
    const int64_t room = inactive(*layers[l]) + pruned[l];
    if (room == 0 && plan.rules.redistribution == Redistribution::None) continue;
    // What other layers may grow does not come back: one weight stays.
    const int64_t most = plan.rules.redistribution == Redistribution::None ? left : left - 1;
    counts[l] = std::min(dropCount(plan.rules.rounding, plan.pruneRate, left), most);
    if (!plan.regrowDropped && plan.rules.redistribution == Redistribution::None)
      counts[l] = std::min(counts[l], room);
  }
  if (plan.rules.scope == Scope::Global && plan.keep.empty())
    counts = globalCounts(plan, layers, dropCount(plan.rules.rounding, plan.pruneRate, active));
  return counts;
}

/// Everything below the threshold, but never the last weight of a layer.
std::vector<int64_t> below(std::span<const float> weights, double threshold) {
  std::vector<int64_t> places;
  for (size_t i = 0; i < weights.size(); ++i)
    if (std::abs(static_cast<double>(weights[i])) < threshold) places.push_back(static_cast<int64_t>(i));
  if (places.size() == weights.size() && !weights.empty())
    places = smallestMagnitude(weights, static_cast<int64_t>(weights.size()) - 1);
  return places;
}

DropChoice dropBelow(const TopologyPlan& plan, std::span<TopologyLayer* const> layers, double& adaptive) {
  DropChoice choice{{}, std::vector<int64_t>(layers.size())};
  if (adaptive == 0) adaptive = plan.dropThreshold;
  const double threshold = plan.rules.drop == DropRule::Threshold ? plan.dropThreshold : adaptive;
  int64_t active = 0, dropped = 0;
  for (TopologyLayer* layer : layers) {
    active += layer->activeCount();
    choice.places.push_back(below(layer->weights(), threshold));
    dropped += static_cast<int64_t>(choice.places.back().size());
  }
  if (plan.rules.drop == DropRule::AdaptiveThreshold) {
    const auto wanted = static_cast<double>(dropCount(plan.rules.rounding, plan.pruneRate, active));
    if (static_cast<double>(dropped) < (1 - kTolerance) * wanted) adaptive *= 2;
    if (static_cast<double>(dropped) > (1 + kTolerance) * wanted) adaptive /= 2;
  }
  return choice;
}

}  // namespace

std::vector<double> softKeys(std::span<const float> weights, double temperature, const RandomKey& key) {
  std::vector<double> keys;
  keys.reserve(weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    // The smallest positive uniform keeps the noise finite.
    const double uniform = std::max(uniformAt(key, i), std::numeric_limits<double>::min());
    keys.push_back(std::log(std::abs(static_cast<double>(weights[i]))) + temperature * std::log(-std::log(uniform)));
  }
  return keys;
}

std::vector<int64_t> smallestBySign(std::span<const float> weights, int64_t k) {
  std::vector<int64_t> place[2];
  std::vector<float> value[2];
  for (size_t i = 0; i < weights.size(); ++i) {
    const int negative = weights[i] < 0 ? 1 : 0;
    place[negative].push_back(static_cast<int64_t>(i));
    value[negative].push_back(weights[i]);
  }
  const auto negatives = static_cast<int64_t>(place[1].size()), all = static_cast<int64_t>(weights.size());
  const int64_t ofNegative = all == 0 ? 0 : (2 * k * negatives + all) / (2 * all);  // rounded half up
  std::vector<int64_t> places;
  for (const int negative : {0, 1})
    for (const int64_t i : smallestMagnitude(value[negative], negative == 1 ? ofNegative : k - ofNegative))
      places.push_back(place[negative][static_cast<size_t>(i)]);
  std::sort(places.begin(), places.end());
  return places;
}

DropChoice chooseDrops(const TopologyPlan& plan, std::span<TopologyLayer* const> layers, double& adaptiveThreshold) {
  if (plan.rules.isThreshold()) return dropBelow(plan, layers, adaptiveThreshold);
  DropChoice choice;
  choice.pruned = prunedCounts(plan, layers);
  const auto exchanged = exchangedCounts(plan, layers, choice.pruned);
  // The least by one ranking: what is pruned and what is exchanged are its first places, whichever comes first.
  for (size_t l = 0; l < layers.size(); ++l) {
    const int64_t k = choice.pruned[l] + exchanged[l];
    choice.places.push_back(k == 0 ? std::vector<int64_t>{} : leastOf(plan, l, *layers[l], k));
  }
  return choice;
}

}  // namespace lab
