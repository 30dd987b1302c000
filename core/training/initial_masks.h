#pragma once
// Which connections exist before the first step, and how many are to be left in the end.

#include "engines/engine.h"
#include "result.h"
#include "topology/distribution.h"

#include <memory>
#include <string>
#include <vector>

namespace lab {

/// Where each layer starts and where it is to end: the same for methods that keep their counts; all ones at the start
/// for those that prune a dense network; all ones throughout for dense and for learned thresholds. Layers whose first
/// connections are chosen by saliency have densities only as a whole: `start` is uniform then.
struct ConfiguredDensities {
  LayerDensities start, end;
};

/// Problems: a distribution or structure that this network cannot have at this sparsity.
Result<ConfiguredDensities> configuredDensities(const NetworkSpec& network, const Config& config);

/// The first masks of a run. random: exact counts at keyed positions (by coin flips with official semantics).
/// snip, grasp, synflow: what `scorer` finds most worth, in the whole network, at least one weight a layer.
/// Throws RunError (Configuration) when a scorer is needed and the program has none.
std::vector<Mask> firstMasks(const NetworkSpec& network, const LayerDensities& densities, const Config& config,
                             const std::shared_ptr<const Dataset>& data, const SaliencyScorer& scorer);

/// The values of the parameter `initial_mask`.
std::vector<std::string> initialMaskNames();

}  // namespace lab
