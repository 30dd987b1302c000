#pragma once
// The parameters of a network on a device, or of several of the same shape.

#include "engines/cuda/arena_plan.h"
#include "engines/cuda/device.h"
#include "engines/cuda/kernels/optimizer.h"

#include <ATen/core/Tensor.h>

namespace lab::cuda {

/// The device as LibTorch names it.
c10::Device where(const Device& device);

/// Zero.
at::Tensor deviceBytes(c10::Device on, int64_t bytes);

class Arena {
 public:
  /// `learnsThresholds`: of one run only.
  Arena(Device& device, ArenaPlan plan, bool secondMoment, bool bfloat16, int64_t runs = 1,
        bool learnsThresholds = false);

  const ArenaPlan& plan() const { return plan_; }  ///< of one run
  int64_t runs() const { return runs_; }
  int64_t blocks() const { return runs_ * plan_.blocks(); }
  Parameters parameters() const;             ///< of all runs
  Parameters parameters(int64_t run) const;  ///< of one, as if there were no other
  const at::Tensor& statistics() const { return statistics_; }
  float* means() const { return statistics_.data_ptr<float>(); }
  float* variances() const { return means() + plan_.channels; }
  at::ScalarType precision() const { return compute_.scalar_type(); }

  /// Views of one segment: a weight as products take it, a vector of any kind, and their gradients as the host orders
  /// them.
  at::Tensor compute(int32_t segment, at::IntArrayRef shape) const;
  at::Tensor weight(int32_t segment) const;  ///< float32, [size]
  at::Tensor gradient(int32_t segment, at::IntArrayRef shape) const;
  at::Tensor mean(size_t norm) const;
  at::Tensor variance(size_t norm) const;

  /// The same segment of every run: [runs][rows][columns].
  at::Tensor computeOfRuns(int32_t segment, int64_t rows, int64_t columns) const;
  at::Tensor gradientOfRuns(int32_t segment, int64_t rows, int64_t columns) const;

 private:
  at::Tensor view(const at::Tensor& of, int32_t segment) const;
  at::Tensor ofRuns(const at::Tensor& of, int32_t segment, int64_t rows, int64_t columns) const;

  ArenaPlan plan_;
  int64_t runs_;
  at::Tensor segments_, segmentOf_, weight_, momentum_, secondMoment_, gradient_, active_, explored_, compute_;
  at::Tensor thresholds_;  ///< undefined: none are learned
  at::Tensor statistics_;  ///< running means, then running variances
};

}  // namespace lab::cuda
