#pragma once
// Everything that is known of a run's exploration, as plain integers that a checkpoint can keep.

#include "topology/mask.h"

#include <cstdint>
#include <vector>

namespace lab {

/// Growth counted over the whole run so far.
struct GrowthCounts {
  int64_t grown = 0;
  int64_t regrownAtOnce = 0;  ///< dropped and grown by the same update
  int64_t wasted = 0;         ///< dropped by the very next update
  bool operator==(const GrowthCounts&) const = default;
};

struct TrackedLayer {
  Mask initial, active, explored;
  // One value for each explored position, ascending; no other has had a life.
  std::vector<uint32_t> sinceUpdate;   ///< update at which the ongoing life began or the last one ended
  std::vector<uint32_t> longestEnded;  ///< steps of the longest ended life
  std::vector<uint32_t> totalEnded;    ///< steps of all ended lives, at most ExplorationTracker::kMostLifeSteps
  std::vector<uint8_t> survivedTests;  ///< most drop tests survived by an ended grown life, at most 63
  std::vector<uint8_t> lives;          ///< at most 255
  int64_t lastGrown = 0, lastDropped = 0;
  bool operator==(const TrackedLayer&) const = default;
};

struct TrackerState {
  std::vector<TrackedLayer> layers;
  int64_t reliableSteps = 0;
  int64_t step = 0;
  int64_t activeSteps = 0;
  std::vector<int64_t> stepOfUpdate;     ///< [0] is 0: the start
  std::vector<int64_t> endedGrownLives;  ///< by length in steps: how many ended
  GrowthCounts growth;
  bool operator==(const TrackerState&) const = default;
};

}  // namespace lab
