#pragma once
// Engines of several runs that share a device and an arena, and take their steps at once.

#include "engines/engine.h"

#include <memory>
#include <vector>

namespace lab::cuda {

class Device;

/// Why runs of these two configurations cannot be packed on the same network and data; empty when they can.
std::string packedRefusal(const NetworkSpec& network, const Config& a, const Config& b);

/// An engine a setup. Each must be used by a thread of its own: it waits for the others, until they are destroyed.
/// Throws std::invalid_argument with the refusal. Precondition: gpuRefusal() is empty for each.
std::vector<std::unique_ptr<Engine>> makePackedEngines(std::span<const EngineSetup> setups,
                                                       std::shared_ptr<Device> device);

}  // namespace lab::cuda
