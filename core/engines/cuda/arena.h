#pragma once
// The parameters of a network on a device.

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
  Arena(Device& device, ArenaPlan plan, bool secondMoment, bool bfloat16);

  const ArenaPlan& plan() const { return plan_; }
  Parameters parameters() const;
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

 private:
  at::Tensor view(const at::Tensor& of, int32_t segment) const;

  ArenaPlan plan_;
  at::Tensor segments_, segmentOf_, weight_, momentum_, secondMoment_, gradient_, active_, explored_, compute_;
  at::Tensor statistics_;  ///< running means, then running variances
};

}  // namespace lab::cuda
