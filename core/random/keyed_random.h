#pragma once
// Counter-based randomness: every random choice is a function of (seed, purpose, layer, time, index), never of the
// order of calls, so that engines, threads and resumed runs make the same choices.
// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

#include <array>
#include <cstdint>

namespace lab {

using Block = std::array<uint32_t, 4>;

/// Ten rounds of Philox4x32 of `counter` under `key`.
Block philox4x32(Block counter, std::array<uint32_t, 2> key);

enum class Purpose : uint32_t {
  InitialWeights = 1,
  InitialMask = 2,
  Grow = 3,
  SampleOrder = 4,
  SyntheticData = 5,
  InitialBias = 6,
  Drop = 7,
  Augmentation = 8,
  Bootstrap = 100
};

/// Names one stream of random numbers. `layer` and `time` (update or epoch) are 0 where they mean nothing.
struct RandomKey {
  uint64_t seed = 0;
  Purpose purpose = Purpose::InitialWeights;
  uint32_t layer = 0;
  uint32_t time = 0;
};

/// The 128 random bits at `index` of the stream.
Block randomBlock(const RandomKey& key, uint64_t index);

/// Uniform in [0, 1), 53 bits.
double uniformAt(const RandomKey& key, uint64_t index);

/// Standard normal (Box-Muller on one block).
double normalAt(const RandomKey& key, uint64_t index);

}  // namespace lab
