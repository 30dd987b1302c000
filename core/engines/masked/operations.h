#pragma once
// The operations of a network on LibTorch tensors, each with its own backward pass: [samples][features] or
// [samples][channels][height][width], float32. Memory is kept from step to step.

#include "network/network_spec.h"

#include <ATen/core/Tensor.h>

#include <memory>

namespace lab::masked {

/// Undefined where an operation has none.
struct Parameters {
  at::Tensor weight, weightGradient, bias, biasGradient;
};

class Operation {
 public:
  virtual ~Operation() = default;

  /// The result lies in memory of this operation or of `in`, until the next call.
  virtual at::Tensor forward(const at::Tensor& in) = 0;

  /// Fills the gradients of the parameters and, when `wanted`, returns that of the last input. May write into
  /// `delta`.
  virtual at::Tensor backward(const at::Tensor& delta, bool wanted) = 0;

  virtual Parameters* parameters() { return nullptr; }
};

/// null for a kind of operation that this engine has not.
std::unique_ptr<Operation> makeOperation(const Op& op, const Shape& input);

}  // namespace lab::masked
