// Soft-threshold reparameterization against its definition and finite differences.
#include "engines/masked/learned_threshold.h"
#include "engines/masked/masked_engine.h"
#include "network_fixture.h"
#include "parameters/config_builder.h"
#include "training/initial_state.h"

#include <QtTest>

#include <cmath>

using namespace lab;
using namespace lab::test;
using masked::LearnedThreshold;

namespace {

double sigmoid(double s) { return 1 / (1 + std::exp(-s)); }

double effective(double w, double s) {
  const double above = std::abs(w) - sigmoid(s);
  return above > 0 ? std::copysign(above, w) : 0;
}

}  // namespace

class LearnedThresholdTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void gradientsAgainstFiniteDifferences() {
    const std::vector<float> weights{0.5f, -0.4f, 0.05f, -0.02f, 0.9f, -0.11f}, slope{0.3f, -0.7f, 0.2f, 0.9f, -0.1f, 0.4f};
    constexpr double kS = -2.2;  // sigmoid is about .1
    LearnedThreshold learned(6);
    learned.setParameter(static_cast<float>(kS), 0);
    std::copy(weights.begin(), weights.end(), learned.weights().begin());
    // Plain descent of rate 1 without momentum and decay: what it moves by is the gradient of L = Σ slope × effective.
    std::vector<float> momentum(6);
    learned.step(masked::kPortableOptimizer, OptimizerStep{0, 0, 1, 0}, slope, momentum);
    const auto loss = [&](size_t moved, double by, double s) {
      double sum = 0;
      for (size_t i = 0; i < 6; ++i)
        sum += static_cast<double>(slope[i]) * effective(static_cast<double>(weights[i]) + (i == moved ? by : 0), s);
      return sum;
    };
    constexpr double h = 1e-5;
    for (size_t i = 0; i < 6; ++i)
      QVERIFY(std::abs(static_cast<double>(weights[i] - learned.weights()[i]) - (loss(i, h, kS) - loss(i, -h, kS)) / (2 * h)) < 1e-5);
    QVERIFY(std::abs(kS - static_cast<double>(learned.parameter()) - (loss(9, 0, kS + h) - loss(9, 0, kS - h)) / (2 * h)) < 1e-5);
  }

  void theMaskFollowsTheThreshold() {
    LearnedThreshold learned(4);
    learned.weights()[0] = 0.6f;
    learned.weights()[1] = -0.6f;
    learned.weights()[2] = 0.4f;
    learned.setParameter(0, 0);  // a threshold of one half
    QCOMPARE(learned.active().positions(), (std::vector<int64_t>{0, 1}));
    std::vector<float> effectiveWeights(4);
    learned.project(effectiveWeights);
    QVERIFY(std::abs(effectiveWeights[1] + 0.1f) < 1e-6f);
    QCOMPARE(effectiveWeights[2], 0.0f);
  }

  void aNetworkTrainsAndItsStateIsWhole() {
    const NetworkSpec network = perceptron({1, 5, 5}, {20, 10, 4});
    const auto data = syntheticDataset(network.input, 4, 300, 20, 50, 3);
    Config config = defaultsFor("str");
    config.threshold_start = -3;
    std::vector<Mask> full;
    for (const WeightLayer& layer : weightLayers(network)) full.emplace_back(layer.weights, true);
    const auto engine = engineIn(initialState(network, full, config), maskedEngine(), {network, config, data});
    TopologyPlan plan;
    plan.rules = rulesFor({"str"}).take();
    const double before = engine->evaluate(Split::Test).loss;
    for (int step = 0; step < 40; ++step) {
      plan.update = step + 1;
      runUpdate(*engine, someSamples(32, 300, step * 32), 0.1f, plan);
    }
    QVERIFY(engine->evaluate(Split::Test).loss < 0.7 * before);
    const EngineState state = engine->state();
    QVERIFY(state.layers[0].active.count() < state.layers[0].active.size());
    QCOMPARE(state.layers[0].weights.size(), static_cast<size_t>(state.layers[0].active.size()));
    QVERIFY(state.thresholds[0] != -3);
    // Put back elsewhere, it goes on bit for bit.
    const auto other = engineIn(state, maskedEngine(), {network, config, data});
    QVERIFY(other->state() == state);
    for (const auto& e : {engine.get(), other.get()})
      for (int step = 0; step < 5; ++step) runStep(*e, someSamples(32, 300, step * 7), 0.05f);
    QVERIFY(other->state() == engine->state());
  }
};

QTEST_GUILESS_MAIN(LearnedThresholdTest)
#include "tst_learned_threshold.moc"
