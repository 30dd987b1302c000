#pragma once
// Topology updates on the device: nothing of an update comes to the host but, later, what was dropped and grown.

#include "engines/cuda/arena.h"
#include "topology/topology_update.h"

#include <map>
#include <tuple>
#include <vector>

namespace lab::cuda {

/// What an update exchanges, as the device reads it: per segment.
struct UpdateTables {
  explicit UpdateTables(Device& device, size_t segments);
  size_t bytes() const { return segments * (2 * sizeof(uint32_t) + sizeof(Feistel)); }

  size_t segments;
  at::Tensor memory;
  Feistel* orders;
  uint32_t *drop, *grow;
};

class DeviceTopology {
 public:
  DeviceTopology(Device& device, const Arena& arena, bool denseMomentum);

  /// Whether this class can carry the plan out: magnitude drop, growth without constraint, layer by layer.
  bool serves(const TopologyPlan& plan) const;

  /// Chooses and exchanges. `staging`: bytes() of pinned memory, in use until the device has come so far.
  void update(const TopologyPlan& plan, std::span<const int64_t> activeCounts, std::byte* staging);
  size_t stagingBytes() const { return std::max(tables_.bytes(), wordBytes()); }

  /// Exchanges what the host has chosen; `staging` as above, twice wordBytes().
  void exchange(const TopologyEvent& event, std::byte* staging);

  /// Begins to copy what the last update dropped and grew: two arrays of plan().words() words.
  void download(std::byte* to);
  size_t wordBytes() const { return 2 * static_cast<size_t>(arena_.plan().words()) * sizeof(uint64_t); }

  /// What such words say.
  std::vector<LayerChange> read(const std::byte* words) const;

 private:
  void choose(GrowRule rule, bool regrowDropped);
  void select(const uint32_t* k, uint64_t* chosen);
  void carryOut(bool keepRegrown);

  Device& device_;
  const Arena& arena_;
  bool denseMomentum_;
  UpdateTables tables_;
  at::Tensor keys_, histogram_, picks_, ties_, changes_;
  uint64_t *dropped_, *grown_;
  std::map<std::tuple<GrowRule, bool, bool>, std::unique_ptr<Replay>> recorded_;  ///< null: done once
};

}  // namespace lab::cuda
