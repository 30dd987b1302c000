#pragma once
// The state a run starts from: exact per-layer counts at keyed random positions, weights by fan-in.

#include "engines/engine.h"
#include "result.h"
#include "topology/distribution.h"

namespace lab {

/// Weights are drawn keyed by (seed, layer, position).
/// sparse-fan-in: N(0, 2 / (d_l × fan-in)), the fan-in a unit of the sparse layer really has on average
/// (He et al. 2015 on the sparse layer). dense-fan-in: U(±1/√fan-in) of the dense layer, then masked (the published code).
/// Biases start at 0 with sparse-fan-in, U(±1/√fan-in) with dense-fan-in.
EngineState initialState(const NetworkSpec& network, const LayerDensities& densities, const Config& config);

/// The values of the parameter `initialization`.
std::vector<std::string> initializationNames();

/// The densities of a configuration: all ones for dense methods.
Result<LayerDensities> configuredDensities(const NetworkSpec& network, const Config& config);

}  // namespace lab
