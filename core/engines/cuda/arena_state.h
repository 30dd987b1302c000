#pragma once
// The parameters of an arena as the plain host memory of an engine's state, and back.

#include "engines/cuda/arena.h"
#include "engines/engine.h"

#include <vector>

namespace lab::cuda {

/// All arrays of a run in an arena on the host.
struct ArenaCopy {
  std::vector<float> weight, momentum, secondMoment, gradient;  ///< secondMoment: empty unless the optimizer is Adam
  std::vector<uint64_t> active, explored;
  std::vector<float> statistics;  ///< running means, then running variances
  std::vector<Threshold> thresholds;  ///< [layers]; empty: none are learned
};

/// Waits for the device.
ArenaCopy download(Device& device, const Arena& arena, int64_t run = 0);
void upload(Device& device, const Arena& arena, const ArenaCopy& copy, int64_t run = 0);

/// Layers and norms of a state. `denseMomentum`: momentum has a value a position.
EngineState stateOf(const ArenaPlan& plan, const ArenaCopy& copy, bool denseMomentum);

/// Throws std::invalid_argument when the state is of another network. Without thresholds: see placeThresholds().
ArenaCopy copyOf(const ArenaPlan& plan, const EngineState& state, bool secondMoment, bool denseMomentum);

/// Those of a state, or `start` where it has none yet.
void placeThresholds(ArenaCopy& copy, const EngineState& state, float start);

/// The values of one segment.
std::vector<float> segmentOf(const std::vector<float>& values, const Segment& segment);

}  // namespace lab::cuda
