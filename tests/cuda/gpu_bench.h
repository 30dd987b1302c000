#pragma once
// Timings of the GPU engine as ratios to what else trains on the same GPU, as rows of one Markdown table.

#include "gpu_checks.h"

#include <string>

namespace lab::bench {

/// `small`: little networks, to see that it runs where there is no GPU.
std::string gpuTable(const test::SharedDevice& device, bool small);

}  // namespace lab::bench
