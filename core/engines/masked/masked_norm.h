#pragma once
// A batch normalisation's scale and shift with their optimizer state. They are trained like weights and never
// masked.

#include "engines/engine.h"
#include "engines/masked/dense_network.h"
#include "engines/masked/optimizer.h"

#include <vector>

namespace lab::masked {

class MaskedNorm {
 public:
  MaskedNorm(const NormTensors& tensors, bool secondMoments);

  /// One optimizer step with the gradients of the last backward pass.
  void step(const OptimizerKernel& kernel, const OptimizerStep& step);

  NormState state() const;
  void restore(const NormState& state);  ///< throws std::invalid_argument when it does not fit

 private:
  NormTensors tensors_;
  std::vector<float> scaleMomentum_, shiftMomentum_;
  std::vector<float> scaleSecondMoment_, shiftSecondMoment_;  ///< empty unless the optimizer keeps them
};

}  // namespace lab::masked
