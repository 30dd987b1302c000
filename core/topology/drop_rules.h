#pragma once
// Which active weights an update drops.

#include "topology/topology_update.h"

namespace lab {

/// What every layer loses: places of its active weights, ascending.
using Drops = std::vector<std::vector<int64_t>>;

/// How many of each layer's drops are pruned for good: they are not grown elsewhere. Zero but under Course::Pruning.
struct DropChoice {
  Drops places;
  std::vector<int64_t> pruned;
};

DropChoice chooseDrops(const TopologyPlan& plan, std::span<TopologyLayer* const> layers, double& adaptiveThreshold);

/// Keys by which DropRule::Soft drops the smallest: log |w| - T × Gumbel noise (Gumbel top-k, Kool et al. 2019):
/// T = 0 is magnitude, large T is chance.
std::vector<double> softKeys(std::span<const float> weights, double temperature, const RandomKey& key);

/// The places (ascending) of k weights of the SET paper's rule: the smallest positive and the largest negative ones,
/// in proportion to how many there are of each sign. Zeros count as positive.
std::vector<int64_t> smallestBySign(std::span<const float> weights, int64_t k);

}  // namespace lab
