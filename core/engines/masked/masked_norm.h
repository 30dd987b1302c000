#pragma once
// A batch normalisation's scale and shift with their optimizer state. They are trained like weights and never
// masked.

#include "engines/engine.h"
#include "engines/masked/dense_network.h"
#include "engines/masked/sgd.h"

#include <vector>

namespace lab::masked {

class MaskedNorm {
 public:
  explicit MaskedNorm(const NormTensors& tensors);

  /// One optimizer step with the gradients of the last backward pass.
  void step(const SgdKernel& kernel, const SgdStep& step);

  NormState state() const;
  void restore(const NormState& state);  ///< throws std::invalid_argument when it does not fit

 private:
  NormTensors tensors_;
  std::vector<float> scaleMomentum_, shiftMomentum_;
};

}  // namespace lab::masked
