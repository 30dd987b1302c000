// What connections are worth before training, against finite differences and a closed form.
#include "engines/masked/saliency.h"
#include "network_fixture.h"
#include "reference_net.h"
#include "training/initial_masks.h"
#include "training/initial_state.h"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace lab;
using namespace lab::test;

namespace {

const NetworkSpec kNetwork = perceptron({1, 4, 4}, {7, 5, 3});

std::shared_ptr<const Dataset> data() {
  static const auto shared = syntheticDataset(kNetwork.input, 3, 300, 10, 10, 8);
  return shared;
}

std::vector<Mask> full(const NetworkSpec& network) {
  std::vector<Mask> masks;
  for (const WeightLayer& layer : weightLayers(network)) masks.emplace_back(layer.weights, true);
  return masks;
}

std::vector<std::vector<double>> scoresOf(Saliency criterion, const NetworkSpec& network, const EngineState& state,
                                          const std::vector<Mask>& masks, std::span<const int32_t> samples) {
  return maskedSaliency()({criterion, network, state, masks, data(), samples, 1});
}

/// ∂L/∂w of every weight in double precision, with the logits divided by the temperature: the last layer's weights and
/// biases are, and the chain rule multiplies their own gradient back.
std::vector<std::vector<double>> exactGradient(EngineState state, std::span<const int32_t> samples) {
  ReferenceNet reference(kNetwork, data(), Config{});
  reference.restore(state);
  reference.backward(samples);
  std::vector<std::vector<double>> gradient;
  for (const auto& layer : reference.layers) gradient.push_back(layer.gradient);
  return gradient;
}

double relativeError(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
  double error = 0, size = 0;
  for (size_t l = 0; l < a.size(); ++l)
    for (size_t i = 0; i < a[l].size(); ++i) {
      error += (a[l][i] - b[l][i]) * (a[l][i] - b[l][i]);
      size += b[l][i] * b[l][i];
    }
  return std::sqrt(error / size);
}

}  // namespace

class SaliencyTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// 300 samples are three batches, the last one short: each counts by its samples.
  void snipIsTheGradientTimesTheWeight() {
    const EngineState state = initialState(kNetwork, full(kNetwork), Config{});
    const auto samples = someSamples(300, 300);
    const auto gradient = exactGradient(state, samples);
    auto expected = gradient;
    for (size_t l = 0; l < expected.size(); ++l)
      for (size_t i = 0; i < expected[l].size(); ++i)
        expected[l][i] = std::abs(gradient[l][i] * static_cast<double>(state.layers[l].weights[i]));
    const auto scores = scoresOf(Saliency::Snip, kNetwork, state, full(kNetwork), samples);
    QVERIFY(relativeError(scores, expected) < 1e-5);
  }

  /// H g is the change of the gradient along itself. The temperature is put into the last layer.
  void graspIsTheHessianTimesTheGradient() {
    constexpr double kTemperature = 200;
    const EngineState state = initialState(kNetwork, full(kNetwork), Config{});
    const auto samples = someSamples(200, 300);
    EngineState cooled = state;
    for (float& w : cooled.layers.back().weights) w /= static_cast<float>(kTemperature);
    for (float& b : cooled.layers.back().bias) b /= static_cast<float>(kTemperature);
    // With respect to the weights as they are, the last layer's gradient is smaller by the temperature.
    const auto gradientAt = [&](double along, const std::vector<std::vector<double>>* direction) {
      ReferenceNet reference(kNetwork, data(), Config{});
      reference.restore(cooled);
      for (size_t l = 0; direction != nullptr && l < reference.layers.size(); ++l) {
        const double scale = l + 1 == reference.layers.size() ? 1 / kTemperature : 1;
        for (size_t i = 0; i < reference.layers[l].weights.size(); ++i)
          reference.layers[l].weights[i] += along * scale * (*direction)[l][i];
      }
      reference.backward(samples);
      std::vector<std::vector<double>> gradient;
      for (const auto& layer : reference.layers) gradient.push_back(layer.gradient);
      for (double& g : gradient.back()) g /= kTemperature;
      return gradient;
    };
    const auto g = gradientAt(0, nullptr);
    double norm = 0;
    for (const auto& layer : g) norm = std::inner_product(layer.begin(), layer.end(), layer.begin(), norm);
    const double step = 1e-4 / std::sqrt(norm);
    const auto ahead = gradientAt(step, &g), behind = gradientAt(-step, &g);
    auto expected = g;
    for (size_t l = 0; l < g.size(); ++l)
      for (size_t i = 0; i < g[l].size(); ++i)
        expected[l][i] = static_cast<double>(state.layers[l].weights[i]) * (ahead[l][i] - behind[l][i]) / (2 * step);
    const auto scores = scoresOf(Saliency::Grasp, kNetwork, state, full(kNetwork), samples);
    QVERIFY2(relativeError(scores, expected) < 1e-3, qPrintable(QString::number(relativeError(scores, expected))));
  }

  /// R is the sum over all paths of the products of absolute weights; a weight's score is the sum of those through it.
  void synFlowCountsPaths() {
    Config config;
    config.sparsity = 0.5;
    EngineState state = initialState(kNetwork, full(kNetwork), config);
    std::vector<Mask> masks = full(kNetwork);
    for (size_t l = 0; l < masks.size(); ++l)
      for (int64_t i = static_cast<int64_t>(l); i < masks[l].size(); i += 3) masks[l].clear(i);
    const auto layers = weightLayers(kNetwork);
    const auto weight = [&](size_t l, int64_t out, int64_t in) {
      const int64_t i = out * layers[l].columns() + in;
      return masks[l].test(i) ? std::abs(static_cast<double>(state.layers[l].weights[static_cast<size_t>(i)])) : 0;
    };
    std::vector<std::vector<double>> from{std::vector<double>(static_cast<size_t>(layers[0].columns()), 1.0)};
    for (size_t l = 0; l < layers.size(); ++l) {
      from.emplace_back(static_cast<size_t>(layers[l].rows()));
      for (int64_t o = 0; o < layers[l].rows(); ++o)
        for (int64_t i = 0; i < layers[l].columns(); ++i)
          from[l + 1][static_cast<size_t>(o)] += weight(l, o, i) * from[l][static_cast<size_t>(i)];
    }
    std::vector<double> to(static_cast<size_t>(layers.back().rows()), 1.0);
    std::vector<std::vector<double>> expected(layers.size());
    for (size_t l = layers.size(); l-- > 0;) {
      std::vector<double> below(static_cast<size_t>(layers[l].columns()));
      for (int64_t o = 0; o < layers[l].rows(); ++o)
        for (int64_t i = 0; i < layers[l].columns(); ++i) {
          expected[l].push_back(from[l][static_cast<size_t>(i)] * weight(l, o, i) * to[static_cast<size_t>(o)]);
          below[static_cast<size_t>(i)] += weight(l, o, i) * to[static_cast<size_t>(o)];
        }
      to = below;
    }
    const auto scores = scoresOf(Saliency::SynFlow, kNetwork, state, masks, {});
    QVERIFY(relativeError(scores, expected) < 1e-12);
  }

  void masksHaveExactlyTheDensityAndLoseNoLayer_data() {
    QTest::addColumn<QString>("criterion");
    for (const char* name : {"snip", "grasp", "synflow"}) QTest::newRow(name) << name;
  }

  void masksHaveExactlyTheDensityAndLoseNoLayer() {
    QFETCH(QString, criterion);
    Config config;
    config.sparsity = 0.9;
    config.initial_mask = criterion.toStdString();
    const auto densities = configuredDensities(kNetwork, config).take();
    const auto masks = firstMasks(kNetwork, densities.start, config, data(), maskedSaliency());
    int64_t active = 0;
    for (const Mask& mask : masks) {
      QVERIFY(mask.count() >= 1);
      active += mask.count();
    }
    QCOMPARE(active, std::llround(0.1 * static_cast<double>(maskableCount(kNetwork))));
    config.initial_mask = "random";
    QVERIFY(!(firstMasks(kNetwork, densities.start, config, data(), {}) == masks));
  }
};

QTEST_GUILESS_MAIN(SaliencyTest)
#include "tst_saliency.moc"
