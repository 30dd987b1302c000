#pragma once
// When the topology is updated, at what rate, and how many connections of each layer.

#include "network/network_spec.h"
#include "parameters/config.h"
#include "topology/topology_update.h"

#include <cstdint>
#include <vector>

namespace lab {

class UpdatePolicy {
 public:
  /// `config` must be valid. `active`: weights of each layer; an update leaves them as they are.
  UpdatePolicy(const Config& config, const std::vector<WeightLayer>& layers, std::vector<int64_t> active);

  bool updates() const { return rules_.updatesTopology(); }
  const Rules& rules() const { return rules_; }
  const std::vector<int64_t>& active() const { return active_; }

  /// Whether an update belongs to a step: at least ΔT steps after the last, not after update_end, and never at the
  /// last step of training (what it grows would never be trained).
  bool due(const Config& config, int64_t stepsSinceUpdate, double progressAfter) const;

  /// ζ at this progress of training: the schedule runs over the time in which updates happen.
  double pruneRate(const Config& config, double progress) const;

  TopologyPlan plan(const Config& config, int64_t update, int64_t step, double progress) const;

 private:
  int64_t dropped(const Config& config, size_t layer, double rate) const;

  Rules rules_;
  std::vector<int64_t> weights_;
  std::vector<int64_t> active_;
};

/// The values of the parameter `update_order`.
std::vector<std::string> updateOrderNames();

}  // namespace lab
