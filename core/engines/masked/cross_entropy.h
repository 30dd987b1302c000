#pragma once

#include "engines/engine.h"

#include <cstdint>
#include <span>

namespace lab::masked {

/// Softmax cross-entropy of logits [samples][classes], against (1 - smoothing) of the label and smoothing /
/// classes of every class. `delta`, of the same shape, becomes the gradient of its mean over the samples. The
/// first of equal logits is the answer.
Sums crossEntropy(std::span<const float> logits, std::span<const Label> labels, double smoothing,
                  std::span<float> delta);

}  // namespace lab::masked
