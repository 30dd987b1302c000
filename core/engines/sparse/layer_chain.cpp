#include "engines/sparse/layer_chain.h"

#include <utility>

namespace lab::sparse {

namespace {

const char* nameOf(OpKind kind) {
  switch (kind) {
    case OpKind::Linear:
      return "a linear layer";
    case OpKind::Conv2d:
      return "a convolution";
    case OpKind::BatchNorm:
      return "a batch normalisation";
    case OpKind::ReLU:
      return "a ReLU";
    case OpKind::MaxPool:
      return "a max pooling";
    case OpKind::GlobalAvgPool:
      return "a global average pooling";
    case OpKind::Add:
      return "an addition";
    case OpKind::Flatten:
      return "a flattening";
  }
  return "an unknown operation";
}

LayerChain refused(std::string problem) { return {{}, std::move(problem)}; }

}  // namespace

LayerChain layerChain(const NetworkSpec& network) {
  LayerChain chain;
  int64_t width = network.input.size();
  for (size_t i = 0; i < network.ops.size(); ++i) {
    const Op& op = network.ops[i];
    const int previous = i == 0 ? kNetworkInput : static_cast<int>(i) - 1;
    if (op.inputs != std::vector<int>{previous})
      return refused("operation '" + op.name + "' does not follow the one before it, and only chains are trained");
    if (op.kind == OpKind::Linear) {
      chain.layers.push_back({op.outputs, width, op.bias, false});
      width = op.outputs;
    } else if (op.kind == OpKind::ReLU && !chain.layers.empty()) {
      chain.layers.back().relu = true;
    } else if (op.kind != OpKind::Flatten) {
      return refused("operation '" + op.name + "' is " + nameOf(op.kind) +
                     ", and only multilayer perceptrons (linear layers, each with or without a ReLU) are trained");
    }
  }
  if (chain.layers.empty() || chain.layers.back().relu)
    return refused("network '" + network.name + "' does not end in a linear layer");
  return chain;
}

}  // namespace lab::sparse
