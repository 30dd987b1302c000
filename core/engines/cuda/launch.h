#pragma once
// Between what the C++ compiler and what the CUDA compiler builds.

#include "engines/cuda/kernels/all_kernels.h"

#include <cuda_runtime_api.h>

namespace lab::cuda {

/// Enqueues a kernel; the error of the launch, if any.
cudaError_t launchOn(cudaStream_t stream, const Kernel& kernel, int64_t blocks);

}  // namespace lab::cuda
