#include "exploration/exploration_tracker.h"

#include "random/keyed_random.h"
#include "topology/select.h"

#include <QtTest>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

using namespace lab;

namespace {

/// A life of one position, kept in full: what the tracker must agree with.
struct Life {
  int64_t bornUpdate, bornStep;
  int64_t endUpdate = -1, endStep = -1;  // -1: ongoing
};

/// Remembers every life of every position and counts from scratch.
class SlowTracker {
 public:
  explicit SlowTracker(const Mask& initial) : lives_(static_cast<size_t>(initial.size())) {
    forEachOne(initial, [&](int64_t i) { lives_[static_cast<size_t>(i)].push_back({0, 0}); });
  }
  void apply(const TopologyEvent& event) {
    for (const int64_t i : event.layers[0].dropped) {
      Life& life = lives_[static_cast<size_t>(i)].back();
      life.endUpdate = event.update;
      life.endStep = event.step;
    }
    for (const int64_t i : event.layers[0].grown) lives_[static_cast<size_t>(i)].push_back({event.update, event.step});
    update_ = event.update;
  }
  double share(const std::function<bool(const Life&)>& counts) const {
    const auto n = std::count_if(lives_.begin(), lives_.end(), [&](const auto& position) {
      return std::any_of(position.begin(), position.end(), counts);
    });
    return static_cast<double>(n) / static_cast<double>(lives_.size());
  }
  double reliable(int64_t k, int64_t now) const {
    return share([&](const Life& life) { return (life.endStep < 0 ? now : life.endStep) - life.bornStep >= k; });
  }
  double survived(int64_t m) const {
    return share([&](const Life& life) {
      const int64_t tests = life.endUpdate < 0 ? update_ - life.bornUpdate : life.endUpdate - life.bornUpdate - 1;
      return life.bornUpdate > 0 && tests >= m;
    });
  }
  double activeReliable(int64_t k, int64_t now) const {
    return share([&](const Life& life) { return life.endStep < 0 && now - life.bornStep >= k; });
  }
  double initialSurvivors() const {
    return share([](const Life& life) { return life.endStep < 0 && life.bornUpdate == 0; });
  }
  double rs() const {
    return share([](const Life&) { return true; });
  }

 private:
  std::vector<std::vector<Life>> lives_;
  int64_t update_ = 0;
};

Mask firstOnes(int64_t size, int64_t ones) {
  Mask mask(size);
  for (int64_t i = 0; i < ones; ++i) mask.set(i);
  return mask;
}

/// Drops `k` keyed-random active positions and grows as many by `exploreFirst` or uniformly.
TopologyEvent randomUpdate(Mask& active, Mask& explored, int64_t update, int64_t step, int64_t k, bool exploreFirst,
                           uint64_t seed) {
  const auto ones = active.positions();
  std::vector<float> scores;
  for (const int64_t i : ones)
    scores.push_back(static_cast<float>(
        uniformAt({seed, Purpose::SyntheticData, 0, static_cast<uint32_t>(update)}, static_cast<uint64_t>(i))));
  LayerChange change;
  for (const int64_t place : smallestMagnitude(scores, k)) {
    change.dropped.push_back(ones[static_cast<size_t>(place)]);
    active.clear(change.dropped.back());
  }
  const RandomKey key{seed, Purpose::Grow, 0, static_cast<uint32_t>(update)};
  change.grown = exploreFirst ? growExploreFirst(active, explored, nullptr, k, key) : growRandom(active, nullptr, k, key);
  for (const int64_t i : change.grown) {
    active.set(i);
    explored.set(i);
  }
  return {update, step, 0, {change}};
}

}  // namespace

class TestExploration : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void equalsCountingEveryLife();
  void randomGrowthFollowsTheClosedForm();
  void exploreFirstFollowsTheClosedFormExactly();
  void staticStaysAtDensity();
  void denseIsFullyExplored();
  void kaplanMeierByHand();
  void regrownAtOnceEndsALife();
  void eventsOutOfOrderAreRefused();
};

void TestExploration::equalsCountingEveryLife() {
  QVERIFY(rc::check("R_s, R_rel(k), R_surv(m), survivors against a record of all lives", [] {
    const auto size = *rc::gen::inRange<int64_t>(2, 60);
    const auto ones = *rc::gen::inRange<int64_t>(1, size);
    const auto reliableSteps = *rc::gen::inRange<int64_t>(0, 40);
    const auto seed = *rc::gen::inRange<uint64_t>(0, 10000);
    Mask active = firstOnes(size, ones), explored = active;
    ExplorationTracker tracker({active}, reliableSteps);
    SlowTracker slow(active);
    int64_t step = 0;
    const auto updates = *rc::gen::inRange(0, 30);
    for (int update = 1; update <= updates; ++update) {
      step += *rc::gen::inRange(1, 12);
      const auto k = *rc::gen::inRange<int64_t>(0, ones + 1);
      const TopologyEvent event = randomUpdate(active, explored, update, step, k, update % 3 == 0, seed);
      tracker.apply(event);
      slow.apply(event);
    }
    step += *rc::gen::inRange(0, 12);
    tracker.advanceTo(step);
    RC_ASSERT(tracker.rs() == slow.rs());
    RC_ASSERT(tracker.reliable(0) == tracker.rs());
    RC_ASSERT(tracker.reliable() == slow.reliable(reliableSteps, step));
    const LayerExploration layer = tracker.layer(0);
    const auto all = static_cast<double>(size);
    RC_ASSERT(layer.active == ones);
    RC_ASSERT(static_cast<double>(layer.activeReliable) / all == slow.activeReliable(reliableSteps, step));
    RC_ASSERT(static_cast<double>(layer.initialSurvivors) / all == slow.initialSurvivors());
    double before = 1;
    for (int64_t k = 0; k < 60; k += 3) RC_ASSERT(tracker.reliable(k) == slow.reliable(k, step));
    for (int64_t m = 1; m < 12; ++m) {
      RC_ASSERT(tracker.survived(m) == slow.survived(m));
      RC_ASSERT(tracker.survived(m) <= before);
      before = tracker.survived(m);
    }
  }));
}

