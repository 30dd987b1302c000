#pragma once
// Soft-threshold reparameterization (STR; Kusupati et al. 2020, equations 4 to 6): the network computes with
// sign(w) max(0, |w| - sigmoid(s)), and s is trained with w by the same optimizer and weight decay.

#include "engines/masked/optimizer.h"
#include "topology/mask.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lab::masked {

class LearnedThreshold {
 public:
  explicit LearnedThreshold(int64_t size);

  float parameter() const { return s_; }
  float parameterMomentum() const { return sMomentum_; }
  void setParameter(float s, float momentum) { s_ = s, sMomentum_ = momentum; }

  std::span<float> weights() { return weights_; }  ///< w, one a position
  std::span<const float> weights() const { return weights_; }

  /// Writes what the network computes with.
  void project(std::span<float> effective) const;
  Mask active() const;  ///< where |w| lies above the threshold

  /// `gradient`: with respect to the effective weights. `momentum`: of w, one a position.
  void step(const OptimizerKernel& kernel, const OptimizerStep& step, std::span<const float> gradient, std::span<float> momentum);

 private:
  float threshold() const;
  std::vector<float> weights_, gradient_;
  float s_ = 0, sMomentum_ = 0;
};

}  // namespace lab::masked
