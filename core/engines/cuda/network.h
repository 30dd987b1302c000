#pragma once
// Forward and backward pass of a whole network over the parameters of an arena.

#include "engines/cuda/operations.h"

#include <memory>
#include <vector>

namespace lab::cuda {

class Network {
 public:
  Network(const NetworkSpec& spec, const Arena& arena);

  /// Logits [samples][classes].
  at::Tensor forward(const at::Tensor& input, bool training);

  /// Fills all gradients from that of the logits. Precondition: forward() in training went before.
  void backward(const at::Tensor& delta);

 private:
  struct Node {
    std::unique_ptr<Operation> operation;
    std::vector<int> inputs;
    std::vector<size_t> lastReadHere;  ///< outputs that no later operation reads
    bool trains = false;               ///< it or an operation before it has parameters
    bool passesDown = false;           ///< an input's gradient is wanted
  };
  std::vector<Node> nodes_;
};

}  // namespace lab::cuda
