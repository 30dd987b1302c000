#pragma once
// When the topology is updated, at what rate, and how many connections stay.

#include "network/network_spec.h"
#include "parameters/config.h"
#include "topology/topology_update.h"

#include <cstdint>
#include <vector>

namespace lab {

class UpdatePolicy {
 public:
  /// `config` must be valid. `start`: active weights of each layer at the beginning; `end`: those that Course::Pruning
  /// leaves.
  UpdatePolicy(const Config& config, const std::vector<WeightLayer>& layers, std::vector<int64_t> start,
               std::vector<int64_t> end);

  /// Whether the topology changes while weights are trained (Course::Rounds changes it in between).
  bool updates() const { return course_ != Course::Rounds && changes_; }
  Course course() const { return course_; }
  const Rules& rules() const { return rules_; }
  const Semantics& semantics() const { return semantics_; }

  /// Whether a step that takes training from one progress to the other is followed by an update: at least ΔT steps
  /// after the last one, between update_begin and update_end, and never after the last step of training (what it
  /// grows would never be trained). Pruning ends with an update of its own where update_end is passed.
  bool due(const Config& config, int64_t stepsSinceUpdate, double progressBefore, double progressAfter) const;

  /// ζ at this progress of training: the schedule runs over the time in which updates happen.
  double pruneRate(const Config& config, double progress) const;

  TopologyPlan plan(const Config& config, int64_t update, int64_t step, double progress) const;

  /// Course::Rounds: how many rounds follow the first one, and the plan that leads to round `round` (from 1): it
  /// drops a share of the survivors, in the last round what sparsity asks for.
  int64_t pruningRounds(const Config& config) const;
  TopologyPlan roundPlan(const Config& config, int64_t round, int64_t step) const;

 private:
  TopologyPlan anyPlan(const Config& config, int64_t update, int64_t step) const;
  std::vector<int64_t> pruned(double progress) const;

  Rules rules_;
  Course course_;
  bool changes_;
  Semantics semantics_;
  GrowthConstraint constraint_;
  std::vector<int64_t> weights_, start_, end_;
};

/// The values of the parameter `update_order`.
std::vector<std::string> updateOrderNames();

}  // namespace lab
