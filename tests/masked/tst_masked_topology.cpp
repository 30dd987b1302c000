// Topology updates against full sorts and full walks; exact counts whatever the weights.
#include "engines/masked/batch.h"
#include "engines/masked/dense_network.h"
#include "engines/masked/masked_engine.h"
#include "network_fixture.h"
#include "reference_net.h"
#include "reference_topology.h"

#include <rapidcheck.h>
#include <QtTest>

using namespace lab;
using namespace lab::test;

Q_DECLARE_METATYPE(lab::GrowRule)
Q_DECLARE_METATYPE(lab::UpdateOrder)

namespace {

constexpr int64_t kTrain = 50;
const NetworkSpec kNetwork = perceptron({1, 5, 6}, {23, 15, 4});
const std::vector<int32_t> kSamples = someSamples(16, kTrain);

std::shared_ptr<const Dataset> data() {
  static const auto shared = syntheticDataset(kNetwork.input, 4, kTrain, 10, 10, 8);
  return shared;
}

std::unique_ptr<Engine> engineAt(const EngineState& state) {
  return engineIn(state, maskedEngine(), {kNetwork, Config{}, data()});
}

/// The gradient of kSamples at every position, bit for bit as the engine has it.
std::vector<std::vector<float>> gradientsAt(const EngineState& state) {
  masked::DenseNetwork network(kNetwork);
  for (size_t l = 0; l < state.layers.size(); ++l) {
    const masked::LayerTensors& tensors = network.layers()[l];
    size_t next = 0;
    forEachOne(state.layers[l].active,
               [&](int64_t i) { tensors.weight[static_cast<size_t>(i)] = state.layers[l].weights[next++]; });
    std::copy(state.layers[l].bias.begin(), state.layers[l].bias.end(), tensors.bias.begin());
  }
  std::vector<Label> labels;
  masked::useThreads(1);
  masked::gatherPixels(*data(), Split::Train, kSamples, network.input(static_cast<int64_t>(kSamples.size())));
  masked::gatherLabels(*data(), Split::Train, kSamples, labels);
  network.forward(labels, masked::Pass::Training);
  network.backward();
  std::vector<std::vector<float>> gradients;
  for (const auto& tensors : network.layers())
    gradients.emplace_back(tensors.weightGradient.begin(), tensors.weightGradient.end());
  return gradients;
}

}  // namespace

class MaskedTopologyTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void gradientsOfInactiveWeightsMatchTheReference() {
    const EngineState state = randomState(kNetwork, 0.2, 1);
    ReferenceNet reference(kNetwork, data(), Config{});
    reference.restore(state);
    reference.backward(kSamples);
    const auto gradients = gradientsAt(state);
    for (size_t l = 0; l < gradients.size(); ++l)
      for (size_t i = 0; i < gradients[l].size(); ++i)
        QVERIFY(std::abs(static_cast<double>(gradients[l][i]) - reference.layers[l].gradient[i]) < 1e-5);
  }

  void updateMatchesTheReference_data() {
    QTest::addColumn<GrowRule>("grow");
    QTest::addColumn<UpdateOrder>("order");
    QTest::addColumn<bool>("regrow");
    for (const auto& [name, grow] : {std::pair{"random", GrowRule::Random},
                                     {"explore-first", GrowRule::ExploreFirst},
                                     {"gradient", GrowRule::Gradient}})
      for (const UpdateOrder order : {UpdateOrder::Itop, UpdateOrder::Rigl})
        for (const bool regrow : {true, false})
          QTest::addRow("%s, %s, %s", name, order == UpdateOrder::Itop ? "itop" : "rigl",
                        regrow ? "may regrow" : "may not regrow")
              << grow << order << regrow;
  }

  void updateMatchesTheReference() {
    QFETCH(GrowRule, grow);
    QFETCH(UpdateOrder, order);
    QFETCH(bool, regrow);
    const EngineState start = randomState(kNetwork, 0.35, 2);
    TopologyPlan plan = planFor(grow, 0.4, 3);
    plan.order = order;
    plan.regrowDropped = regrow;
    const auto gradients = gradientsAt(start);  // of before the step
    EngineState before = start;
    if (order == UpdateOrder::Itop) {
      const auto twin = engineAt(start);
      runStep(*twin, kSamples, 0.1f);
      before = twin->state();
      QVERIFY(distance(before, start) > 0);
    }
    const auto engine = engineAt(start);
    const TopologyEvent event = runUpdate(*engine, kSamples, 0.1f, plan);
    QCOMPARE(event.update, plan.update);
    QCOMPARE(event.step, plan.step);
    QCOMPARE(event.pruneRate, plan.pruneRate);
    const EngineState after = engine->state();
    for (size_t l = 0; l < after.layers.size(); ++l) {
      LayerChange change;
      QVERIFY(after.layers[l] == referenceUpdate(plan, l, before.layers[l], gradients[l], &change));
      QCOMPARE(event.layers[l].dropped, change.dropped);
      QCOMPARE(event.layers[l].grown, change.grown);
      QVERIFY(!change.grown.empty());
    }
  }

  void countsAreExactOnTiesAndZeros() {
    QVERIFY(rc::check([] {
      EngineState state = randomState(kNetwork, *rc::gen::element(0.05, 0.3, 0.6, 1.0), 3);
      const float constant = *rc::gen::element(0.0f, 0.5f);
      for (LayerState& layer : state.layers) layer.weights.assign(layer.weights.size(), constant);
      TopologyPlan plan =
          planFor(*rc::gen::element(GrowRule::Random, GrowRule::ExploreFirst, GrowRule::Gradient),
                  *rc::gen::element(0.0, 0.01, 0.5, 1.0));
      plan.order = UpdateOrder::Rigl;
      plan.regrowDropped = *rc::gen::arbitrary<bool>();
      const auto engine = engineAt(state);
      const TopologyEvent event = runUpdate(*engine, kSamples, 0.1f, plan);
      const EngineState after = engine->state();
      for (size_t l = 0; l < after.layers.size(); ++l) {
        const int64_t total = state.layers[l].active.size(), active = state.layers[l].active.count();
        const int64_t inactive = total - active;
        const int64_t wanted = inactive == 0 ? 0 : dropCount(plan.rules.rounding, plan.pruneRate, active);
        const int64_t dropped = plan.regrowDropped ? wanted : std::min(wanted, inactive);
        RC_ASSERT(static_cast<int64_t>(event.layers[l].dropped.size()) == dropped);
        RC_ASSERT(static_cast<int64_t>(event.layers[l].grown.size()) == dropped);
        RC_ASSERT(after.layers[l].active.count() == active);
      }
    }));
  }

  void grownWeightsStartAtZeroAndAreTrained() {
    const EngineState start = randomState(kNetwork, 0.3, 6);
    TopologyPlan plan = planFor(GrowRule::Random, 0.5);
    plan.regrowDropped = false;
    const auto engine = engineAt(start);
    const TopologyEvent event = runUpdate(*engine, kSamples, 0.1f, plan);
    const auto grownValues = [&](bool momentum) {
      std::vector<float> values;
      for (size_t l = 0; l < start.layers.size(); ++l) {
        const LayerState layer = engine->state().layers[l];
        const auto positions = layer.active.positions();
        for (const int64_t grown : event.layers[l].grown) {
          const auto place = std::lower_bound(positions.begin(), positions.end(), grown) - positions.begin();
          values.push_back((momentum ? layer.momentum : layer.weights)[static_cast<size_t>(place)]);
        }
      }
      return values;
    };
    for (const float weight : grownValues(false)) QCOMPARE(weight, 0.0f);
    for (const float momentum : grownValues(true)) QCOMPARE(momentum, 0.0f);
    runStep(*engine, kSamples, 0.1f);
    const auto trained = grownValues(false);
    QVERIFY(std::count(trained.begin(), trained.end(), 0.0f) < static_cast<int64_t>(trained.size()) / 2);
  }
};

QTEST_GUILESS_MAIN(MaskedTopologyTest)
#include "tst_masked_topology.moc"
