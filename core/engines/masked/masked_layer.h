#pragma once
// One layer's masks and optimizer state over dense weights. Inactive weights are exactly zero, and so is their momentum
// unless the method needs it.

#include "engines/engine.h"
#include "engines/masked/dense_network.h"
#include "engines/masked/learned_threshold.h"
#include "engines/masked/optimizer.h"
#include "topology/topology_update.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lab::masked {

/// What a method keeps beside weights and momentum of active positions.
struct LayerKind {
  bool denseMomentum = false;     ///< momentum of every position (SNFS); an update then leaves momentum as it is
  bool secondMoment = false;      ///< of active positions (Adam)
  bool learnedThreshold = false;  ///< every weight is trained, and those below a learned threshold count as 0 (STR)
};

class MaskedLayer final : public TopologyLayer {
 public:
  MaskedLayer(const LayerTensors& tensors, int64_t rows, LayerKind kind);

  /// One optimizer step with the gradients of the last backward pass.
  void step(const OptimizerKernel& kernel, const OptimizerStep& step);

  double squaredGradient() const;  ///< Σ g² over the active weights

  /// Learned thresholds: what has become active or inactive since the last call.
  LayerChange followThreshold();

  LayerState state() const;
  void restore(const LayerState& state);

  /// The learned s; 0 where none is learned.
  float threshold() const { return learned_ ? learned_->parameter() : 0; }
  float thresholdMomentum() const { return learned_ ? learned_->parameterMomentum() : 0; }
  void setThreshold(float s, float momentum);

  int64_t rows() const override { return rows_; }
  int64_t columns() const override { return active_.size() / rows_; }
  const Mask& active() const override { return active_; }
  int64_t activeCount() const override { return activeCount_; }
  const Mask& explored() const override { return explored_; }
  std::span<const float> weights() override;
  std::vector<float> atActive(Score score) override;
  std::vector<int64_t> positionsOf(std::span<const int64_t> places) const override;
  void scan(Score score, const Block& block) override;
  void replace(std::span<const int64_t> places, std::span<const int64_t> dropped,
               std::span<const int64_t> grown) override;

 private:
  std::span<const float> scores(Score score) const;
  void setMask(const Mask& active);
  void keepInactiveMomentum(const OptimizerStep& step);

  LayerTensors tensors_;
  int64_t rows_;
  LayerKind kind_;
  Mask active_, explored_;
  int64_t activeCount_ = 0;
  std::vector<float> momentum_, biasMomentum_;
  std::vector<float> secondMoment_, biasSecondMoment_;  ///< empty unless the optimizer keeps them
  std::vector<float> activeWeights_;  ///< what weights() shows
  std::optional<LearnedThreshold> learned_;
};

}  // namespace lab::masked
