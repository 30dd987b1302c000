#include "engines/cuda/network.h"

#include <ATen/ops/add.h>

namespace lab::cuda {

Network::Network(const NetworkSpec& spec, const Arena& arena) {
  const auto shapes = inferShapes(spec).take();
  const auto readers = readerCounts(spec);
  std::vector<int> unread(readers);
  Parameter parameter{arena, 0, 0};
  for (const Op& op : spec.ops) {
    const bool ofInput = op.inputs[0] == kNetworkInput;
    const auto from = static_cast<size_t>(ofInput ? 0 : op.inputs[0]);
    const bool inPlace = !ofInput && readers[from] == 1 && mayBeOverwritten(spec.ops[from].kind);
    Node node;
    node.operation = makeOperation(op, ofInput ? spec.input : shapes[from], parameter, inPlace);
    node.inputs = op.inputs;
    for (const int input : op.inputs) {
      if (input == kNetworkInput) continue;
      const auto index = static_cast<size_t>(input);
      if (--unread[index] == 0) node.lastReadHere.push_back(index);
      node.passesDown |= nodes_[index].trains;
    }
    node.trains = node.passesDown || node.operation->hasParameters();
    nodes_.push_back(std::move(node));
    parameter.layer += op.kind == OpKind::Linear || op.kind == OpKind::Conv2d;
    parameter.norm += op.kind == OpKind::BatchNorm;
  }
}

at::Tensor Network::forward(const at::Tensor& input, bool training) {
  std::vector<at::Tensor> outputs(nodes_.size()), in;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    in.clear();
    for (const int from : nodes_[i].inputs)
      in.push_back(from == kNetworkInput ? input : outputs[static_cast<size_t>(from)]);
    outputs[i] = nodes_[i].operation->forward(in, training);
    for (const size_t done : nodes_[i].lastReadHere) outputs[done].reset();
  }
  const at::Tensor& logits = outputs.back();
  return logits.contiguous().view({logits.size(0), -1});
}

void Network::backward(const at::Tensor& delta) {
  std::vector<at::Tensor> deltas(nodes_.size());
  deltas.back() = delta.view({delta.size(0), delta.size(1), 1, 1});
  for (size_t i = nodes_.size(); i-- > 0;) {
    const Node& node = nodes_[i];
    if (!node.trains) continue;
    const at::Tensor below = node.operation->backward(deltas[i], node.passesDown);
    deltas[i].reset();
    if (!node.passesDown) continue;
    for (const int from : node.inputs) {
      if (from == kNetworkInput || !nodes_[static_cast<size_t>(from)].trains) continue;
      at::Tensor& sum = deltas[static_cast<size_t>(from)];
      sum = sum.defined() ? at::add(sum, below) : below;
    }
  }
}

}  // namespace lab::cuda
