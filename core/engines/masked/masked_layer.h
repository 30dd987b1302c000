#pragma once
// One layer's masks and optimizer state over dense weights. Inactive weights and their momentum are exactly zero.

#include "engines/engine.h"
#include "engines/masked/dense_network.h"
#include "engines/masked/sgd.h"

#include <cstdint>
#include <vector>

namespace lab::masked {

class MaskedLayer {
 public:
  explicit MaskedLayer(const LayerTensors& tensors);

  /// One optimizer step with the gradients of the last backward pass.
  void step(const SgdKernel& kernel, const SgdStep& step);

  /// Drops exactly plan.drop[layer] weights and grows as many as there are candidates, up to that number.
  LayerChange updateTopology(const TopologyPlan& plan, size_t layer);

  LayerState state() const;
  void restore(const LayerState& state);

 private:
  std::vector<int64_t> drop(int64_t k);
  std::vector<int64_t> grow(const TopologyPlan& plan, size_t layer, const Mask* barred) const;
  std::vector<int64_t> growByGradient(const Mask* barred, int64_t k) const;

  LayerTensors tensors_;
  Mask active_, explored_;
  std::vector<float> momentum_, biasMomentum_;
};

}  // namespace lab::masked
