#pragma once
// Where each parameter of a network lies in the arena of kernels/arena.h.

#include "engines/cuda/kernels/arena.h"
#include "network/network_spec.h"

#include <cstdint>
#include <vector>

namespace lab::cuda {

struct ArenaPlan {
  struct Layer {
    int32_t weight, bias;  ///< segments; no bias: -1
  };
  struct Norm {
    int32_t scale, shift;
    int64_t statistics;  ///< where its running means and variances begin, in arrays of one value a channel
  };

  std::vector<Segment> segments;
  std::vector<int32_t> segmentOf;  ///< of each block
  std::vector<Layer> layers;       ///< in the order of weightLayers()
  std::vector<Norm> norms;         ///< in the order of normLayers()
  int64_t channels = 0;            ///< of all norms

  int64_t blocks() const { return static_cast<int64_t>(segmentOf.size()); }
  int64_t size() const { return blocks() * kBlock; }
  int64_t words() const { return size() / kWord; }
  const Segment& weight(size_t layer) const { return segments[static_cast<size_t>(layers[layer].weight)]; }
};

/// The segments of `runs` networks of one plan, one behind the other: run r's are those of the plan, r × plan.size()
/// further on.
struct PackedArena {
  std::vector<Segment> segments;
  std::vector<int32_t> segmentOf;  ///< of each block
};
PackedArena packArena(const ArenaPlan& plan, int64_t runs);

/// `decayNorms`: whether weight decay applies to scales and shifts. Precondition: a valid network.
ArenaPlan planArena(const NetworkSpec& network, bool decayNorms);

}  // namespace lab::cuda
