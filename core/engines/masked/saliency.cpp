#include "engines/masked/saliency.h"

#include "engines/masked/batch.h"
#include "engines/masked/dense_network.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/add.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <stdexcept>

namespace lab {

namespace {

using at::Tensor;
using Tensors = std::vector<Tensor>;

constexpr size_t kBatch = 128;
constexpr double kGraspTemperature = 200;  // Wang et al. 2020

at::IntArrayRef square(const int64_t& side) { return {&side, 1}; }

/// The network as a function of its weights, in the order of weightLayers().
class Function {
 public:
  Function(const SaliencyTask& task, at::ScalarType type) : task_(task) {
    const auto layers = weightLayers(task.network);
    for (size_t l = 0; l < layers.size(); ++l) {
      Tensor weight = at::zeros(layers[l].shape, at::kFloat);
      const auto& values = task.state.layers[l].weights;
      float* to = weight.data_ptr<float>();
      forEachOne(task.masks[l], [&](int64_t i) { to[i] = values[static_cast<size_t>(i)]; });
      weights.push_back(weight.to(type).requires_grad_(true));
      Tensor bias;
      if (layers[l].bias) {
        bias = at::zeros(layers[l].rows(), at::kFloat);
        std::copy(task.state.layers[l].bias.begin(), task.state.layers[l].bias.end(), bias.data_ptr<float>());
        bias = bias.to(type);
      }
      biases_.push_back(bias);
    }
  }

  Tensors weights;

  /// The same with the absolute values of weights and biases, and batch norm left out.
  void takeAbsolute() {
    for (Tensor& weight : weights) weight = weight.detach().abs().requires_grad_(true);
    for (Tensor& bias : biases_)
      if (bias.defined()) bias = bias.abs();
    norms_ = false;
  }

  Tensor operator()(const Tensor& input) const {
    Tensors outputs;
    size_t layer = 0;
    for (const Op& op : task_.network.ops) {
      const auto in = [&](size_t i) -> const Tensor& {
        return op.inputs[i] == kNetworkInput ? input : outputs[static_cast<size_t>(op.inputs[i])];
      };
      if (op.kind == OpKind::Linear || op.kind == OpKind::Conv2d) {
        const Tensor &w = weights[layer], &b = biases_[layer];
        ++layer;
        outputs.push_back(op.kind == OpKind::Linear ? at::linear(in(0).flatten(1), w, b)
                                                    : at::conv2d(in(0), w, b, square(op.stride), square(op.padding)));
      } else {
        outputs.push_back(op.kind == OpKind::Add ? at::add(in(0), in(1)) : applied(op, in(0)));
      }
    }
    return outputs.back();
  }

 private:
  Tensor applied(const Op& op, const Tensor& in) const {
    switch (op.kind) {
      case OpKind::ReLU:
        return at::relu(in);
      case OpKind::MaxPool:
        return at::max_pool2d(in, square(op.kernel), square(op.stride), square(op.padding));
      case OpKind::GlobalAvgPool:
        return at::adaptive_avg_pool2d(in, {1, 1});
      case OpKind::Flatten:
        return in.flatten(1);
      case OpKind::BatchNorm:
        return norms_ ? at::batch_norm(in, {}, {}, {}, {}, true, 0, kNormEpsilon, false) : in;
      default:
        throw std::logic_error("an operation that saliency does not know");
    }
  }

  const SaliencyTask& task_;
  Tensors biases_;
  bool norms_ = true;
};

/// Calls visit(loss) for the mean cross-entropy, weighted by its share of the samples, of each batch.
template <class Visit>
void forEachBatch(const SaliencyTask& task, const Function& network, double temperature, const Visit& visit) {
  const Shape& shape = task.network.input;
  for (std::span<const int32_t> rest = task.samples; !rest.empty();) {
    const size_t count = std::min(rest.size(), kBatch);
    Tensor input = at::empty({static_cast<int64_t>(count), shape.channels, shape.height, shape.width});
    masked::gatherPixels(*task.data, Split::Train, rest.first(count),
                         {input.data_ptr<float>(), static_cast<size_t>(input.numel())});
    Tensor labels = at::empty({static_cast<int64_t>(count)}, at::kLong);
    for (size_t i = 0; i < count; ++i)
      labels.data_ptr<int64_t>()[i] = task.data->train.labels[static_cast<size_t>(rest[i])];
    const double share = static_cast<double>(count) / static_cast<double>(task.samples.size());
    visit(at::cross_entropy_loss(network(input) / temperature, labels) * share);
    rest = rest.subspan(count);
  }
}

void accumulate(Tensors& sums, const Tensors& parts) {
  for (size_t i = 0; i < parts.size(); ++i) sums[i] = sums[i].defined() ? sums[i] + parts[i] : parts[i];
}

Tensors gradient(const SaliencyTask& task, const Function& network, double temperature) {
  Tensors sums(network.weights.size());
  forEachBatch(task, network, temperature,
               [&](const Tensor& loss) { accumulate(sums, torch::autograd::grad({loss}, network.weights)); });
  return sums;
}

/// H g, the product of the Hessian with the gradient of the whole set.
Tensors hessianGradient(const SaliencyTask& task, const Function& network, double temperature) {
  const Tensors g = gradient(task, network, temperature);
  Tensors sums(network.weights.size());
  forEachBatch(task, network, temperature, [&](const Tensor& loss) {
    const Tensors part = torch::autograd::grad({loss}, network.weights, {}, true, true);
    Tensor product = at::zeros({});
    for (size_t i = 0; i < part.size(); ++i) product = product + (part[i] * g[i]).sum();
    accumulate(sums, torch::autograd::grad({product}, network.weights));
  });
  return sums;
}

Tensors flow(const SaliencyTask& task, Function& network) {
  network.takeAbsolute();
  const Shape& shape = task.network.input;
  const Tensor output = network(at::ones({1, shape.channels, shape.height, shape.width}, at::kDouble));
  return torch::autograd::grad({output.sum()}, network.weights);
}

std::vector<std::vector<double>> scores(const SaliencyTask& task) {
  masked::useThreads(task.threads);
  const bool synFlow = task.criterion == Saliency::SynFlow;
  Function network(task, synFlow ? at::kDouble : at::kFloat);
  const Tensors slopes = task.criterion == Saliency::Snip    ? gradient(task, network, 1)
                         : task.criterion == Saliency::Grasp ? hessianGradient(task, network, kGraspTemperature)
                                                             : flow(task, network);
  std::vector<std::vector<double>> result;
  for (size_t l = 0; l < slopes.size(); ++l) {
    Tensor score = (network.weights[l].detach() * slopes[l].detach()).to(at::kDouble).contiguous();
    if (task.criterion == Saliency::Snip) score = score.abs();
    const double* values = score.data_ptr<double>();
    result.emplace_back(values, values + score.numel());
  }
  return result;
}

}  // namespace

SaliencyScorer maskedSaliency() { return scores; }

}  // namespace lab
