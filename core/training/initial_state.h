#pragma once
// The weights that a run starts from.

#include "engines/engine.h"

#include <string>
#include <vector>

namespace lab {

/// Weights are drawn keyed by (seed, layer, position).
/// sparse-fan-in: N(0, 2 / (d_l × fan-in)), the fan-in a unit of the sparse layer really has on average
/// (He et al. 2015 on the sparse layer). dense-fan-in: U(±1/√fan-in) of the dense layer, then masked (the published code).
/// Biases start at 0 with sparse-fan-in, U(±1/√fan-in) with dense-fan-in. Batch norms start as the identity: scale 1,
/// shift 0, running mean 0 and variance 1.
EngineState initialState(const NetworkSpec& network, std::vector<Mask> masks, const Config& config);

/// The values of the parameter `initialization`.
std::vector<std::string> initializationNames();

}  // namespace lab
