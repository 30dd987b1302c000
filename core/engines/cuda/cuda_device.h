#pragma once

#include "engines/cuda/device.h"

namespace lab::cuda {

/// Why the CUDA runtime offers no device to this process; empty when it does.
std::string cudaDeviceProblem();

/// The first GPU. Precondition: cudaDeviceProblem() is empty. Throws what LibTorch throws.
std::unique_ptr<Device> cudaDevice();

}  // namespace lab::cuda
