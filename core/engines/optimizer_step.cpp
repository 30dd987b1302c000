#include "engines/optimizer_step.h"

#include "parameters/config.h"

#include <cmath>

namespace lab {

OptimizerStep optimizerStep(const Config& config, double learningRate, int64_t t) {
  OptimizerStep step;
  step.weightDecay = static_cast<float>(config.weight_decay);
  if (config.optimizer == kAdam) {
    const auto steps = static_cast<double>(t);
    step.adam = true;
    step.momentum = static_cast<float>(config.adam_beta1);
    step.secondMomentum = static_cast<float>(config.adam_beta2);
    step.momentumRate = static_cast<float>(learningRate / (1 - std::pow(config.adam_beta1, steps)));
    step.rootScale = static_cast<float>(1 / std::sqrt(1 - std::pow(config.adam_beta2, steps)));
    step.epsilon = static_cast<float>(config.adam_epsilon);
    return step;
  }
  step.momentum = static_cast<float>(config.momentum);
  const auto rate = static_cast<float>(learningRate);
  step.gradientRate = config.nesterov ? rate : 0.0f;
  step.momentumRate = config.nesterov ? rate * step.momentum : rate;
  return step;
}

OptimizerStep normStep(const Config& config, const OptimizerStep& step) {
  OptimizerStep result = step;
  if (!config.weight_decay_on_norms) result.weightDecay = 0;
  return result;
}

}  // namespace lab
