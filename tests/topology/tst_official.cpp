// The deviations of the published code that change the numbers of a run: what they do, and that exact semantics do not.
#include "topology/distribution.h"
#include "topology/official_rules.h"
#include "topology_layers.h"

#include <QtTest>

#include <algorithm>

using namespace lab;
using namespace lab::test;

namespace {

TopologyPlan both(DropRule drop, GrowRule grow, double rate, bool official) {
  TopologyPlan plan = planOf(drop, grow, rate);
  if (official) plan.semantics = semanticsNamed("official");
  return plan;
}

}  // namespace

class TestOfficial : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void coinFlipsDrift();
  void coinFlipMasksVary();
  void thresholdsDropTies();
  void thresholdsDropZerosAtRateZero();
  void signDropsNearlyAllNegatives();
  void momentumGrowsWhatWasDropped();
  void erOverflows();
  void namesAreKnown();
};

/// Row 1: the number of active weights wanders; exactly counted it never does.
void TestOfficial::coinFlipsDrift() {
  for (const bool official : {true, false}) {
    SomeLayers layers({{60, 60}}, 0.1, 1);
    const int64_t before = layers.active();
    int64_t least = before, most = before;
    TopologyPlan plan = both(DropRule::Magnitude, GrowRule::Random, 0.5, official);
    for (plan.update = 1; plan.update <= 100; ++plan.update) {
      for (LayerState& state : layers.states)  // as if trained: no ties
        for (size_t i = 0; i < state.weights.size(); ++i)
          if (state.weights[i] == 0)
            state.weights[i] = static_cast<float>(normalAt({9, Purpose::SyntheticData, 0, static_cast<uint32_t>(plan.update)}, i));
      layers.update(plan);
      least = std::min(least, layers.active());
      most = std::max(most, layers.active());
    }
    QCOMPARE(least == before && most == before, !official);
    if (official) QVERIFY(most - least > before / 20);
  }
}

void TestOfficial::coinFlipMasksVary() {
  const Mask mask = official::coinFlipMask(25856, 0.1, {1, Purpose::InitialMask, 0, 0});
  QVERIFY(mask.count() != 2586);
  QVERIFY(std::abs(static_cast<double>(mask.count()) - 2585.6) < 4 * std::sqrt(25856 * 0.1 * 0.9));
}

/// Row 2: asked for 3 of 30 constant weights, all go; exactly ranked, 3 go.
void TestOfficial::thresholdsDropTies() {
  for (const bool official : {true, false}) {
    SomeLayers layers({{6, 10}}, 0.5, 2);
    LayerState& state = layers.states[0];
    std::fill(state.weights.begin(), state.weights.end(), 0.5f);
    const auto n = state.weights.size();
    const TopologyEvent event = layers.update(both(DropRule::Magnitude, GrowRule::Gradient, 0.1, official));
    QCOMPARE(event.layers[0].dropped.size(), official ? n : static_cast<size_t>(dropCount(Rounding::Up, 0.1, static_cast<int64_t>(n))));
  }
}

/// Row 18.
void TestOfficial::thresholdsDropZerosAtRateZero() {
  for (const bool official : {true, false}) {
    SomeLayers layers({{6, 10}}, 0.5, 2);
    layers.states[0].weights[3] = layers.states[0].weights[5] = 0;
    const TopologyEvent event = layers.update(both(DropRule::Magnitude, GrowRule::Gradient, 0, official));
    QCOMPARE(event.layers[0].dropped.size(), size_t(official ? 2 : 0));
  }
}

/// Row 9: ζ = .1 removes about half of a symmetric layer.
void TestOfficial::signDropsNearlyAllNegatives() {
  SomeLayers official({{100, 100}}, 1.0, 3), exact = official;
  const auto wrong = official.update(both(DropRule::Sign, GrowRule::Gradient, 0.1, true)).layers[0].dropped.size();
  const auto right = exact.update(both(DropRule::Sign, GrowRule::Gradient, 0.1, false)).layers[0].dropped.size();
  QVERIFY(wrong > 4800 && wrong < 5200);
  QCOMPARE(right, size_t(0));  // a full layer has nothing to explore
  SomeLayers open({{100, 100}}, 0.5, 3);
  const int64_t n = open.active();
  QCOMPARE(static_cast<int64_t>(open.update(both(DropRule::Sign, GrowRule::Gradient, 0.1, false)).layers[0].dropped.size()),
           dropCount(Rounding::Up, 0.1, n));
}

/// Row 8: momentum that is masked first is zero but where something was just dropped, so that is grown again.
void TestOfficial::momentumGrowsWhatWasDropped() {
  SomeLayers layers({{20, 20}}, 0.3, 4);
  const Mask active = layers.states[0].active;
  for (size_t i = 0; i < layers.momenta[0].size(); ++i)
    if (!active.test(static_cast<int64_t>(i))) layers.momenta[0][i] = 0;  // as a masked optimizer has it
  const TopologyEvent event = layers.update(both(DropRule::Magnitude, GrowRule::Momentum, 0.5, true));
  QCOMPARE(event.layers[0].grown, event.layers[0].dropped);
  QVERIFY(layers.states[0].explored == active);  // R_s stays
}

/// Row 22: less than asked is realised where a layer would be more than full.
void TestOfficial::erOverflows() {
  WeightLayer narrow, wide;
  narrow.name = "narrow";
  narrow.shape = {4, 3, 3, 3};
  narrow.weights = 108;
  wide.name = "wide";
  wide.shape = {512, 256, 3, 3};
  wide.weights = 512 * 256 * 9;
  const double total = static_cast<double>(narrow.weights + wide.weights);
  const auto realised = [&](bool official) {
    const auto densities = layerDensities("er", {narrow, wide}, 0.2, official).take();
    return static_cast<double>(densities.active[0] + densities.active[1]) / total;
  };
  QVERIFY(std::abs(realised(false) - 0.2) < 1e-6);
  QVERIFY(realised(true) < 0.2 - 1e-5);
}

void TestOfficial::namesAreKnown() {
  QVERIFY(semanticsNamed("exact") == Semantics{});
  QVERIFY(!(semanticsNamed("official") == Semantics{}));
  QCOMPARE(semanticsNames(), (std::vector<std::string>{"exact", "official"}));
}

QTEST_APPLESS_MAIN(TestOfficial)
#include "tst_official.moc"
