#include "engines/masked/learned_threshold.h"

#include <cmath>

namespace lab::masked {

LearnedThreshold::LearnedThreshold(int64_t size)
    : weights_(static_cast<size_t>(size)), gradient_(static_cast<size_t>(size)) {}

float LearnedThreshold::threshold() const { return 1 / (1 + std::exp(-s_)); }

void LearnedThreshold::project(std::span<float> effective) const {
  const float t = threshold();
  for (size_t i = 0; i < weights_.size(); ++i) {
    const float above = std::abs(weights_[i]) - t;
    effective[i] = above > 0 ? std::copysign(above, weights_[i]) : 0.0f;
  }
}

Mask LearnedThreshold::active() const {
  const float t = threshold();
  Mask mask(static_cast<int64_t>(weights_.size()));
  for (size_t i = 0; i < weights_.size(); ++i)
    if (std::abs(weights_[i]) > t) mask.set(static_cast<int64_t>(i));
  return mask;
}

void LearnedThreshold::step(const OptimizerKernel& kernel, const OptimizerStep& step, std::span<const float> gradient,
                            std::span<float> momentum) {
  const float t = threshold();
  double below = 0;  // ∂L/∂t
  for (size_t i = 0; i < weights_.size(); ++i) {
    const bool active = std::abs(weights_[i]) > t;
    gradient_[i] = active ? gradient[i] : 0.0f;
    below -= active ? static_cast<double>(std::copysign(gradient[i], gradient[i] * weights_[i])) : 0.0;
  }
  const float sGradient = static_cast<float>(below) * t * (1 - t);
  kernel.run({weights_.data(), momentum.data(), nullptr, gradient_.data(), nullptr, static_cast<int64_t>(weights_.size())}, step);
  kernel.run({&s_, &sMomentum_, nullptr, &sGradient, nullptr, 1}, step);
}

}  // namespace lab::masked
