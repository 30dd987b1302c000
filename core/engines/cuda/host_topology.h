#pragma once
// Topology updates by rules that have no form on the device: on copies of its weights and scores, by the update that
// all engines share.

#include "engines/cuda/arena.h"
#include "engines/engine.h"
#include "topology/topology_update.h"

#include <memory>
#include <vector>

namespace lab::cuda {

/// Everything an update of a layer may look at, as the host holds it. Arrays have one value a position.
class CopiedLayer final : public TopologyLayer {
 public:
  CopiedLayer(int64_t rows, const LayerState& state, std::vector<float> gradient, std::vector<float> momentum);

  int64_t rows() const override { return rows_; }
  int64_t columns() const override { return active_.size() / rows_; }
  const Mask& active() const override { return active_; }
  int64_t activeCount() const override { return static_cast<int64_t>(weights_.size()); }
  const Mask& explored() const override { return explored_; }
  std::span<const float> weights() override { return weights_; }
  std::vector<float> atActive(Score score) override;
  std::vector<int64_t> positionsOf(std::span<const int64_t> places) const override;
  void scan(Score score, const Block& block) override { block(0, scores(score)); }
  void replace(std::span<const int64_t>, std::span<const int64_t>, std::span<const int64_t>) override {}

 private:
  std::span<const float> scores(Score score) const { return score == Score::Gradient ? gradient_ : momentum_; }

  int64_t rows_;
  Mask active_, explored_;
  std::vector<float> weights_;  ///< of active positions
  std::vector<float> gradient_, momentum_;
};

/// What the host knows of a run between its updates.
struct TopologyCounts {
  std::vector<int64_t> active;  ///< weights of each layer
  double dropThreshold = 0;     ///< the adaptive one
};
TopologyCounts countsOf(const EngineState& state);

/// Waits for the device and chooses what a run in an arena drops and grows; the arena stays as it is.
TopologyEvent chooseOnHost(const TopologyPlan& plan, Device& device, const Arena& arena, int64_t run,
                           const std::vector<WeightLayer>& layers, bool denseMomentum, TopologyCounts& counts);

}  // namespace lab::cuda
