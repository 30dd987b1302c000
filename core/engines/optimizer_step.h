#pragma once
// One step of the optimizer as the numbers that kernels compute with.
//
// This header is also compiled with wider instruction sets than the rest of the program: it uses no inline
// function of the standard library, whose one copy the linker might then take from there.

#include <cstdint>

namespace lab {

struct Config;

/// SGD of PyTorch, dampening 0: g += weightDecay w; m = momentum m + g; w -= gradientRate g + momentumRate m.
/// Nesterov: rates (η, η momentum); plain momentum: rates (0, η).
///
/// Adam (Kingma and Ba 2015; weight decay in the gradient, as in PyTorch): g += weightDecay w;
/// m = momentum m + (1 - momentum) g; v = secondMomentum v + (1 - secondMomentum) g²;
/// w -= momentumRate m / (rootScale √v + epsilon), where momentumRate = η / (1 - β1^t), rootScale = 1 / √(1 -
/// β2^t).
struct OptimizerStep {
  float weightDecay = 0;
  float momentum = 0;  ///< Adam: β1
  float gradientRate = 0;
  float momentumRate = 0;
  float secondMomentum = 0;  ///< β2
  float rootScale = 0;
  float epsilon = 0;
  bool adam = false;
};

/// Step number `t`, the first being 1, of the optimizer of a configuration.
OptimizerStep optimizerStep(const Config& config, double learningRate, int64_t t);

/// The same for scale and shift of batch norms: without weight decay where the configuration says so.
OptimizerStep normStep(const Config& config, const OptimizerStep& step);

}  // namespace lab
