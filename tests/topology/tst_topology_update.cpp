// The update of all methods: exact counts, whatever the rules; each rule against its definition.
#include "topology/apportion.h"
#include "topology/drop_rules.h"
#include "topology/select.h"
#include "topology_layers.h"

#include <rapidcheck.h>
#include <QtTest>

#include <algorithm>
#include <numeric>
#include <set>

using namespace lab;
using namespace lab::test;

namespace {

const std::vector<std::pair<int64_t, int64_t>> kShapes{{12, 20}, {8, 12}, {5, 8}};

std::set<int64_t> setOf(const std::vector<int64_t>& values) { return {values.begin(), values.end()}; }

/// The weight of a position before an update.
float weightAt(const LayerState& state, int64_t position) {
  const auto positions = state.active.positions();
  return state.weights[static_cast<size_t>(std::lower_bound(positions.begin(), positions.end(), position) -
                                           positions.begin())];
}

/// Every dropped weight scores at most as much as every kept one.
template <class Score>
void verifyLeast(const LayerState& before, const std::vector<int64_t>& dropped, const Score& score) {
  const auto gone = setOf(dropped);
  double largestDropped = -INFINITY, smallestKept = INFINITY;
  forEachOne(before.active, [&](int64_t i) {
    if (gone.count(i) != 0)
      largestDropped = std::max(largestDropped, score(i));
    else
      smallestKept = std::min(smallestKept, score(i));
  });
  QVERIFY(largestDropped <= smallestKept);
}

}  // namespace

class TestTopologyUpdate : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyDropWithEveryGrowIsExact();
  void unknownPlacesNeverHappen();
  void zeroRateLeavesTheMask();
  void taylorDropsWhatTheLossMissesLeast();
  void signDropsOfBothSigns();
  void softAtZeroTemperatureIsMagnitude();
  void softDropsTheSmallMoreOften();
  void globalComparesLayers();
  void thresholdDropsWhatLiesBelow();
  void adaptiveThresholdFollowsTheCount();
  void momentumGrowsTheLargest();
  void redistributionByMomentum();
  void redistributionBySurvivors();
  void pruningKeepsExactlyWhatIsAsked();
  void pruningWithGrowthExchangesBesides();
  void regrownMayKeepItsState();
  void apportionIsExact();
};

void TestTopologyUpdate::everyDropWithEveryGrowIsExact() {
  const std::vector<DropRule> drops{DropRule::Magnitude, DropRule::Sign, DropRule::Taylor, DropRule::Soft};
  const std::vector<GrowRule> grows{GrowRule::Random, GrowRule::ExploreFirst, GrowRule::Gradient, GrowRule::Momentum};
  QVERIFY(rc::check("counts of every combination", [&] {
    SomeLayers layers(kShapes, *rc::gen::element(0.1, 0.4, 0.9), *rc::gen::inRange<uint64_t>(0, 1000),
                      *rc::gen::arbitrary<bool>());
    TopologyPlan plan = planOf(*rc::gen::elementOf(drops), *rc::gen::elementOf(grows),
                               *rc::gen::element(0.0, 0.01, 0.3, 0.5, 1.0));
    plan.rules.rounding = *rc::gen::element(Rounding::Up, Rounding::Down);
    plan.regrowDropped = *rc::gen::arbitrary<bool>();
    plan.keepRegrown = *rc::gen::arbitrary<bool>();
    plan.rules.redistribution =
        *rc::gen::element(Redistribution::None, Redistribution::Momentum, Redistribution::Survivors);
    const bool global = plan.rules.drop != DropRule::Sign && *rc::gen::arbitrary<bool>();
    plan.rules.scope = global ? Scope::Global : Scope::Layer;
    const SomeLayers before = layers;
    for (plan.update = 1; plan.update <= 3; ++plan.update) {
      const std::vector<LayerState> old = layers.states;
      const TopologyEvent event = layers.update(plan);
      int64_t dropped = 0, grown = 0;
      for (size_t l = 0; l < old.size(); ++l) {
        const LayerChange& change = event.layers[l];
        dropped += static_cast<int64_t>(change.dropped.size());
        grown += static_cast<int64_t>(change.grown.size());
        RC_ASSERT(std::is_sorted(change.dropped.begin(), change.dropped.end()));
        RC_ASSERT(std::is_sorted(change.grown.begin(), change.grown.end()));
        Mask mask = old[l].active;
        for (const int64_t i : change.dropped) {
          RC_ASSERT(mask.test(i));
          mask.clear(i);
        }
        for (const int64_t i : change.grown) {
          RC_ASSERT(!mask.test(i));
          mask.set(i);
          if (!plan.regrowDropped) RC_ASSERT(!old[l].active.test(i));
        }
        RC_ASSERT(mask == layers.states[l].active);
        RC_ASSERT(mask.count() >= 1);
        if (plan.rules.redistribution == Redistribution::None && (!global || plan.regrowDropped))
          RC_ASSERT(mask.count() == before.states[l].active.count());
      }
      if (plan.regrowDropped) RC_ASSERT(grown == dropped);
      RC_ASSERT(grown <= dropped);
    }
    if (plan.regrowDropped) RC_ASSERT(layers.active() == before.active());
  }));
}

