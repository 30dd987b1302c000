#pragma once

#include "engines/engine.h"

#include <cstdint>
#include <span>

namespace lab::masked {

/// Softmax cross-entropy of logits [samples][classes]. `delta`, of the same shape, becomes the gradient of its
/// mean over the samples. The first of equal logits is the answer.
Sums crossEntropy(std::span<const float> logits, std::span<const Label> labels, std::span<float> delta);

}  // namespace lab::masked
