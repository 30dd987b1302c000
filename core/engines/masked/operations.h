#pragma once
// The operations of a network on LibTorch tensors, each with its own backward pass. All tensors are float32
// [samples][channels][height][width], a vector being [samples][features][1][1]; images lie in memory with the
// channels innermost, for which LibTorch's convolutions, pooling and batch norm are fastest.

#include "network/network_spec.h"

#include <ATen/core/Tensor.h>

#include <memory>

namespace lab::masked {

/// Undefined where an operation has none.
struct Parameters {
  at::Tensor weight, weightGradient, bias, biasGradient;  ///< of a batch norm: scale and shift
  at::Tensor mean, variance;                              ///< the running ones of a batch norm
};

class Operation {
 public:
  virtual ~Operation() = default;

  /// The result lies in memory of its own, of this operation or of `in`, until the next call. In training what
  /// backward() needs is kept, and a batch is normalised by its own statistics.
  virtual at::Tensor forward(at::TensorList in, bool training) = 0;

  /// Fills the gradients of the parameters and, when `wanted`, returns that of every input (they are equal where
  /// there are two). May write into `delta` when `owned`.
  virtual at::Tensor backward(const at::Tensor& delta, bool owned, bool wanted) = 0;

  virtual Parameters* parameters() { return nullptr; }
};

/// `inPlace`: a ReLU may overwrite its input, which nobody else reads.
std::unique_ptr<Operation> makeOperation(const Op& op, const Shape& input, bool inPlace);

}  // namespace lab::masked
