#pragma once
// One layer's topology update on its own weights, without a dense array of anything.

#include "engines/sparse/mlp.h"
#include "topology/topology_update.h"

namespace lab::sparse {

/// Drops exactly plan.drop[l] weights and grows as many as there are candidates, up to that number.
/// GrowRule::Gradient reads the activations and deltas of the last batch.
LayerChange updateTopology(Mlp& mlp, size_t l, const TopologyPlan& plan);

}  // namespace lab::sparse
