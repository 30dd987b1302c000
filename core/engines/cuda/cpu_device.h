#pragma once

#include "engines/cuda/device.h"

namespace lab::cuda {

/// The processor as a device: work is done at once, by the kernels and operations that a GPU gets.
std::unique_ptr<Device> cpuDevice();

}  // namespace lab::cuda
