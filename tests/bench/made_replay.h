#pragma once
// A history of random rewiring, for what goes back and forth in it.

#include "store/mask_replay.h"

#include <cstdint>
#include <vector>

namespace lab::bench {

constexpr int kReplayUpdates = 200;
constexpr double kReplayDensity = 0.02, kReplayPruneRate = 0.3;

/// The layers' first masks, and the updates after them, one every 100 steps.
struct MadeHistory {
  std::vector<Mask> initial;
  std::vector<TopologyEvent> updates;
};
MadeHistory madeHistory(const std::vector<int64_t>& sizes, int updates = kReplayUpdates);

MaskReplay replayOf(const MadeHistory& history);

}  // namespace lab::bench
