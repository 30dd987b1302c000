#pragma once
// Every kernel of the engine: what a device can launch.

#include "engines/cuda/kernels/batch.h"
#include "engines/cuda/kernels/optimizer.h"
#include "engines/cuda/kernels/select.h"
#include "engines/cuda/kernels/threshold.h"
#include "engines/cuda/kernels/topology.h"

#include <variant>

namespace lab::cuda {

using Kernel = std::variant<GatherKernel, LossKernel, AdvanceKernel, BeginKernel, OptimizeKernel, RefreshKernel,
                            GradientNormKernel, SumNormKernel, StartPickKernel, HistogramKernel, PickKernel, CountTiesKernel,
                            ScanTiesKernel, ChooseKernel, DropKeyKernel, GrowKeyKernel, ExchangeKernel,
                            ThresholdGradientKernel, ThresholdStepKernel, FollowThresholdKernel>;

}  // namespace lab::cuda
