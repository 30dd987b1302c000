#include "exploration/exploration_tracker.h"

#include "random/keyed_random.h"
#include "topology/select.h"

#include <rapidcheck.h>
#include <QtTest>

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
    for (const int64_t i : event.layers[0].grown)
      lives_[static_cast<size_t>(i)].push_back({event.update, event.step});
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
  double initialEdges() const {
    const auto n = std::count_if(lives_.begin(), lives_.end(), [&](const auto& position) {
      return !position.empty() && position.front().bornUpdate == 0 && position.back().endStep < 0;
    });
    return static_cast<double>(n) / static_cast<double>(lives_.size());
  }
  LifeSums lifeSums(int64_t k, int64_t now) const {
    LifeSums sums;
    for (const auto& position : lives_) {
      int64_t longest = 0, total = 0;
      for (const Life& life : position) {
        const int64_t length = (life.endStep < 0 ? now : life.endStep) - life.bornStep;
        longest = std::max(longest, length);
        total += length;
      }
      sums.longest += std::min(longest, k);
      sums.total += std::min(total, k);
    }
    return sums;
  }
  GrowthCounts growth() const {
    GrowthCounts counts;
    for (const auto& position : lives_)
      for (size_t i = 0; i < position.size(); ++i) {
        if (position[i].bornUpdate == 0) continue;
        ++counts.grown;
        counts.regrownAtOnce += i > 0 && position[i - 1].endUpdate == position[i].bornUpdate;
        counts.wasted += position[i].endUpdate == position[i].bornUpdate + 1;
      }
    return counts;
  }
  size_t lives(int64_t position) const { return lives_[static_cast<size_t>(position)].size(); }
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

/// Drops `k` keyed-random active positions and grows `grown` (by default as many) by `exploreFirst` or uniformly.
TopologyEvent randomUpdate(Mask& active, Mask& explored, int64_t update, int64_t step, int64_t k,
                           bool exploreFirst, uint64_t seed, int64_t grown = -1) {
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
  if (grown < 0) grown = k;
  change.grown = exploreFirst ? growExploreFirst(active, explored, nullptr, grown, key)
                              : growRandom(active, nullptr, grown, key);
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
  void goesOnFromItsState();
  void statesThatContradictThemselvesAreRefused();
  void aDenseStartIsPruned();
  void initialEdgesComeBack();
  void randomGrowthFollowsTheClosedForm();
  void exploreFirstFollowsTheClosedFormExactly();
  void staticStaysAtDensity();
  void denseIsFullyExplored();
  void kaplanMeierByHand();
  void regrownAtOnceEndsALife();
  void eventsOutOfOrderAreRefused();
};