/// StateLayer throws when places and positions differ or an active position is grown.
void TestTopologyUpdate::unknownPlacesNeverHappen() {
  SomeLayers layers(kShapes, 0.5, 1);
  for (TopologyPlan plan = planOf(DropRule::Magnitude, GrowRule::Random, 0.4); plan.update < 30; ++plan.update)
    layers.update(plan);
  QCOMPARE(layers.states[0].explored.count(), 240);
}

void TestTopologyUpdate::zeroRateLeavesTheMask() {
  for (const DropRule drop : {DropRule::Magnitude, DropRule::Sign, DropRule::Taylor, DropRule::Soft}) {
    SomeLayers layers(kShapes, 0.5, 1);
    for (LayerState& state : layers.states) std::fill(state.weights.begin(), state.weights.end(), 0.0f);
    const auto before = layers.states;
    layers.update(planOf(drop, GrowRule::Random, 0));
    QVERIFY(layers.states == before);
  }
}

void TestTopologyUpdate::taylorDropsWhatTheLossMissesLeast() {
  SomeLayers layers(kShapes, 0.5, 2);
  const auto before = layers.states;
  const TopologyEvent event = layers.update(planOf(DropRule::Taylor, GrowRule::Random, 0.3));
  for (size_t l = 0; l < before.size(); ++l)
    verifyLeast(before[l], event.layers[l].dropped, [&](int64_t i) {
      const double change = static_cast<double>(weightAt(before[l], i)) *
                            static_cast<double>(layers.gradients[l][static_cast<size_t>(i)]);
      return change * change;
    });
}

void TestTopologyUpdate::signDropsOfBothSigns() {
  const std::vector<float> weights{3, -1, 2, -5, 1, -4, 0, -2};  // three positive, a zero, four negative
  QCOMPARE(smallestBySign(weights, 0).size(), size_t(0));
  QCOMPARE(smallestBySign(weights, 4), (std::vector<int64_t>{1, 4, 6, 7}));  // 0 and 1, -1 and -2
  QCOMPARE(smallestBySign(weights, 8).size(), size_t(8));
  SomeLayers layers(kShapes, 0.9, 4);
  const auto before = layers.states;
  const TopologyEvent event = layers.update(planOf(DropRule::Sign, GrowRule::Random, 0.1));
  for (size_t l = 0; l < before.size(); ++l) {
    const auto& dropped = event.layers[l].dropped;
    QCOMPARE(static_cast<int64_t>(dropped.size()), dropCount(Rounding::Up, 0.1, before[l].active.count()));
    const auto negative = std::count_if(dropped.begin(), dropped.end(), [&](int64_t i) { return weightAt(before[l], i) < 0; });
    const auto negatives = std::count_if(before[l].weights.begin(), before[l].weights.end(), [](float w) { return w < 0; });
    const double share = static_cast<double>(negatives) / static_cast<double>(before[l].weights.size());
    QVERIFY(std::abs(static_cast<double>(negative) - share * static_cast<double>(dropped.size())) <= 0.5 + 1e-9);
  }
}

void TestTopologyUpdate::softAtZeroTemperatureIsMagnitude() {
  SomeLayers soft(kShapes, 0.5, 5), exact = soft;
  TopologyPlan plan = planOf(DropRule::Soft, GrowRule::Random, 0.3);
  plan.temperature = 0;
  const auto a = soft.update(plan);
  plan.rules.drop = DropRule::Magnitude;
  const auto b = exact.update(plan);
  for (size_t l = 0; l < kShapes.size(); ++l) QCOMPARE(a.layers[l].dropped, b.layers[l].dropped);
}

/// Two weights, one drop: P(drop i) ∝ |w_i|^(-1/T), the Gumbel-max identity.
void TestTopologyUpdate::softDropsTheSmallMoreOften() {
  const std::vector<float> weights{1.0f, 2.0f};
  int first = 0;
  constexpr int kDraws = 4000;
  for (uint32_t draw = 0; draw < kDraws; ++draw) {
    const auto keys = softKeys(weights, 0.5, {7, Purpose::Drop, 0, draw});
    first += keys[0] < keys[1];
  }
  const double expected = 4.0 / 5.0;  // 1^-2 : 2^-2
  const double deviation = std::sqrt(expected * (1 - expected) / kDraws);
  QVERIFY(std::abs(first / static_cast<double>(kDraws) - expected) < 4 * deviation);
}

