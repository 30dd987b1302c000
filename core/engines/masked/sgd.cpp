#include "engines/masked/sgd.h"

#include <iterator>

namespace lab::masked {

namespace {

void run(const SgdTensor& t, const SgdStep& step) {
  for (int64_t i = 0; i < t.size; ++i) {
    if (t.active != nullptr && (t.active[i / 64] >> (i % 64) & 1) == 0) continue;
    const float g = t.gradient[i] + step.weightDecay * t.weight[i];
    t.momentum[i] = step.momentum * t.momentum[i] + g;
    t.weight[i] -= step.gradientRate * g + step.momentumRate * t.momentum[i];
  }
}

constexpr const SgdKernel* kKernels[] = {
#ifdef LAB_X86_KERNELS
    &kAvx512Sgd, &kAvx2Sgd,
#endif
    &kPortableSgd};

}  // namespace

const SgdKernel kPortableSgd{"portable", run, [] { return true; }};

SgdKernels sgdKernels() { return {std::begin(kKernels), std::end(kKernels)}; }

const SgdKernel& bestSgdKernel() {
  const SgdKernel* const* kernel = std::begin(kKernels);
  while (!(*kernel)->supported()) ++kernel;
  return **kernel;
}

}  // namespace lab::masked
