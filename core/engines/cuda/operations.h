#pragma once
// The operations of a network on a device's tensors, each with its own backward pass. Tensors are [samples][channels]
// [height][width], a vector being [samples][features][1][1]; images lie in memory with the channels innermost.

#include "engines/cuda/arena.h"
#include "network/network_spec.h"

#include <ATen/core/Tensor.h>

#include <memory>

namespace lab::cuda {

class Operation {
 public:
  virtual ~Operation() = default;

  /// In training what backward() needs is kept, and a batch is normalised by its own statistics.
  virtual at::Tensor forward(at::TensorList in, bool training) = 0;

  /// Fills the gradients of the parameters, lets go of what forward() kept and, when `wanted`, returns the gradient of
  /// every input (they are equal where there are two).
  virtual at::Tensor backward(const at::Tensor& delta, bool wanted) = 0;

  virtual bool hasParameters() const { return false; }
};

/// Which of a network's layers and norms an operation is, where it is one.
struct Parameter {
  const Arena& arena;
  size_t layer, norm;
};

/// `inPlace`: a ReLU may overwrite its input, which nobody else reads.
std::unique_ptr<Operation> makeOperation(const Op& op, const Shape& input, const Parameter& parameter, bool inPlace);

}  // namespace lab::cuda