void TestTopologyUpdate::globalComparesLayers() {
  SomeLayers layers(kShapes, 0.5, 6);
  for (float& w : layers.states[1].weights) w *= 0.01f;  // this layer is worth least
  const auto before = layers.states;
  TopologyPlan plan = planOf(DropRule::Magnitude, GrowRule::Random, 0.2);
  plan.rules.scope = Scope::Global;
  const TopologyEvent event = layers.update(plan);
  size_t dropped = 0;
  for (const LayerChange& change : event.layers) dropped += change.dropped.size();
  const int64_t wanted = dropCount(Rounding::Up, 0.2, layers.active());
  const auto small = static_cast<int64_t>(before[1].weights.size());
  if (wanted >= small - 1) QCOMPARE(static_cast<int64_t>(event.layers[1].dropped.size()), small - 1);  // never the last
  QVERIFY(event.layers[1].dropped.size() > event.layers[0].dropped.size());
  QCOMPARE(static_cast<int64_t>(dropped), wanted);
}

void TestTopologyUpdate::thresholdDropsWhatLiesBelow() {
  SomeLayers layers(kShapes, 0.5, 7);
  const auto before = layers.states;
  const TopologyEvent event = layers.update(planOf(DropRule::Threshold, GrowRule::Random, 0));
  for (size_t l = 0; l < before.size(); ++l) {
    const auto below = std::count_if(before[l].weights.begin(), before[l].weights.end(),
                                     [](float w) { return std::abs(w) < 0.5f; });
    QVERIFY(below > 0);
    QCOMPARE(static_cast<int64_t>(event.layers[l].dropped.size()), below);
    QCOMPARE(layers.states[l].active.count(), before[l].active.count());
  }
  TopologyPlan everything = planOf(DropRule::Threshold, GrowRule::Random, 0);
  everything.dropThreshold = 100;
  QCOMPARE(layers.update(everything).layers[0].dropped.size(), before[0].weights.size() - 1);
}

void TestTopologyUpdate::adaptiveThresholdFollowsTheCount() {
  SomeLayers layers(kShapes, 0.5, 8);
  TopologyPlan plan = planOf(DropRule::AdaptiveThreshold, GrowRule::Random, 0.3);
  plan.dropThreshold = 1e-6;
  layers.update(plan);
  QCOMPARE(layers.threshold, 2e-6);  // dropped too few
  layers.threshold = 1000;
  layers.update(plan);
  QCOMPARE(layers.threshold, 500.0);  // too many
  SomeLayers exact(kShapes, 1.0, 9);
  for (LayerState& state : exact.states)
    for (size_t i = 0; i < state.weights.size(); ++i) state.weights[i] = i % 10 < 3 ? 0.1f : 1.0f;
  exact.threshold = 0.5;
  exact.update(plan);
  QCOMPARE(exact.threshold, 0.5);  // just right
}

void TestTopologyUpdate::momentumGrowsTheLargest() {
  SomeLayers layers(kShapes, 0.4, 10);
  const auto before = layers.states;
  TopologyPlan plan = planOf(DropRule::Magnitude, GrowRule::Momentum, 0.3);
  plan.regrowDropped = false;
  const TopologyEvent event = layers.update(plan);
  for (size_t l = 0; l < before.size(); ++l) {
    const auto grown = setOf(event.layers[l].grown);
    QVERIFY(!grown.empty());
    double least = INFINITY, most = 0;
    for (int64_t i = 0; i < before[l].active.size(); ++i) {
      if (before[l].active.test(i)) continue;
      const double m = std::abs(static_cast<double>(layers.momenta[l][static_cast<size_t>(i)]));
      if (grown.count(i) != 0)
        least = std::min(least, m);
      else
        most = std::max(most, m);
    }
    QVERIFY(least >= most);
  }
}

void TestTopologyUpdate::redistributionByMomentum() {
  SomeLayers layers({{20, 20}, {20, 20}}, 0.3, 11);
  for (float& m : layers.momenta[0]) m = m < 0 ? -3.0f : 3.0f;
  for (float& m : layers.momenta[1]) m = m < 0 ? -1.0f : 1.0f;
  TopologyPlan plan = planOf(DropRule::Magnitude, GrowRule::Random, 0.4);
  plan.rules.redistribution = Redistribution::Momentum;
  const TopologyEvent event = layers.update(plan);
  const auto first = static_cast<double>(event.layers[0].grown.size());
  const auto second = static_cast<double>(event.layers[1].grown.size());
  const auto total = static_cast<double>(event.layers[0].dropped.size() + event.layers[1].dropped.size());
  QCOMPARE(first + second, total);
  QVERIFY(std::abs(first - 0.75 * total) <= 1);
}

