#pragma once
// How many inactive positions of each layer an update grows, and which.

#include "topology/topology_update.h"

namespace lab {

/// A layer's average |momentum| of active weights, before anything is dropped (SNFS).
double meanMomentum(TopologyLayer& layer);

/// How many each layer grows when each has lost `dropped` and may grow again `exchanged` of them. `momentum`: of
/// meanMomentum(), read by Redistribution::Momentum. The total is exactly Σ exchanged, as far as there is room.
std::vector<int64_t> growthCounts(const TopologyPlan& plan, std::span<TopologyLayer* const> layers,
                                  std::span<const int64_t> dropped, std::span<const int64_t> exchanged,
                                  std::span<const double> momentum);

/// k positions of layer `index`, ascending; fewer where there are fewer candidates. `active`: the layer's mask without
/// what is dropped; `barred` (may be null) must not be grown.
std::vector<int64_t> chooseGrowth(const TopologyPlan& plan, size_t index, TopologyLayer& layer, const Mask& active,
                                  const Mask* barred, int64_t k);

}  // namespace lab