void TestExploration::randomGrowthFollowsTheClosedForm() {
  // E[R_s] = 1 - (1 - n/N) Π (1 - k/(N - n + k)); 20 seeds of N = 20,000 leave a standard error far below .002.
  const int64_t size = 20000, ones = 1000, k = 300;
  double mean = 0;
  const int seeds = 20, updates = 40;
  for (int seed = 0; seed < seeds; ++seed) {
    Mask active = firstOnes(size, ones), explored = active;
    ExplorationTracker tracker({active}, 10);
    for (int update = 1; update <= updates; ++update)
      tracker.apply(randomUpdate(active, explored, update, update * 10, k, false, static_cast<uint64_t>(seed)));
    mean += tracker.rs() / seeds;
  }
  const double stay = 1 - static_cast<double>(k) / static_cast<double>(size - ones + k);
  const double expected = 1 - (1 - static_cast<double>(ones) / size) * std::pow(stay, updates);
  QVERIFY2(std::abs(mean - expected) < 0.002, qPrintable(QString("%1 against %2").arg(mean).arg(expected)));
}

void TestExploration::exploreFirstFollowsTheClosedFormExactly() {
  const int64_t size = 5000, ones = 400, k = 170;
  Mask active = firstOnes(size, ones), explored = active;
  ExplorationTracker tracker({active}, 10);
  for (int update = 1; update <= 40; ++update) {
    tracker.apply(randomUpdate(active, explored, update, update, k, true, 3));
    QCOMPARE(tracker.layer(0).explored, std::min(size, ones + update * k));
    QCOMPARE(tracker.layer(0).active, ones);
  }
  QCOMPARE(tracker.rs(), 1.0);
}

void TestExploration::staticStaysAtDensity() {
  ExplorationTracker tracker({firstOnes(100, 7), firstOnes(50, 50)}, 10);
  tracker.advanceTo(1000);
  QCOMPARE(tracker.rs(), 57.0 / 150);
  QCOMPARE(tracker.rsExcludingDense(), 0.07);
  QCOMPARE(tracker.reliable(1000), 57.0 / 150);
  QCOMPARE(tracker.survived(1), 0.0);  // initial weights are counted apart
}

void TestExploration::denseIsFullyExplored() {
  ExplorationTracker tracker({firstOnes(64, 64)}, 10);
  QCOMPARE(tracker.rs(), 1.0);
  QVERIFY(tracker.layer(0).countsAsDense);
}

void TestExploration::kaplanMeierByHand() {
  // Three lives grown at step 10. One ends at age 10, one at age 20, one is ongoing at age 25.
  ExplorationTracker tracker({firstOnes(10, 3)}, 5);
  tracker.apply({1, 10, 0, {{{0, 1, 2}, {3, 4, 5}}}});
  tracker.apply({2, 20, 0, {{{3}, {6}}}});
  tracker.apply({3, 30, 0, {{{4}, {7}}}});
  tracker.advanceTo(35);
  // Grown lives: ended at 10 and 20; censored at 25 (position 5), 15 (position 6), 5 (position 7).
  const auto curve = tracker.survival();
  QCOMPARE(curve.size(), size_t{3});
  QCOMPARE(curve[0].atRisk, 5);
  QCOMPARE(curve[1].age, 10);
  QCOMPARE(curve[1].atRisk, 4);
  QCOMPARE(curve[1].survival, 3.0 / 4);
  QCOMPARE(curve[2].age, 20);
  QCOMPARE(curve[2].atRisk, 2);
  QCOMPARE(curve[2].survival, 3.0 / 8);
  QCOMPARE(tracker.growth().wasted, 1);  // position 3 failed the very next test
  QCOMPARE(tracker.growth().grown, 5);
}

void TestExploration::regrownAtOnceEndsALife() {
  ExplorationTracker tracker({firstOnes(4, 2)}, 5);
  tracker.apply({1, 10, 0, {{{0, 1}, {1, 2}}}});
  QCOMPARE(tracker.growth().regrownAtOnce, 1);
  QCOMPARE(tracker.lives(0, 1), 2);
  QCOMPARE(tracker.aliveSince(0, 1), 10);
  tracker.advanceTo(12);
  QCOMPARE(tracker.reliable(10), 0.5);  // 0 and 1 lived ten steps before
  QCOMPARE(tracker.reliable(11), 0.0);
  QCOMPARE(tracker.layer(0).initialSurvivors, 0);
}

void TestExploration::eventsOutOfOrderAreRefused() {
  ExplorationTracker tracker({firstOnes(4, 2)}, 5);
  QVERIFY_EXCEPTION_THROWN(tracker.apply({2, 10, 0, {{{0}, {2}}}}), std::logic_error);
  QVERIFY_EXCEPTION_THROWN(tracker.apply({1, 10, 0, {}}), std::logic_error);
}

QTEST_APPLESS_MAIN(TestExploration)
#include "tst_exploration.moc"
