#include "engines/masked/optimizer.h"

#include <cmath>
#include <iterator>

namespace lab::masked {

namespace {

bool isActive(const OptimizerTensor& t, int64_t i) {
  return t.active == nullptr || (t.active[i / 64] >> (i % 64) & 1) != 0;
}

void sgd(const OptimizerTensor& t, const OptimizerStep& step) {
  for (int64_t i = 0; i < t.size; ++i) {
    if (!isActive(t, i)) continue;
    const float g = t.gradient[i] + step.weightDecay * t.weight[i];
    t.momentum[i] = step.momentum * t.momentum[i] + g;
    t.weight[i] -= step.gradientRate * g + step.momentumRate * t.momentum[i];
  }
}

void adam(const OptimizerTensor& t, const OptimizerStep& step) {
  for (int64_t i = 0; i < t.size; ++i) {
    if (!isActive(t, i)) continue;
    const float g = t.gradient[i] + step.weightDecay * t.weight[i];
    t.momentum[i] = step.momentum * t.momentum[i] + (1 - step.momentum) * g;
    t.secondMoment[i] = step.secondMomentum * t.secondMoment[i] + (1 - step.secondMomentum) * g * g;
    t.weight[i] -=
        step.momentumRate * t.momentum[i] / (step.rootScale * std::sqrt(t.secondMoment[i]) + step.epsilon);
  }
}

void run(const OptimizerTensor& t, const OptimizerStep& step) { step.adam ? adam(t, step) : sgd(t, step); }

constexpr const OptimizerKernel* kKernels[] = {
#ifdef LAB_X86_KERNELS
    &kAvx512Optimizer, &kAvx2Optimizer,
#endif
    &kPortableOptimizer};

}  // namespace

const OptimizerKernel kPortableOptimizer{"portable", run, [] { return true; }};

OptimizerKernels optimizerKernels() { return {std::begin(kKernels), std::end(kKernels)}; }

const OptimizerKernel& bestOptimizerKernel() {
  const OptimizerKernel* const* kernel = std::begin(kKernels);
  while (!(*kernel)->supported()) ++kernel;
  return **kernel;
}

}  // namespace lab::masked
