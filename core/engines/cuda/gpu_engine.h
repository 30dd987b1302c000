#pragma once
// The engine over a device. No Torch type crosses this header.

#include "engines/engine.h"

#include <memory>

namespace lab::cuda {

class Device;

/// Spans that an engine should have under way.
inline constexpr int kInFlight = 3;

/// Whether a configuration's method trains a threshold for each layer (STR).
bool learnsThresholds(const Config& config);

/// Whether the method of a configuration has momentum for inactive weights.
bool needsDenseMomentum(const Config& config);

/// Precondition: gpuRefusal() is empty.
std::unique_ptr<Engine> makeGpuEngine(const EngineSetup& setup, std::shared_ptr<Device> device);

/// Why this engine cannot train a network; empty when it can.
std::string gpuRefusal(const NetworkSpec& network, const Config& config);

}  // namespace lab::cuda
