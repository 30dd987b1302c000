#include "engines/masked/dense_network.h"

#include "engines/masked/cross_entropy.h"
#include "engines/masked/operations.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

namespace lab::masked {

struct DenseNetwork::Graph {
  Shape inputShape;
  at::Tensor input, logits, delta;
  std::vector<std::unique_ptr<Operation>> operations;  ///< each reads the one before
  size_t firstLayer = 0;                               ///< first operation with parameters
};

namespace {

std::span<float> spanOf(const at::Tensor& tensor) {
  if (!tensor.defined()) return {};
  return {tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

}  // namespace

std::string DenseNetwork::refusal(const NetworkSpec& spec) {
  if (const auto shapes = inferShapes(spec); !shapes) return describe(shapes.problems());
  for (size_t i = 0; i < spec.ops.size(); ++i) {
    const Op& op = spec.ops[i];
    const bool chained = op.inputs == std::vector<int>{static_cast<int>(i) - 1};
    const bool known = op.kind != OpKind::BatchNorm && op.kind != OpKind::GlobalAvgPool && op.kind != OpKind::Add;
    if (!chained || !known)
      return "'" + op.name +
             "' is none of the operations it has: linear, convolution, ReLU, max pooling and flatten, " +
             "each reading the one before";
  }
  return {};
}

DenseNetwork::DenseNetwork(const NetworkSpec& spec) : graph_(std::make_unique<Graph>()) {
  const c10::InferenceMode noAutograd;
  graph_->inputShape = spec.input;
  graph_->input = at::empty({0});
  graph_->delta = at::empty({0});
  const auto shapes = inferShapes(spec).take();
  for (size_t i = 0; i < spec.ops.size(); ++i) {
    auto operation = makeOperation(spec.ops[i], i == 0 ? spec.input : shapes[i - 1]);
    if (const Parameters* p = operation->parameters()) {
      if (layers_.empty()) graph_->firstLayer = i;
      layers_.push_back({spanOf(p->weight), spanOf(p->bias), spanOf(p->weightGradient), spanOf(p->biasGradient)});
    }
    graph_->operations.push_back(std::move(operation));
  }
}

DenseNetwork::~DenseNetwork() = default;

std::span<float> DenseNetwork::input(int64_t samples) {
  const c10::InferenceMode noAutograd;
  const Shape& shape = graph_->inputShape;
  graph_->input.resize_({samples, shape.channels, shape.height, shape.width});
  return spanOf(graph_->input);
}

Sums DenseNetwork::forward(std::span<const Label> labels) {
  const c10::InferenceMode noAutograd;
  at::Tensor out = graph_->input;
  for (const auto& operation : graph_->operations) out = operation->forward(out);
  graph_->logits = out.contiguous();
  graph_->delta.resize_(graph_->logits.sizes());
  return crossEntropy(spanOf(graph_->logits), labels, spanOf(graph_->delta));
}

void DenseNetwork::backward() {
  const c10::InferenceMode noAutograd;
  at::Tensor delta = graph_->delta;
  for (size_t i = graph_->operations.size(); i-- > graph_->firstLayer;)
    delta = graph_->operations[i]->backward(delta, i > graph_->firstLayer);
}

// The number is kept a thread, but a thread's first look at it takes the last one that any thread has set: so look
// first, then set.
void useThreads(int64_t threads) {
  if (at::get_num_threads() != threads) at::set_num_threads(static_cast<int>(threads));
}

}  // namespace lab::masked
