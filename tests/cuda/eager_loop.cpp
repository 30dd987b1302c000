#include "eager_loop.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <torch/nn/functional/loss.h>
#include <torch/optim/sgd.h>

#include <vector>

namespace lab::bench {

struct EagerLoop::Impl {
  struct Layer {
    at::Tensor weight, bias, mean, variance, mask;
  };

  NetworkSpec network;
  EagerOptions options;
  at::Device device;
  int64_t batch, next = 0;
  at::Tensor images, labels, order;
  std::vector<Layer> layers;  ///< one an operation
  std::vector<at::Tensor> trained;
  std::unique_ptr<torch::optim::SGD> sgd;

  at::Tensor forward(const at::Tensor& input) {
    std::vector<at::Tensor> outputs;
    for (size_t i = 0; i < network.ops.size(); ++i) {
      const Op& op = network.ops[i];
      const auto in = [&](size_t which) {
        return op.inputs[which] == kNetworkInput ? input : outputs[static_cast<size_t>(op.inputs[which])];
      };
      outputs.push_back(apply(op, layers[i], in(0), op.inputs.size() > 1 ? in(1) : at::Tensor()));
    }
    return outputs.back().flatten(1);
  }

  static at::Tensor apply(const Op& op, const Layer& layer, const at::Tensor& in, const at::Tensor& other) {
    switch (op.kind) {
      case OpKind::Linear:
        return at::linear(in.flatten(1), layer.weight, layer.bias);
      case OpKind::Conv2d:
        return at::conv2d(in, layer.weight, layer.bias, op.stride, op.padding);
      case OpKind::BatchNorm:
        return at::batch_norm(in, layer.weight, layer.bias, layer.mean, layer.variance, true, kNormMomentum,
                              kNormEpsilon, true);
      case OpKind::ReLU:
        return at::relu(in);
      case OpKind::MaxPool:
        return at::max_pool2d(in, op.kernel, op.stride, op.padding);
      case OpKind::GlobalAvgPool:
        return at::adaptive_avg_pool2d(in, {1, 1});
      case OpKind::Add:
        return at::add(in, other);
      case OpKind::Flatten:
        return in.flatten(1);
    }
    return {};
  }

  void step() {
    const int64_t samples = order.size(0);
    if (next + batch > samples) next = 0;
    const at::Tensor index = order.narrow(0, next, batch);
    next += batch;
    const at::Tensor x = images.index_select(0, index), y = labels.index_select(0, index);
    sgd->zero_grad();
    at::autocast::set_autocast_enabled(device.type(), options.bfloat16);
    at::autocast::set_autocast_dtype(device.type(), at::kBFloat16);
    const at::Tensor loss = torch::nn::functional::cross_entropy(forward(x), y);
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device.type(), false);
    loss.backward();
    sgd->step();
    if (options.official) mask();
  }

  void mask() {
    const at::NoGradGuard noGradient;
    for (Layer& layer : layers) {
      if (!layer.mask.defined()) continue;
      auto& state = static_cast<torch::optim::SGDParamState&>(*sgd->state().at(layer.weight.unsafeGetTensorImpl()));
      layer.weight.set_data(layer.weight.data() * layer.mask);
      state.momentum_buffer(state.momentum_buffer() * layer.mask);
    }
  }

  at::Tensor train(at::Tensor tensor) {
    trained.push_back(tensor.requires_grad_());
    return trained.back();
  }

  void wait() const { trained.front().flatten()[0].item<float>(); }
};

EagerLoop::EagerLoop(const NetworkSpec& network, const Dataset& data, int64_t batch, const EagerOptions& options)
    : impl_(new Impl{network, options, options.gpu ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU), batch, 0, {}, {},
                     {}, {}, {}, {}}) {
  const auto onDevice = at::TensorOptions(impl_->device);
  const Shape& shape = data.shape;
  const at::Tensor pixels = at::from_blob(const_cast<uint8_t*>(data.train.pixels.data()),
                                          {data.train.count, shape.channels, shape.height, shape.width}, at::kByte);
  impl_->images = pixels.to(impl_->device)
                      .to(at::kFloat)
                      .div_(255)
                      .sub_(0.5)
                      .contiguous(at::MemoryFormat::ChannelsLast);
  impl_->labels =
      at::tensor(std::vector<int64_t>(data.train.labels.begin(), data.train.labels.end())).to(impl_->device);
  impl_->order = at::randperm(data.train.count, onDevice.dtype(at::kLong));

  const auto shapes = inferShapes(network).take();
  const auto weights = weightLayers(network);
  size_t weight = 0;
  for (size_t i = 0; i < network.ops.size(); ++i) {
    const Op& op = network.ops[i];
    Impl::Layer layer;
    if (op.kind == OpKind::Linear || op.kind == OpKind::Conv2d) {
      const WeightLayer& is = weights[weight++];
      at::Tensor values = at::randn(is.shape, onDevice).mul_(std::sqrt(2.0 / static_cast<double>(is.columns())));
      if (op.kind == OpKind::Conv2d) values = values.contiguous(at::MemoryFormat::ChannelsLast);
      if (options.official) {
        layer.mask = at::rand(is.shape, onDevice).lt(options.density).to(at::kFloat);
        values.mul_(layer.mask);
      }
      layer.weight = impl_->train(values);
      if (op.bias) layer.bias = impl_->train(at::zeros({op.outputs}, onDevice));
    } else if (op.kind == OpKind::BatchNorm) {
      layer.weight = impl_->train(at::ones({shapes[i].channels}, onDevice));
      layer.bias = impl_->train(at::zeros({shapes[i].channels}, onDevice));
      layer.mean = at::zeros({shapes[i].channels}, onDevice);
      layer.variance = at::ones({shapes[i].channels}, onDevice);
    }
    impl_->layers.push_back(layer);
  }
  impl_->sgd = std::make_unique<torch::optim::SGD>(
      impl_->trained, torch::optim::SGDOptions(0.01).momentum(0.9).weight_decay(5e-4).nesterov(true));
}

EagerLoop::~EagerLoop() = default;

void EagerLoop::train(int64_t steps) {
  for (int64_t step = 0; step < steps; ++step) impl_->step();
  impl_->wait();
}

void EagerLoop::updateBySorting() {
  const at::NoGradGuard noGradient;
  for (const Impl::Layer& layer : impl_->layers) {
    if (!layer.mask.defined()) continue;
    at::sort(layer.weight.abs().flatten());
    at::sort(layer.weight.grad().abs().flatten());
  }
  impl_->wait();
}

}  // namespace lab::bench
