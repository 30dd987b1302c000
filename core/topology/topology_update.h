#pragma once
// One topology update as data: the plan (Trainer to engine) and what came of it (engine to trackers).

#include "topology/methods.h"

#include <cstdint>
#include <vector>

namespace lab {

/// Itop: the update follows the optimizer step of its training step. Rigl: it replaces it.
enum class UpdateOrder { Itop, Rigl };

struct TopologyPlan {
  int64_t update = 0;  ///< 1 for the first; keys the randomness of growth
  int64_t step = 0;    ///< optimizer steps done when it happens (its own included)
  double pruneRate = 0;
  Rules rules;
  UpdateOrder order = UpdateOrder::Itop;
  bool regrowDropped = true;
  uint64_t seed = 0;
  std::vector<int64_t> drop;  ///< per layer: exactly so many are dropped, and as many grown as there are candidates
};

struct LayerChange {
  std::vector<int64_t> dropped;  ///< ascending flat positions
  std::vector<int64_t> grown;    ///< ascending; may share positions with dropped: the old life ended, a new one began
};

struct TopologyEvent {
  int64_t update = 0;
  int64_t step = 0;
  double pruneRate = 0;
  std::vector<LayerChange> layers;
};

}  // namespace lab