void TestTopologyUpdate::redistributionBySurvivors() {
  SomeLayers layers({{20, 20}, {20, 20}}, 0.3, 12);
  for (float& w : layers.states[0].weights) w = 0.9f;  // none lies below
  TopologyPlan plan = planOf(DropRule::Threshold, GrowRule::Random, 0);
  plan.rules.redistribution = Redistribution::Survivors;
  const auto before = layers.states;
  const TopologyEvent event = layers.update(plan);
  QCOMPARE(event.layers[0].dropped.size(), size_t(0));
  const auto left = static_cast<double>(before[1].active.count()) - static_cast<double>(event.layers[1].dropped.size());
  const auto kept = static_cast<double>(before[0].active.count());
  const auto total = static_cast<double>(event.layers[1].dropped.size());
  QVERIFY(std::abs(static_cast<double>(event.layers[0].grown.size()) - total * kept / (kept + left)) <= 1);
}

void TestTopologyUpdate::pruningKeepsExactlyWhatIsAsked() {
  for (const Scope scope : {Scope::Layer, Scope::Global}) {
    SomeLayers layers(kShapes, 1.0, 13);
    TopologyPlan plan = planOf(DropRule::Magnitude, GrowRule::None, 0);
    plan.rules.scope = scope;
    plan.keep = {100, 50, 20};
    const TopologyEvent event = layers.update(plan);
    QCOMPARE(layers.active(), 170);
    if (scope == Scope::Layer) QCOMPARE(layers.states[2].active.count(), 20);
    for (const LayerChange& change : event.layers) QVERIFY(change.grown.empty());
    layers.update(plan);  // nothing is left to prune
    QCOMPARE(layers.active(), 170);
  }
}

void TestTopologyUpdate::pruningWithGrowthExchangesBesides() {
  SomeLayers layers(kShapes, 1.0, 14);
  TopologyPlan plan = planOf(DropRule::Magnitude, GrowRule::Gradient, 0.5);
  plan.keep = {100, 50, 20};
  const TopologyEvent event = layers.update(plan);
  QCOMPARE(event.layers[0].dropped.size(), size_t(140 + 50));
  QCOMPARE(event.layers[0].grown.size(), size_t(50));
  QCOMPARE(layers.active(), 170);
}

void TestTopologyUpdate::regrownMayKeepItsState() {
  SomeLayers layers({{10, 10}}, 0.95, 15);  // little room: most dropped positions are grown again
  const LayerState before = layers.states[0];
  TopologyPlan plan = planOf(DropRule::Magnitude, GrowRule::Random, 0.5);
  plan.keepRegrown = true;
  SomeLayers fresh = layers;
  const TopologyEvent event = layers.update(plan);
  plan.keepRegrown = false;
  const TopologyEvent reset = fresh.update(plan);
  QVERIFY(layers.states[0].active == fresh.states[0].active);
  QVERIFY(event.layers[0].dropped.size() < reset.layers[0].dropped.size());
  const auto gone = setOf(reset.layers[0].dropped);
  forEachOne(layers.states[0].active, [&](int64_t i) {
    if (!before.active.test(i)) return;
    QCOMPARE(weightAt(layers.states[0], i), weightAt(before, i));
    if (gone.count(i) != 0) QCOMPARE(weightAt(fresh.states[0], i), 0.0f);
  });
}

void TestTopologyUpdate::apportionIsExact() {
  QCOMPARE(apportion(10, std::vector<double>{1, 1, 2}, std::vector<int64_t>{99, 99, 99}), (std::vector<int64_t>{3, 2, 5}));
  QCOMPARE(apportion(10, std::vector<double>{1, 1, 8}, std::vector<int64_t>{99, 99, 4}), (std::vector<int64_t>{3, 3, 4}));
  QCOMPARE(apportion(10, std::vector<double>{0, 0}, std::vector<int64_t>{3, 99}), (std::vector<int64_t>{3, 7}));
  QCOMPARE(apportion(10, std::vector<double>{1, 1}, std::vector<int64_t>{2, 3}), (std::vector<int64_t>{2, 3}));
  QVERIFY(rc::check("sum and caps", [] {
    const auto shares = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 50)));
    std::vector<double> wanted(shares.begin(), shares.end());
    std::vector<int64_t> caps;
    for (size_t i = 0; i < shares.size(); ++i) caps.push_back(*rc::gen::inRange(0, 40));
    const int64_t total = *rc::gen::inRange(0, 500);
    const auto parts = apportion(total, wanted, caps);
    for (size_t i = 0; i < parts.size(); ++i) RC_ASSERT(parts[i] >= 0 && parts[i] <= caps[i]);
    RC_ASSERT(std::accumulate(parts.begin(), parts.end(), int64_t{0}) ==
              std::min(total, std::accumulate(caps.begin(), caps.end(), int64_t{0})));
  }));
}

QTEST_APPLESS_MAIN(TestTopologyUpdate)
#include "tst_topology_update.moc"
