#pragma once
// Stochastic gradient descent under a bit mask, in one pass over a tensor: what is read is written at once, and
// the mask costs a bit a weight instead of a float.
//
// This header is compiled with wider instruction sets than the rest of the program: it uses no inline function of
// the standard library, whose one copy the linker might then take from there.

#include <cstdint>

namespace lab::masked {

/// g += weightDecay w; m = momentum m + g; w -= gradientRate g + momentumRate m (SGD of PyTorch, dampening 0).
/// Nesterov: rates (η, η momentum); plain momentum: rates (0, η).
struct SgdStep {
  float weightDecay = 0;
  float momentum = 0;
  float gradientRate = 0;
  float momentumRate = 0;
};

struct SgdTensor {
  float* weight;
  float* momentum;
  const float* gradient;
  const uint64_t* active;  ///< bits, from the first element on; the others stay exactly zero. null: all are active
  int64_t size;
};

struct SgdKernel {
  const char* name;
  void (*run)(const SgdTensor& tensor, const SgdStep& step);
  bool (*supported)();  ///< by this machine
};

/// In order of preference; the last one runs everywhere.
struct SgdKernels {
  const SgdKernel* const* begin;
  const SgdKernel* const* end;
};
SgdKernels sgdKernels();

/// The first that this machine supports.
const SgdKernel& bestSgdKernel();

extern const SgdKernel kPortableSgd;
#ifdef LAB_X86_KERNELS
extern const SgdKernel kAvx2Sgd;
extern const SgdKernel kAvx512Sgd;
#endif

}  // namespace lab::masked