void TestExploration::equalsCountingEveryLife() {
  QVERIFY(rc::check("every number against a record of all lives", [] {
    const auto size = *rc::gen::inRange<int64_t>(2, 60);
    const auto ones = *rc::gen::inRange<int64_t>(1, size + 1);
    const auto reliableSteps = *rc::gen::inRange<int64_t>(0, 40);
    const auto seed = *rc::gen::inRange<uint64_t>(0, 10000);
    Mask active = firstOnes(size, ones), explored = active;
    ExplorationTracker tracker({active}, reliableSteps);
    SlowTracker slow(active);
    int64_t step = 0;
    const auto updates = *rc::gen::inRange(0, 30);
    for (int update = 1; update <= updates; ++update) {
      step += *rc::gen::inRange(1, 12);
      // Methods that prune, or move density between layers, drop and grow different numbers.
      const auto dropped = *rc::gen::inRange<int64_t>(0, active.count() + 1);
      const auto grown = *rc::gen::oneOf(rc::gen::just(dropped), rc::gen::inRange<int64_t>(0, size + 1));
      const TopologyEvent event =
          randomUpdate(active, explored, update, step, dropped, update % 3 == 0, seed, grown);
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
    RC_ASSERT(layer.active == active.count());
    RC_ASSERT(static_cast<double>(layer.activeReliable) / all == slow.activeReliable(reliableSteps, step));
    RC_ASSERT(static_cast<double>(layer.initialSurvivors) / all == slow.initialSurvivors());
    RC_ASSERT(static_cast<double>(layer.initialEdges) / all == slow.initialEdges());
    RC_ASSERT(layer.countsAsDense == (slow.initialSurvivors() == 1));
    double before = 1;
    for (int64_t k = 0; k < 60; k += 3) {
      RC_ASSERT(tracker.reliable(k) == slow.reliable(k, step));
      RC_ASSERT(tracker.lifeSums(k) == slow.lifeSums(k, step));
    }
    RC_ASSERT(tracker.activeSteps() == slow.lifeSums(step, step).total);
    for (int64_t m = 1; m < 12; ++m) {
      RC_ASSERT(tracker.survived(m) == slow.survived(m));
      RC_ASSERT(tracker.survived(m) <= before);
      before = tracker.survived(m);
    }
    RC_ASSERT(tracker.growth() == slow.growth());
    for (int64_t i = 0; i < size; ++i) RC_ASSERT(tracker.lives(0, i) == slow.lives(i));
  }));
}

void TestExploration::goesOnFromItsState() {
  QVERIFY(rc::check("stopped and continued equals uninterrupted", [] {
    const auto sizes = *rc::gen::container<std::vector<int64_t>>(2, rc::gen::inRange<int64_t>(1, 60));
    const auto reliableSteps = *rc::gen::inRange<int64_t>(0, 40);
    std::vector<Mask> active;
    for (const int64_t size : sizes) active.push_back(firstOnes(size, *rc::gen::inRange<int64_t>(1, size + 1)));
    std::vector<Mask> explored = active;
    ExplorationTracker whole(active, reliableSteps), part(active, reliableSteps);
    int64_t step = 0;
    const auto updates = *rc::gen::inRange(1, 20);
    for (int update = 1; update <= updates; ++update) {
      step += *rc::gen::inRange(0, 12);
      TopologyEvent event{update, step, 0, {}};
      for (size_t l = 0; l < active.size(); ++l)
        event.layers.push_back(randomUpdate(active[l], explored[l], update, step,
                                            *rc::gen::inRange<int64_t>(0, active[l].count() + 1), update % 2 == 0,
                                            l, *rc::gen::inRange<int64_t>(0, sizes[l] + 1))
                                   .layers[0]);
      whole.apply(event);
      part.apply(event);
      step += *rc::gen::inRange(0, 12);
      whole.advanceTo(step);
      part.advanceTo(step);
      if (*rc::gen::arbitrary<bool>()) part = ExplorationTracker(part.state());
      RC_ASSERT(part.state() == whole.state());
      for (size_t l = 0; l < active.size(); ++l) {
        RC_ASSERT(part.layer(l) == whole.layer(l));
        RC_ASSERT(part.active(l) == active[l]);
      }
      RC_ASSERT(part.survived(1) == whole.survived(1));
      RC_ASSERT(part.rsExcludingDense() == whole.rsExcludingDense());
    }
  }));
}

void TestExploration::statesThatContradictThemselvesAreRefused() {
  ExplorationTracker tracker({firstOnes(10, 3)}, 5);
  tracker.apply({1, 10, 0, {{{0}, {7}}}});
  const auto refuses = [](const TrackerState& state) {
    try {
      ExplorationTracker{state};
    } catch (const std::invalid_argument&) {
      return true;
    }
    return false;
  };
  TrackerState state = tracker.state();
  QVERIFY(!refuses(state));
  state.layers[0].lives.pop_back();
  QVERIFY(refuses(state));
  state = tracker.state();
  state.layers[0].sinceUpdate[0] = 2;  // an update that was not
  QVERIFY(refuses(state));
  state = tracker.state();
  state.layers[0].active.set(9);  // never explored
  QVERIFY(refuses(state));
  state = tracker.state();
  state.step = 9;  // before its last update
  QVERIFY(refuses(state));
  state = tracker.state();
  state.endedGrownLives.resize(100);
  QVERIFY(refuses(state));
}

void TestExploration::aDenseStartIsPruned() {
  // As gradual pruning does: half of what is there, then half again, and nothing grows.
  ExplorationTracker tracker({firstOnes(8, 8), firstOnes(5, 2)}, 5);
  QCOMPARE(tracker.rsExcludingDense(), 0.4);
  tracker.apply({1, 10, 0, {{{0, 1, 2, 3}, {}}, {{}, {}}}});
  tracker.apply({2, 20, 0, {{{4, 5}, {}}, {{0}, {2, 3}}}});  // the other layer moves and grows
  const LayerExploration pruned = tracker.layer(0), moved = tracker.layer(1);
  QCOMPARE(pruned.active, 2);
  QCOMPARE(pruned.initialSurvivors, 2);
  QCOMPARE(pruned.initialEdgesKept(), 1.0);
  QCOMPARE(pruned.explored, 8);
  QVERIFY(!pruned.countsAsDense);
  QCOMPARE(moved.active, 3);
  QCOMPARE(moved.initialEdges, 1);
  QCOMPARE(moved.initialEdgesKept(), 1.0 / 3);
  QCOMPARE(tracker.total().initialEdgesKept(), 3.0 / 5);
  QCOMPARE(tracker.rsExcludingDense(), 12.0 / 13);
  QCOMPARE(tracker.activeSteps(), 100 + 60);
  tracker.advanceTo(25);
  QCOMPARE(tracker.activeSteps(), 100 + 60 + 5 * 5);
}

void TestExploration::initialEdgesComeBack() {
  ExplorationTracker tracker({firstOnes(6, 2)}, 5);
  tracker.apply({1, 10, 0, {{{0, 1}, {3, 4}}}});
  QCOMPARE(tracker.layer(0).initialEdgesKept(), 0.0);
  tracker.apply({2, 20, 0, {{{3}, {1}}}});
  QCOMPARE(tracker.layer(0).initialEdgesKept(), 0.5);
  QCOMPARE(tracker.layer(0).initialSurvivors, 0);
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
