#pragma once
// Topology updates on the device: nothing of an update comes to the host but, later, what was dropped and grown. Runs
// that share an arena may update at once, or some of them while the others stay as they are.

#include "engines/cuda/arena.h"
#include "topology/topology_update.h"

#include <map>
#include <tuple>
#include <vector>

namespace lab::cuda {

/// What an update exchanges, as the device reads it: per segment of every run.
struct UpdateTables {
  explicit UpdateTables(Device& device, size_t segments);
  size_t bytes() const { return segments * (2 * sizeof(uint32_t) + sizeof(Feistel)); }

  size_t segments;
  at::Tensor memory;
  Feistel* orders;
  uint32_t *drop, *grow;
};

/// An update of one run.
struct RunUpdate {
  int64_t run;
  const TopologyPlan* plan;
  std::span<const int64_t> activeCounts;  ///< of each layer
};

/// What launches depend on: updates that have it in common can be carried out at once.
using UpdateForm = std::tuple<GrowRule, bool, bool>;
inline UpdateForm formOf(const TopologyPlan& plan) { return {plan.rules.grow, plan.regrowDropped, plan.keepRegrown}; }

class DeviceTopology {
 public:
  DeviceTopology(Device& device, const Arena& arena, bool denseMomentum);

  /// Whether this class can carry the plan out: magnitude drop, growth without constraint, layer by layer.
  bool serves(const TopologyPlan& plan) const;

  /// Chooses and exchanges. `staging`: stagingBytes() of pinned memory, in use until the device has come so far.
  /// Precondition: the updates are of different runs and have the same form.
  void update(std::span<const RunUpdate> updates, std::byte* staging);
  size_t stagingBytes() const { return std::max(tables_.bytes(), wordBytes()); }

  /// Exchanges what the host has chosen for a run; `staging` as above.
  void exchange(const TopologyEvent& event, std::byte* staging, int64_t run = 0);

  /// Begins to copy what the last update of a run dropped and grew: two arrays of plan().words() words.
  void download(std::byte* to, int64_t run = 0);
  size_t wordBytes() const { return 2 * static_cast<size_t>(arena_.plan().words()) * sizeof(uint64_t); }

  /// The masks follow learned thresholds: an update that only the device knows.
  void follow();

  /// What such words say.
  std::vector<LayerChange> read(const std::byte* words) const;

 private:
  void fill(const RunUpdate& update, std::byte* staging) const;
  void choose(GrowRule rule, bool regrowDropped);
  void select(const uint32_t* k, uint64_t* chosen);
  void carryOut(const ExchangeKernel& exchange);

  Device& device_;
  const Arena& arena_;
  bool denseMomentum_;
  UpdateTables tables_;
  at::Tensor keys_, histogram_, picks_, ties_, changes_;
  uint64_t *dropped_, *grown_;
  std::map<UpdateForm, std::unique_ptr<Replay>> recorded_;  ///< null: done once
};

}  // namespace lab::cuda
