// The truly sparse and the masked engine are two ways to compute the same thing.
#include "engines/masked/masked_engine.h"
#include "engines/sparse/sparse_engine.h"
#include "network_fixture.h"

#include <QtTest>

#include <set>

using namespace lab;
using namespace lab::test;

Q_DECLARE_METATYPE(lab::GrowRule)

namespace {

constexpr int64_t kTrain = 200;
const NetworkSpec kNetwork = perceptron({1, 9, 8}, {61, 37, 5});

std::shared_ptr<const Dataset> data() {
  static const auto shared = syntheticDataset(kNetwork.input, 5, kTrain, 20, 90, 8);
  return shared;
}

struct Pair {
  std::unique_ptr<Engine> sparse, masked;
  explicit Pair(const EngineState& state)
      : sparse(engineIn(state, sparseEngine(), {kNetwork, Config{}, data()})),
        masked(engineIn(state, maskedEngine(), {kNetwork, Config{}, data()})) {}
};

}  // namespace

class EnginesAgreeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void stepsAndEvaluationsAgree_data() {
    QTest::addColumn<double>("density");
    QTest::newRow("sparse") << 0.1;
    QTest::newRow("half") << 0.5;
    QTest::newRow("dense") << 1.0;
  }

  void stepsAndEvaluationsAgree() {
    QFETCH(double, density);
    const Pair pair(randomState(kNetwork, density, 3));
    for (int step = 0; step < 10; ++step) {
      const auto samples = someSamples(step == 9 ? 11 : 32, kTrain, step * 32);
      const Sums sparse = runStep(*pair.sparse, samples, 0.03f).sums,
                 masked = runStep(*pair.masked, samples, 0.03f).sums;
      QVERIFY(std::abs(sparse.loss - masked.loss) < 1e-4 * (1 + masked.loss));
      QCOMPARE(sparse.correct, masked.correct);
    }
    QVERIFY(distance(pair.sparse->state(), pair.masked->state()) < 1e-4);
    QVERIFY(std::abs(pair.sparse->evaluate(Split::Test).loss - pair.masked->evaluate(Split::Test).loss) < 1e-2);
  }

  void equalStatesGiveTheEqualNextMask_data() {
    QTest::addColumn<GrowRule>("grow");
    QTest::addColumn<bool>("regrow");
    QTest::newRow("random") << GrowRule::Random << true;
    QTest::newRow("random, no regrowth") << GrowRule::Random << false;
    QTest::newRow("explore-first") << GrowRule::ExploreFirst << true;
    QTest::newRow("explore-first, no regrowth") << GrowRule::ExploreFirst << false;
  }

  void equalStatesGiveTheEqualNextMask() {
    QFETCH(GrowRule, grow);
    QFETCH(bool, regrow);
    for (const double density : {0.02, 0.2, 0.7}) {
      const EngineState state = randomState(kNetwork, density, 6);
      TopologyPlan plan = planFor(grow, 0.5, 4);
      plan.order = UpdateOrder::Rigl;  // on exactly these weights
      plan.regrowDropped = regrow;
      const Pair pair(state);
      const auto sparse = runUpdate(*pair.sparse, someSamples(32, kTrain), 0.1f, plan);
      const auto masked = runUpdate(*pair.masked, someSamples(32, kTrain), 0.1f, plan);
      for (size_t l = 0; l < state.layers.size(); ++l) {
        QVERIFY(!masked.layers[l].dropped.empty());
        QCOMPARE(sparse.layers[l].dropped, masked.layers[l].dropped);
        QCOMPARE(sparse.layers[l].grown, masked.layers[l].grown);
      }
      QVERIFY(pair.sparse->state() == pair.masked->state());
    }
  }

  /// One sample, zero weights and four classes make every gradient one exact product, so that both engines have
  /// the same scores, many of them tied.
  void equalScoresGrowTheEqualMask() {
    const NetworkSpec network = perceptron({1, 9, 8}, {4});
    auto plain = std::make_shared<Dataset>(*syntheticDataset(network.input, 4, 20, 4, 4, 1));
    plain->mean = {0};
    plain->deviation = {1};
    EngineState state = randomState(network, 0.2, 6);
    for (LayerState& layer : state.layers) {
      layer.weights.assign(layer.weights.size(), 0.0f);
      layer.bias.assign(layer.bias.size(), 0.0f);
    }
    TopologyPlan plan = planFor(GrowRule::Gradient, 0.6);
    plan.order = UpdateOrder::Rigl;
    const auto sparse = engineIn(state, sparseEngine(), {network, Config{}, plain});
    const auto masked = engineIn(state, maskedEngine(), {network, Config{}, plain});
    const auto one = runUpdate(*sparse, someSamples(1, 20), 0.1f, plan);
    const auto other = runUpdate(*masked, someSamples(1, 20), 0.1f, plan);
    QCOMPARE(one.layers[0].grown, other.layers[0].grown);
    QVERIFY(one.layers[0].grown != one.layers[0].dropped);
    QVERIFY(sparse->state() == masked->state());
  }

  void gradientsThatDifferByRoundingGrowNearlyTheSame() {
    const EngineState state = randomState(kNetwork, 0.2, 6);
    const TopologyPlan plan = planFor(GrowRule::Gradient, 0.5);
    const Pair pair(state);
    const auto sparse = runUpdate(*pair.sparse, someSamples(32, kTrain), 0.1f, plan);
    const auto masked = runUpdate(*pair.masked, someSamples(32, kTrain), 0.1f, plan);
    for (size_t l = 0; l < state.layers.size(); ++l) {
      const auto &a = sparse.layers[l].grown, &b = masked.layers[l].grown;
      std::vector<int64_t> common;
      std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
      QCOMPARE(a.size(), b.size());
      QVERIFY(common.size() + 2 >= a.size());
    }
  }

  void aStateMovesBetweenEngines() {
    const Pair pair(randomState(kNetwork, 0.15, 2));
    for (int step = 0; step < 5; ++step) runStep(*pair.masked, someSamples(32, kTrain, step), 0.05f);
    const EngineState middle = pair.masked->state();
    pair.sparse->restore(middle);
    QVERIFY(pair.sparse->state() == middle);
    runStep(*pair.masked, someSamples(32, kTrain), 0.05f);
    runStep(*pair.sparse, someSamples(32, kTrain), 0.05f);
    QVERIFY(distance(pair.sparse->state(), pair.masked->state()) < 1e-5);
  }
};

QTEST_GUILESS_MAIN(EnginesAgreeTest)
#include "tst_engines_agree.moc"
