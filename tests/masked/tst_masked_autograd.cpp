// Whole steps of deep networks against LibTorch's autograd, whose graph is written here by its own functions.
#include "engines/masked/masked_engine.h"
#include "network/models.h"
#include "network_fixture.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <QtTest>

using namespace lab;
using namespace lab::test;

namespace {

constexpr int64_t kTrain = 40, kBatch = 5;
constexpr double kClose = 3e-2;

/// The parameters of a state as dense tensors that autograd follows.
struct Leaves {
  std::vector<at::Tensor> weights, biases, scales, shifts, means, variances;

  Leaves(const NetworkSpec& network, const EngineState& state) {
    const auto layers = weightLayers(network);
    const auto tensor = [](const std::vector<float>& values) {
      return at::tensor(values, at::kFloat).to(at::kDouble);
    };
    for (size_t l = 0; l < layers.size(); ++l) {
      at::Tensor weight = at::zeros(layers[l].weights, at::kDouble);
      size_t next = 0;
      forEachOne(state.layers[l].active,
                 [&](int64_t i) { weight.data_ptr<double>()[i] = state.layers[l].weights[next++]; });
      weights.push_back(weight.view(layers[l].shape).requires_grad_());
      biases.push_back(layers[l].bias ? tensor(state.layers[l].bias).requires_grad_() : at::Tensor());
    }
    for (const NormState& norm : state.norms) {
      scales.push_back(tensor(norm.scale).requires_grad_());
      shifts.push_back(tensor(norm.shift).requires_grad_());
      means.push_back(tensor(norm.mean));
      variances.push_back(tensor(norm.variance));
    }
  }
};

at::Tensor apply(const Op& op, const std::vector<at::Tensor>& in, const Leaves& p, size_t layer, size_t norm) {
  switch (op.kind) {
    case OpKind::Linear:
      return at::linear(in[0].flatten(1), p.weights[layer], p.biases[layer]);
    case OpKind::Conv2d:
      return at::conv2d(in[0], p.weights[layer], p.biases[layer], op.stride, op.padding);
    case OpKind::BatchNorm:
      return at::batch_norm(in[0], p.scales[norm], p.shifts[norm], p.means[norm], p.variances[norm], true, 0.1,
                            1e-5, false);
    case OpKind::ReLU:
      return at::relu(in[0]);
    case OpKind::MaxPool:
      return at::max_pool2d(in[0], op.kernel, op.stride, op.padding);
    case OpKind::GlobalAvgPool:
      return at::adaptive_avg_pool2d(in[0], {1, 1});
    case OpKind::Add:
      return in[0] + in[1];
    case OpKind::Flatten:
      return in[0].flatten(1);
  }
  return {};
}

at::Tensor forward(const NetworkSpec& network, const at::Tensor& input, const Leaves& leaves) {
  std::vector<at::Tensor> outputs;
  size_t layer = 0, norm = 0;
  for (const Op& op : network.ops) {
    std::vector<at::Tensor> in;
    for (const int from : op.inputs) in.push_back(from < 0 ? input : outputs[static_cast<size_t>(from)]);
    outputs.push_back(apply(op, in, leaves, layer, norm));
    if (op.kind == OpKind::Linear || op.kind == OpKind::Conv2d) ++layer;
    if (op.kind == OpKind::BatchNorm) ++norm;
  }
  return outputs.back();
}

/// ‖step - gradient‖ / ‖gradient‖ of one tensor. Not the largest difference: where a ReLU's input is near zero,
/// float and double may take different sides of it.
double difference(const std::vector<float>& was, const std::vector<float>& is, const at::Tensor& gradient,
                  const Mask* active = nullptr) {
  const at::Tensor flat = gradient.flatten().contiguous();
  double wrong = 0, all = 0;
  size_t next = 0;
  const auto compare = [&](int64_t i) {
    const double expected = flat.data_ptr<double>()[i],
                 error = static_cast<double>(was[next]) - is[next] - expected;
    wrong += error * error;
    all += expected * expected;
    ++next;
  };
  if (active != nullptr) {
    forEachOne(*active, compare);
  } else {
    for (int64_t i = 0; i < flat.numel(); ++i) compare(i);
  }
  return std::sqrt(wrong) / (1e-2 + std::sqrt(all));
}

}  // namespace

class MaskedAutogradTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void gradientsAreAutograds_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("side");
    QTest::newRow("VGG-C") << "vgg-c" << 16;
    QTest::newRow("ResNet-18") << "resnet-18" << 16;
    QTest::newRow("ResNet-50, large images") << "resnet-50" << 64;
    QTest::newRow("WideResNet-22-2") << "wrn-22-2" << 16;
    QTest::newRow("all operations") << "" << 0;
  }

  void gradientsAreAutograds() {
    QFETCH(QString, model);
    QFETCH(int, side);
    at::set_num_threads(1);
    Config config;
    config.momentum = 0;
    config.nesterov = false;
    config.weight_decay = 0;
    config.model = model.toStdString();
    const NetworkSpec network = model.isEmpty() ? residual() : makeNetwork(config, {3, side, side}, 4).take();
    const auto data = syntheticDataset(network.input, 4, kTrain, 1, 1, 5);
    const auto samples = someSamples(kBatch, kTrain);
    EngineState before = randomState(network, 0.5, 3);
    for (LayerState& layer : before.layers) layer.momentum.clear(), layer.biasMomentum.clear();
    for (NormState& norm : before.norms) norm.scaleMomentum.clear(), norm.shiftMomentum.clear();
    const auto engine = engineIn(before, maskedEngine(), {network, config, data});
    const double loss = runStep(*engine, samples, 1.0f).sums.loss;
    const EngineState after = engine->state();

    Leaves leaves(network, before);
    const Shape& shape = network.input;
    const at::Tensor pixels = at::from_blob(const_cast<uint8_t*>(data->train.pixels.data()),
                                            {kTrain, shape.channels, shape.height, shape.width}, at::kByte);
    at::Tensor input, labels = at::empty(kBatch, at::kLong);
    std::vector<at::Tensor> images;
    for (size_t i = 0; i < samples.size(); ++i) {
      images.push_back(pixels[samples[i]]);
      labels.data_ptr<int64_t>()[i] = data->train.labels[static_cast<size_t>(samples[i])];
    }
    input = (at::stack(images).to(at::kDouble) / 255 - 0.5) / static_cast<double>(0.3f);
    const at::Tensor mean = at::cross_entropy_loss(forward(network, input, leaves), labels);
    mean.backward();
    QVERIFY(std::abs(loss / kBatch - mean.item<double>()) < 2e-3 * mean.item<double>());
    for (size_t l = 0; l < before.layers.size(); ++l) {
      const LayerState &was = before.layers[l], &is = after.layers[l];
      const double worst = difference(was.weights, is.weights, leaves.weights[l].grad(), &was.active);
      QVERIFY2(worst < kClose, qPrintable(QString("layer %1: %2").arg(l).arg(worst)));
      if (leaves.biases[l].defined()) QVERIFY(difference(was.bias, is.bias, leaves.biases[l].grad()) < kClose);
    }
    for (size_t n = 0; n < before.norms.size(); ++n) {
      const NormState &was = before.norms[n], &is = after.norms[n];
      QVERIFY(difference(was.scale, is.scale, leaves.scales[n].grad()) < kClose);
      QVERIFY(difference(was.shift, is.shift, leaves.shifts[n].grad()) < kClose);
      for (size_t c = 0; c < is.mean.size(); ++c) {
        QVERIFY(std::abs(is.mean[c] - leaves.means[n].data_ptr<double>()[c]) < 1e-4);
        QVERIFY(std::abs(is.variance[c] - leaves.variances[n].data_ptr<double>()[c]) < 1e-3);
      }
    }
  }
};

QTEST_GUILESS_MAIN(MaskedAutogradTest)
#include "tst_masked_autograd.moc"
