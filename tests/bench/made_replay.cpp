#include "made_replay.h"

#include <algorithm>
#include <random>

namespace lab::bench {

namespace {

int64_t anyInactive(const Mask& mask, std::mt19937_64& random) {
  for (;;)
    if (const auto i = static_cast<int64_t>(random() % static_cast<uint64_t>(mask.size())); !mask.test(i))
      return i;
}

LayerChange rewired(Mask& mask, std::mt19937_64& random) {
  LayerChange change;
  for (const int64_t i : mask.positions())
    if (static_cast<double>(random() % 1000) < 1000 * kReplayPruneRate) change.dropped.push_back(i);
  for (size_t n = change.dropped.size(); n > 0; --n) {
    change.grown.push_back(anyInactive(mask, random));
    mask.set(change.grown.back());
  }
  for (const int64_t i : change.dropped) mask.clear(i);
  std::ranges::sort(change.grown);
  return change;
}

}  // namespace

MadeHistory madeHistory(const std::vector<int64_t>& sizes, int updates) {
  std::mt19937_64 random(1);
  MadeHistory history;
  for (const int64_t size : sizes) {
    Mask& mask = history.initial.emplace_back(size);
    for (auto n = static_cast<int64_t>(kReplayDensity * static_cast<double>(size)); n > 0; --n)
      mask.set(anyInactive(mask, random));
  }
  std::vector<Mask> active = history.initial;
  for (int u = 1; u <= updates; ++u) {
    TopologyEvent& event = history.updates.emplace_back(TopologyEvent{u, 100 * u, kReplayPruneRate, {}});
    for (Mask& mask : active) event.layers.push_back(rewired(mask, random));
  }
  return history;
}

MaskReplay replayOf(const MadeHistory& history) {
  MaskReplay replay(history.initial, 1000);
  for (const TopologyEvent& update : history.updates) replay.append(update);
  return replay;
}

}  // namespace lab::bench
