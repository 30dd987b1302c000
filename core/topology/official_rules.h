#pragma once
// What the paper's published code does where it differs from the paper and changes the numbers of a run. See
// semantics.h; for comparison with published numbers only.

#include "topology/drop_rules.h"

namespace lab::official {

/// Whether the plan's drops go by a threshold in place of an exact rank: magnitude and sign do.
bool ranksByThreshold(const TopologyPlan& plan);

/// magnitude: everything not above the magnitude of rank ⌈ζ n⌉: ties and zeros go too, and zeros even when ζ = 0.
/// sign: the positive weights not above rank ⌈k / 2⌉ from below, and all negative ones but the ⌈k / 2⌉ - 1 largest in
/// magnitude.
DropChoice chooseDrops(const TopologyPlan& plan, std::span<TopologyLayer* const> layers);

/// Every inactive position with probability expected / (number of them): `expected` of them on average.
std::vector<int64_t> growByCoinFlips(const TopologyPlan& plan, size_t layer, const Mask& active, int64_t expected);

/// A first mask of this density by coin flips.
Mask coinFlipMask(int64_t size, double density, const RandomKey& key);

}  // namespace lab::official
