#include "engines/sparse/isa.h"
#include "engines/sparse/sparse_engine.h"
#include "engines/sparse/topology_step.h"
#include "mlp_fixture.h"
#include "reference_net.h"
#include "reference_topology.h"
#include "topology/largest_scores.h"

#include <rapidcheck.h>
#include <QtTest>

#include <limits>
#include <vector>

using namespace lab;
using namespace lab::test;

namespace {

enum class Weights { Normal, Tied, Zero, Constant };

void set(EngineState& state, Weights kind) {
  for (LayerState& layer : state.layers)
    for (size_t i = 0; i < layer.weights.size(); ++i) {
      if (kind == Weights::Tied) layer.weights[i] = static_cast<float>(static_cast<int>(i * 7 % 5) - 2);
      if (kind == Weights::Zero) layer.weights[i] = 0;
      if (kind == Weights::Constant) layer.weights[i] = i % 2 == 0 ? 0.5f : -0.5f;
    }
}

TopologyPlan planFor(GrowRule grow, double share, bool regrowDropped) {
  TopologyPlan plan;
  plan.update = 3;
  plan.step = 30;
  plan.pruneRate = share;
  plan.rules = {DropRule::Magnitude, grow, Rounding::Up};
  plan.regrowDropped = regrowDropped;
  plan.seed = 9;
  return plan;
}

/// The update of all layers of a network.
TopologyEvent update(sparse::Mlp& net, const TopologyPlan& plan) {
  std::vector<sparse::SparseTopologyLayer> layers;
  for (size_t l = 0; l < net.layers().size(); ++l) layers.emplace_back(net, l);
  std::vector<TopologyLayer*> pointers;
  for (auto& layer : layers) pointers.push_back(&layer);
  double threshold = 0;
  return updateTopology(plan, pointers, threshold);
}

/// Updates every layer by the engine's way and by full sorts, and compares states and changes exactly.
void checkAgainstReference(const EngineState& state, const TopologyPlan& plan, const sparse::Kernels& kernels) {
  const MlpShape shape;
  sparse::Mlp net(sparse::layerChain(mlp(shape)), dataFor(shape), kernels, 1);
  for (size_t l = 0; l < state.layers.size(); ++l) net.layers()[l].restore(state.layers[l]);
  net.forward(Split::Train, samplesFrom(2, 37));
  net.backward(nullptr);
  std::vector<LayerState> expected;
  std::vector<LayerChange> changes(state.layers.size());
  for (size_t l = 0; l < state.layers.size(); ++l) {
    const sparse::Layer& layer = net.layers()[l];
    std::vector<float> gradient(static_cast<size_t>(layer.active.size() + 8));
    net.denseGradient(l, {0, layer.shape.rows}, gradient.data());
    expected.push_back(referenceUpdate(plan, l, state.layers[l], gradient, &changes[l]));
  }
  const TopologyEvent event = update(net, plan);
  for (size_t l = 0; l < state.layers.size(); ++l) {
    QVERIFY(event.layers[l].dropped == changes[l].dropped);
    QVERIFY(event.layers[l].grown == changes[l].grown);
    QVERIFY(net.layers()[l].state() == expected[l]);
  }
}

std::unique_ptr<Engine> engineFor(const MlpShape& shape, const Config& config, const EngineState& state) {
  auto engine = sparseEngine().make({mlp(shape), config, dataFor(shape)});
  engine->restore(state);
  return engine;
}

}  // namespace

class TestSparseTopology : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void updatesAgainstFullSorts();
  void manyUpdatesAgainstFullSorts();
  void exploreFirstExhaustsCandidates();
  void fullLayers();
  void nothingToDrop();
  void eventsAndUpdatedMatrixTrainOn();
  void itopFollowsTheStep();
  void riglReplacesTheStep();
  void largestScoresOfStreams();
};

