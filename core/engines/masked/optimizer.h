#pragma once
// The optimizer under a bit mask, in one pass over a tensor: what is read is written at once, and the mask costs a
// bit a weight instead of a float.
//
// This header is compiled with wider instruction sets than the rest of the program: it uses no inline function of
// the standard library, whose one copy the linker might then take from there.

#include "engines/optimizer_step.h"

#include <cstdint>

namespace lab::masked {

struct OptimizerTensor {
  float* weight;
  float* momentum;
  float* secondMoment;  ///< null unless the optimizer is Adam
  const float* gradient;
  const uint64_t* active;  ///< bits, from the first element on; the others stay exactly zero. null: all are active
  int64_t size;
};

struct OptimizerKernel {
  const char* name;
  void (*run)(const OptimizerTensor& tensor, const OptimizerStep& step);
  bool (*supported)();  ///< by this machine
};

/// In order of preference; the last one runs everywhere.
struct OptimizerKernels {
  const OptimizerKernel* const* begin;
  const OptimizerKernel* const* end;
};
OptimizerKernels optimizerKernels();

/// The first that this machine supports.
const OptimizerKernel& bestOptimizerKernel();

extern const OptimizerKernel kPortableOptimizer;
#ifdef LAB_X86_KERNELS
extern const OptimizerKernel kAvx2Optimizer;
extern const OptimizerKernel kAvx512Optimizer;
#endif

}  // namespace lab::masked
