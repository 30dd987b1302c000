#include "network/models.h"
#include "training/initial_masks.h"
#include "training/initial_state.h"

#include <QtTest>

#include <cmath>

using namespace lab;

namespace {

NetworkSpec mlp(const Config& config) { return makeNetwork(config, {1, 28, 28}, 10).take(); }

EngineState stateOf(const Config& config) {
  const NetworkSpec network = mlp(config);
  const LayerDensities densities = configuredDensities(network, config).take().start;
  return initialState(network, firstMasks(network, densities, config, nullptr, {}), config);
}

double deviation(const std::vector<float>& values) {
  double squares = 0;
  for (const float v : values) squares += static_cast<double>(v) * v;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

class TestInitialState : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void countsAreExact();
  void sparseFanInScalesByActualFanIn();
  void denseFanInIsUniform();
  void dependsOnTheSeedAlone();
};

void TestInitialState::countsAreExact() {
  Config config;
  config.sparsity = 0.99;
  const NetworkSpec network = mlp(config);
  const LayerDensities densities = configuredDensities(network, config).take().start;
  const EngineState state = stateOf(config);
  int64_t total = 0;
  for (size_t l = 0; l < state.layers.size(); ++l) {
    QCOMPARE(state.layers[l].active.count(), densities.active[l]);
    QCOMPARE(static_cast<int64_t>(state.layers[l].weights.size()), densities.active[l]);
    QVERIFY(state.layers[l].explored == state.layers[l].active);
    total += densities.active[l];
  }
  QCOMPARE(total, static_cast<int64_t>(std::llround((1 - 0.99) * 1332224)));
}

void TestInitialState::sparseFanInScalesByActualFanIn() {
  Config config;
  config.sparsity = 0.98;
  const EngineState state = stateOf(config);
  const double fanIn[] = {784, 1024, 512};
  for (size_t l = 0; l < 3; ++l) {
    const LayerState& layer = state.layers[l];
    const double density = static_cast<double>(layer.active.count()) / static_cast<double>(layer.active.size());
    const double expected = std::sqrt(2 / (density * fanIn[l]));
    const auto n = static_cast<double>(layer.weights.size());
    QVERIFY(std::abs(deviation(layer.weights) / expected - 1) < 4 / std::sqrt(2 * n));
    for (const float bias : layer.bias) QCOMPARE(bias, 0.0f);
  }
}

void TestInitialState::denseFanInIsUniform() {
  Config config;
  config.initialization = "dense-fan-in";
  const EngineState state = stateOf(config);
  const double bound = 1 / std::sqrt(784.0);
  for (const float weight : state.layers[0].weights) QVERIFY(std::abs(weight) <= bound);
  QVERIFY(std::abs(deviation(state.layers[0].weights) * std::sqrt(3.0 * 784) - 1) < 0.03);
  QVERIFY(deviation(state.layers[0].bias) > 0.3 * bound);
}

void TestInitialState::dependsOnTheSeedAlone() {
  Config config;
  const EngineState first = stateOf(config), again = stateOf(config);
  QVERIFY(first == again);
  config.update_interval = 3;
  QVERIFY(stateOf(config) == first);
  config.seed = 2;
  QVERIFY(!(stateOf(config) == first));
}

QTEST_APPLESS_MAIN(TestInitialState)
#include "tst_initial_state.moc"