void TestSparseTopology::updatesAgainstFullSorts() {
  for (const sparse::Kernels* kernels : sparse::availableKernels())
    for (const GrowRule grow : {GrowRule::Random, GrowRule::ExploreFirst, GrowRule::Gradient})
      for (const Weights weights : {Weights::Normal, Weights::Tied, Weights::Zero, Weights::Constant})
        for (const double density : {0.02, 0.3, 0.9})
          for (const double share : {0.01, 0.5, 1.0})
            for (const bool regrow : {true, false}) {
              EngineState state = randomState(MlpShape{}, density, 8);
              set(state, weights);
              checkAgainstReference(state, planFor(grow, share, regrow), *kernels);
            }
}

void TestSparseTopology::manyUpdatesAgainstFullSorts() {
  const MlpShape shape;
  for (const GrowRule grow : {GrowRule::Random, GrowRule::ExploreFirst}) {
    const EngineState start = randomState(shape, 0.2, 10);
    sparse::Mlp net(sparse::layerChain(mlp(shape)), dataFor(shape), *sparse::availableKernels().front(), 1);
    for (size_t l = 0; l < start.layers.size(); ++l) net.layers()[l].restore(start.layers[l]);
    LayerState expected = start.layers[0];
    TopologyPlan plan = planFor(grow, 0.3, false);
    for (plan.update = 1; plan.update <= 40; ++plan.update) {
      expected = referenceUpdate(plan, 0, expected, {});
      update(net, plan);
      QVERIFY(net.layers()[0].state() == expected);
      QCOMPARE(expected.active.count(), start.layers[0].active.count());
    }
  }
}

void TestSparseTopology::exploreFirstExhaustsCandidates() {
  const MlpShape shape;
  const EngineState start = randomState(shape, 0.2, 10);
  sparse::Mlp net(sparse::layerChain(mlp(shape)), dataFor(shape), *sparse::availableKernels().front(), 1);
  for (size_t l = 0; l < start.layers.size(); ++l) net.layers()[l].restore(start.layers[l]);
  sparse::Layer& layer = net.layers()[0];
  TopologyPlan plan = planFor(GrowRule::ExploreFirst, 0.5, true);
  int64_t explored = layer.explored.count();
  for (plan.update = 1; plan.update <= 15; ++plan.update) {
    update(net, plan);
    explored =
        std::min(explored + plannedDrops(plan, start.layers[0]), layer.active.size());  // the bound of every growth rule is reached
    QCOMPARE(layer.explored.count(), explored);
    QCOMPARE(layer.active.count(), start.layers[0].active.count());
  }
  QCOMPARE(explored, layer.active.size());
}

void TestSparseTopology::fullLayers() {
  const EngineState state = randomState(MlpShape{}, 1.0, 8);
  for (const GrowRule grow : {GrowRule::Random, GrowRule::ExploreFirst, GrowRule::Gradient})
    for (const bool regrow : {true, false})
      checkAgainstReference(state, planFor(grow, 0.3, regrow), *sparse::availableKernels().front());
}

void TestSparseTopology::nothingToDrop() {
  EngineState state = randomState(MlpShape{}, 0.3, 8);
  set(state, Weights::Zero);  // active weights that are exactly zero stay, too
  checkAgainstReference(state, planFor(GrowRule::Random, 0.0, true), *sparse::availableKernels().front());
}

void TestSparseTopology::eventsAndUpdatedMatrixTrainOn() {
  const MlpShape shape;
  auto engine = engineFor(shape, Config{}, randomState(shape, 0.3, 12));
  ReferenceNet reference(mlp(shape), dataFor(shape), Config{});
  for (int i = 0; i < 5; ++i) {
    const EngineState before = engine->state();
    const auto samples = samplesFrom(i, 33);
    Span span;
    span.steps = {{samples, 0.1f}};
    span.topology = planFor(GrowRule::Random, 0.4, true);
    span.topology->update = i + 1;
    engine->submit(span);
    const auto event = engine->collect().topology;
    QVERIFY(event);
    QCOMPARE(event->update, i + 1);
    QCOMPARE(event->step, 30);
    QCOMPARE(event->pruneRate, 0.4);
    const EngineState after = engine->state();
    for (size_t l = 0; l < after.layers.size(); ++l) {
      Mask mask = before.layers[l].active;
      for (const int64_t p : event->layers[l].dropped) mask.clear(p);
      for (const int64_t p : event->layers[l].grown) mask.set(p);
      QVERIFY(mask == after.layers[l].active);
      QCOMPARE(static_cast<int64_t>(event->layers[l].dropped.size()), plannedDrops(*span.topology, before.layers[l]));
      QCOMPARE(event->layers[l].grown.size(), event->layers[l].dropped.size());
    }
    // The rebuilt matrix must still be the one that its state says: one more step, forward and backward.
    reference.restore(after);
    reference.step(samples, 0.1f);
    span.topology.reset();
    engine->submit(span);
    engine->collect();
    const EngineState stepped = engine->state(), expected = reference.state();
    for (size_t l = 0; l < stepped.layers.size(); ++l)
      for (size_t k = 0; k < stepped.layers[l].weights.size(); ++k)
        QVERIFY(std::abs(stepped.layers[l].weights[k] - expected.layers[l].weights[k]) < 1e-5f);
  }
}

