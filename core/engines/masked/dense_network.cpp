#include "engines/masked/dense_network.h"

#include "engines/masked/cross_entropy.h"
#include "engines/masked/operations.h"

#include <ATen/Parallel.h>
#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace lab::masked {

namespace {

/// A gradient on its way down. `owned`: nobody else reads its memory.
struct Delta {
  at::Tensor tensor;
  bool owned = false;

  /// The gradients of all readers of an output add up.
  void add(const Delta& other) {
    if (!tensor.defined())
      *this = other;
    else if (owned)
      tensor.add_(other.tensor);
    else
      *this = {at::add(tensor, other.tensor), true};
  }
};

struct Node {
  std::unique_ptr<Operation> operation;
  std::vector<int> inputs;
  std::vector<int> lastReadHere;  ///< outputs that no later operation reads
  bool trains = false;            ///< it or an operation before it has parameters
  bool passesDown = false;        ///< an input's gradient is wanted
};

std::span<float> spanOf(const at::Tensor& tensor) {
  if (!tensor.defined()) return {};
  return {tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

}  // namespace

struct DenseNetwork::Graph {
  Shape inputShape;
  at::Tensor input, logits, delta;
  std::vector<Node> nodes;

  explicit Graph(const NetworkSpec& spec) : inputShape(spec.input), input(at::empty({0})), delta(at::empty({0})) {
    const auto shapes = inferShapes(spec).take();
    const auto readers = readerCounts(spec);
    std::vector<int> unseen(readers);
    for (const Op& op : spec.ops) {
      const int first = op.inputs[0];
      const bool ofInput = first == kNetworkInput;
      const auto at = static_cast<size_t>(ofInput ? 0 : first);
      const bool inPlace = !ofInput && readers[at] == 1 && mayBeOverwritten(spec.ops[at].kind);
      Node node{makeOperation(op, ofInput ? spec.input : shapes[at], inPlace), op.inputs, {}, false, false};
      for (const int from : op.inputs) {
        if (from == kNetworkInput) continue;
        if (--unseen[static_cast<size_t>(from)] == 0) node.lastReadHere.push_back(from);
        node.passesDown |= nodes[static_cast<size_t>(from)].trains;
      }
      node.trains = node.passesDown || node.operation->parameters() != nullptr;
      nodes.push_back(std::move(node));
    }
  }

  at::Tensor forward(bool training) {
    std::vector<at::Tensor> outputs(nodes.size());
    std::vector<at::Tensor> in;
    for (size_t i = 0; i < nodes.size(); ++i) {
      in.clear();
      for (const int from : nodes[i].inputs)
        in.push_back(from == kNetworkInput ? input : outputs[static_cast<size_t>(from)]);
      outputs[i] = nodes[i].operation->forward(in, training);
      for (const int done : nodes[i].lastReadHere) outputs[static_cast<size_t>(done)].reset();
    }
    return outputs.back();
  }

  void backward() {
    std::vector<Delta> deltas(nodes.size());
    deltas.back() = {delta, true};
    for (size_t i = nodes.size(); i-- > 0;) {
      const Node& node = nodes[i];
      if (!node.trains) continue;
      const Delta own = std::move(deltas[i]);
      deltas[i] = {};
      Delta below{node.operation->backward(own.tensor, own.owned, node.passesDown), true};
      if (!node.passesDown) continue;
      if (below.tensor.is_alias_of(own.tensor)) below.owned = own.owned;
      if (node.inputs.size() > 1) below.owned = false;
      for (const int from : node.inputs)
        if (from != kNetworkInput && nodes[static_cast<size_t>(from)].trains)
          deltas[static_cast<size_t>(from)].add(below);
    }
  }
};

std::string DenseNetwork::refusal(const NetworkSpec& spec) {
  if (const auto shapes = inferShapes(spec); !shapes) return describe(shapes.problems());
  if (weightLayers(spec).empty()) return "network '" + spec.name + "' has no weights to train";
  return {};
}

DenseNetwork::DenseNetwork(const NetworkSpec& spec) {
  const c10::InferenceMode noAutograd;
  graph_ = std::make_unique<Graph>(spec);
  for (const Shape& shape : inferShapes(spec).take()) activationsPerSample_ += shape.size();
  for (const Node& node : graph_->nodes) {
    const Parameters* p = node.operation->parameters();
    if (p == nullptr) continue;
    if (p->mean.defined())
      norms_.push_back({spanOf(p->weight), spanOf(p->bias), spanOf(p->weightGradient), spanOf(p->biasGradient),
                        spanOf(p->mean), spanOf(p->variance)});
    else
      layers_.push_back({spanOf(p->weight), spanOf(p->bias), spanOf(p->weightGradient), spanOf(p->biasGradient)});
  }
}

DenseNetwork::~DenseNetwork() = default;

std::span<float> DenseNetwork::input(int64_t samples) {
  const c10::InferenceMode noAutograd;
  const Shape& shape = graph_->inputShape;
  graph_->input.resize_({samples, shape.channels, shape.height, shape.width});
  return spanOf(graph_->input);
}

Sums DenseNetwork::forward(std::span<const Label> labels, Pass pass, double labelSmoothing) {
  const c10::InferenceMode noAutograd;
  graph_->logits = graph_->forward(pass == Pass::Training).contiguous();
  graph_->delta.resize_(graph_->logits.sizes());
  const double smoothing = pass == Pass::Training ? labelSmoothing : 0;
  return crossEntropy(spanOf(graph_->logits), labels, smoothing, spanOf(graph_->delta));
}

void DenseNetwork::backward() {
  const c10::InferenceMode noAutograd;
  graph_->backward();
}

// The number is kept a thread, but a thread's first look at it takes the last one that any thread has set: so look
// first, then set.
void useThreads(int64_t threads) {
  if (at::get_num_threads() != threads) at::set_num_threads(static_cast<int>(threads));
}

}  // namespace lab::masked
