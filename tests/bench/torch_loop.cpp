#include "torch_loop.h"

#include <ATen/ATen.h>
#include <torch/nn/functional/activation.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/sgd.h>
#include <torch/version.h>

namespace lab::bench {

namespace F = torch::nn::functional;

struct TorchLoop::Impl {
  Batches batches;
  at::Tensor images, labels;
  std::vector<torch::nn::Linear> layers;
  std::vector<at::Tensor> masks;  ///< of the weights; empty: none
  std::unique_ptr<torch::optim::SGD> sgd;

  explicit Impl(const Fixture& fixture) : batches(fixture) {}

  void step() {
    const auto samples = batches.next();
    const at::Tensor index =
        at::from_blob(const_cast<int32_t*>(samples.data()), {static_cast<int64_t>(samples.size())}, at::kInt);
    at::Tensor x = images.index_select(0, index);
    for (size_t l = 0; l < layers.size(); ++l) {
      x = layers[l]->forward(x);
      if (l + 1 < layers.size()) x = F::relu(x);
    }
    sgd->zero_grad();
    F::cross_entropy(x, labels.index_select(0, index)).backward();
    sgd->step();
    mask();
  }

  void mask() {
    const at::NoGradGuard noGradient;
    for (size_t l = 0; l < masks.size(); ++l) {
      at::Tensor weight = layers[l]->weight;
      auto& state = static_cast<torch::optim::SGDParamState&>(*sgd->state().at(weight.unsafeGetTensorImpl()));
      weight.set_data(weight.data() * masks[l]);
      state.momentum_buffer(state.momentum_buffer() * masks[l]);
    }
  }
};

TorchLoop::TorchLoop(const Fixture& fixture, Masking masking) : impl_(std::make_unique<Impl>(fixture)) {
  at::set_num_threads(1);
  const Dataset& data = *fixture.data;
  const auto count = data.train.count;
  const at::Tensor pixels =
      at::from_blob(const_cast<uint8_t*>(data.train.pixels.data()), {count, data.shape.size()}, at::kByte);
  impl_->images = pixels.to(at::kFloat).div_(255).sub_(data.mean[0]).div_(data.deviation[0]);
  impl_->labels = at::tensor(std::vector<int64_t>(data.train.labels.begin(), data.train.labels.end()));

  const EngineState start = initialState(fixture);
  const auto shapes = weightLayers(fixture.network);
  std::vector<at::Tensor> parameters;
  for (size_t l = 0; l < shapes.size(); ++l) {
    const at::Tensor mask = at::zeros({shapes[l].rows(), shapes[l].columns()});
    forEachOne(start.layers[l].active, [&](int64_t i) { mask.data_ptr<float>()[i] = 1; });
    torch::nn::Linear layer(shapes[l].columns(), shapes[l].rows());
    layer->weight.set_data(layer->weight.data() * mask);
    if (masking == Masking::Official) impl_->masks.push_back(mask);
    for (const at::Tensor& parameter : layer->parameters()) parameters.push_back(parameter);
    impl_->layers.push_back(layer);
  }
  impl_->sgd = std::make_unique<torch::optim::SGD>(parameters, torch::optim::SGDOptions(0.01)
                                                                   .momentum(fixture.config.momentum)
                                                                   .weight_decay(fixture.config.weight_decay)
                                                                   .nesterov(fixture.config.nesterov));
}

TorchLoop::~TorchLoop() = default;

void TorchLoop::train(int64_t steps) {
  for (int64_t step = 0; step < steps; ++step) impl_->step();
}

std::string torchVersion() { return TORCH_VERSION; }

struct TorchUpdate::Impl {
  struct Layer {
    at::Tensor weight, gradient, delta, in;
  };
  std::vector<Layer> layers;
};

TorchUpdate::TorchUpdate(const std::vector<WeightLayer>& layers, int64_t batch) : impl_(std::make_unique<Impl>()) {
  at::set_num_threads(1);
  for (const WeightLayer& layer : layers)
    impl_->layers.push_back({at::randn(layer.weights), at::randn({layer.rows(), layer.columns()}),
                             at::randn({batch, layer.rows()}), at::randn({batch, layer.columns()})});
}

TorchUpdate::~TorchUpdate() = default;

void TorchUpdate::sorts() {
  for (const Impl::Layer& layer : impl_->layers) {
    at::sort(at::abs(layer.weight));
    at::sort(at::abs(layer.gradient.view({-1})));
  }
}

void TorchUpdate::gradientsAndSorts() {
  for (Impl::Layer& layer : impl_->layers) at::mm_out(layer.gradient, layer.delta.t(), layer.in);
  sorts();
}

}  // namespace lab::bench