void TestSparseTopology::itopFollowsTheStep() {
  const MlpShape shape;
  const EngineState start = randomState(shape, 0.3, 13);
  const auto samples = samplesFrom(0, 33);
  auto plain = engineFor(shape, Config{}, start), updated = engineFor(shape, Config{}, start);
  Span span;
  span.steps = {{samples, 0.1f}};
  plain->submit(span);
  plain->collect();
  const EngineState stepped = plain->state();
  span.topology = planFor(GrowRule::Random, 0.4, true);
  updated->submit(span);
  updated->collect();
  const EngineState after = updated->state();
  for (size_t l = 0; l < after.layers.size(); ++l)
    QVERIFY(after.layers[l] == referenceUpdate(*span.topology, l, stepped.layers[l], {}));
}

void TestSparseTopology::riglReplacesTheStep() {
  const MlpShape shape;
  const EngineState start = randomState(shape, 0.3, 14);
  auto engine = engineFor(shape, Config{}, start);
  const auto samples = samplesFrom(0, 33);
  Span span;
  span.steps = {{samples, 0.1f}};
  span.topology = planFor(GrowRule::Gradient, 0.4, true);
  span.topology->order = UpdateOrder::Rigl;
  engine->submit(span);
  const SpanResult result = engine->collect();
  QCOMPARE(result.sums.samples, 33);
  // The double-precision gradient ranks the candidates the same way: the weights did not move before they were
  // scored.
  ReferenceNet reference(mlp(shape), dataFor(shape), Config{});
  reference.restore(start);
  reference.backward(samples);
  const EngineState after = engine->state();
  for (size_t l = 0; l < after.layers.size(); ++l) {
    const auto& exact = reference.layers[l].gradient;
    const std::vector<float> gradient(exact.begin(), exact.end());
    QVERIFY(after.layers[l] == referenceUpdate(*span.topology, l, start.layers[l], gradient));
  }
}

void TestSparseTopology::largestScoresOfStreams() {
  QVERIFY(rc::check("equals the selection from an array", [] {
    // Few different values: ties everywhere; long streams: the buffer overflows many times.
    const auto size = *rc::gen::inRange<int64_t>(1, 20000);
    const auto k = *rc::gen::inRange<int64_t>(1, 40);
    const auto distinct = *rc::gen::inRange(1, 2000);
    const auto seed = *rc::gen::arbitrary<uint64_t>();
    std::vector<float> scores;
    for (int64_t i = 0; i < size; ++i) {
      const auto bits = randomBlock({seed, Purpose::SyntheticData, 0, 0}, static_cast<uint64_t>(i));
      scores.push_back(static_cast<float>(bits[0] % static_cast<uint32_t>(distinct)) *
                       (bits[1] % 2 == 0 ? 1.0f : -1.0f));
      if (bits[2] % 1000 == 0) scores.back() = std::numeric_limits<float>::quiet_NaN();
    }
    LargestScores best(k);
    for (int64_t i = 0; i < size; ++i)
      if (const float score = scores[static_cast<size_t>(i)]; best.wants(score)) best.add(i, score);
    RC_ASSERT(best.positions() == largestMagnitude(scores, std::min(k, size)));
  }));
}

QTEST_APPLESS_MAIN(TestSparseTopology)
#include "tst_sparse_topology.moc"
