#include "random/keyed_permutation.h"
#include "topology/methods.h"
#include "topology/select.h"

#include <QtTest>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

using namespace lab;

namespace {

/// The k first of a full stable sort: what selection must equal.
std::vector<int64_t> sortedSelection(const std::vector<float>& values, int64_t k, bool largest) {
  std::vector<int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    const float x = std::abs(values[static_cast<size_t>(a)]), y = std::abs(values[static_cast<size_t>(b)]);
    return largest ? x > y : x < y;
  });
  order.resize(static_cast<size_t>(k));
  std::sort(order.begin(), order.end());
  return order;
}

/// Few distinct values, so that ties are common.
rc::Gen<std::vector<float>> tiedValues() {
  return rc::gen::container<std::vector<float>>(rc::gen::map(rc::gen::inRange(-8, 9), [](int i) {
    return static_cast<float>(i) * 0.25f * (i % 3 == 0 ? 1e-30f : 1.0f);
  }));
}

Mask randomMask(int64_t size, double density, uint64_t seed) {
  Mask mask(size);
  for (int64_t i = 0; i < size; ++i)
    if (uniformAt({seed, Purpose::InitialMask, 9, 9}, static_cast<uint64_t>(i)) < density) mask.set(i);
  return mask;
}

/// Growth by ranking every candidate: what both ways of growing must equal.
std::vector<int64_t> rankedGrowth(const Mask& active, const Mask* explored, const Mask* barred, int64_t k,
                                  const RandomKey& key) {
  const KeyedPermutation order(key, static_cast<uint64_t>(active.size()));
  std::vector<std::pair<bool, uint64_t>> ranked;
  for (int64_t i = 0; i < active.size(); ++i)
    if (!active.test(i) && (barred == nullptr || !barred->test(i)))
      ranked.emplace_back(explored != nullptr && explored->test(i), order.placeOf(static_cast<uint64_t>(i)));
  std::sort(ranked.begin(), ranked.end());
  ranked.resize(std::min(ranked.size(), static_cast<size_t>(k)));
  std::vector<int64_t> grown;
  for (const auto& [old, place] : ranked) grown.push_back(static_cast<int64_t>(order.at(place)));
  std::sort(grown.begin(), grown.end());
  return grown;
}

}  // namespace

class TestSelect : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void equalsAStableSort();
  void takesExactlyKOfConstants();
  void ordersNanLast();
  void refusesImpossibleCounts();
  void growthEqualsRankingAllCandidates();
  void exploreFirstEqualsRankingAllCandidates();
  void randomGrowthIsUniform();
  void dropCountsAreExact();
  void unknownRulesAreErrors();
};

void TestSelect::equalsAStableSort() {
  QVERIFY(rc::check("ties by index, k exact", [] {
    const auto values = *tiedValues();
    const auto k = *rc::gen::inRange<int64_t>(0, static_cast<int64_t>(values.size()) + 1);
    RC_ASSERT(smallestMagnitude(values, k) == sortedSelection(values, k, false));
    RC_ASSERT(largestMagnitude(values, k) == sortedSelection(values, k, true));
  }));
}

void TestSelect::takesExactlyKOfConstants() {
  // A threshold test "drop all |w| <= t" would take all of them.
  for (const float constant : {0.0f, -0.0f, 0.5f}) {
    const std::vector<float> values(1000, constant);
    std::vector<int64_t> first(300);
    std::iota(first.begin(), first.end(), 0);
    QCOMPARE(smallestMagnitude(values, 300), first);
    QCOMPARE(largestMagnitude(values, 300), first);
  }
}

void TestSelect::ordersNanLast() {
  const std::vector<float> values{NAN, 3, -INFINITY, 1};
  QCOMPARE(smallestMagnitude(values, 3), (std::vector<int64_t>{1, 2, 3}));
}

void TestSelect::refusesImpossibleCounts() {
  const std::vector<float> values{1, 2};
  QVERIFY_EXCEPTION_THROWN(smallestMagnitude(values, 3), std::invalid_argument);
  QVERIFY_EXCEPTION_THROWN(smallestMagnitude(values, -1), std::invalid_argument);
}

void TestSelect::growthEqualsRankingAllCandidates() {
  QVERIFY(rc::check("walking and ranking give the same set", [] {
    const auto size = *rc::gen::inRange<int64_t>(1, 2000);
    const auto seed = *rc::gen::inRange<uint64_t>(0, 1000);
    const double density = *rc::gen::elementOf(std::vector<double>{0, 0.01, 0.5, 0.95, 1});
    const Mask active = randomMask(size, density, seed);
    Mask barred = randomMask(size, 0.1, seed + 1);
    for (int64_t i = 0; i < size; ++i)
      if (active.test(i)) barred.clear(i);
    const auto k = *rc::gen::inRange<int64_t>(0, size + 1);
    const RandomKey key{seed, Purpose::Grow, 2, 3};
    RC_ASSERT(growRandom(active, nullptr, k, key) == rankedGrowth(active, nullptr, nullptr, k, key));
    RC_ASSERT(growRandom(active, &barred, k, key) == rankedGrowth(active, nullptr, &barred, k, key));
  }));
}

void TestSelect::exploreFirstEqualsRankingAllCandidates() {
  QVERIFY(rc::check("never-active positions first, the surplus among the others", [] {
    const auto size = *rc::gen::inRange<int64_t>(1, 2000);
    const auto seed = *rc::gen::inRange<uint64_t>(0, 1000);
    const double density = *rc::gen::elementOf(std::vector<double>{0.01, 0.5, 0.95});
    const double exploredShare = *rc::gen::elementOf(std::vector<double>{0, 0.5, 0.99, 1});
    const Mask active = randomMask(size, density, seed);
    Mask barred = randomMask(size, 0.1, seed + 1), explored = randomMask(size, exploredShare, seed + 2);
    for (int64_t i = 0; i < size; ++i)
      if (active.test(i)) barred.clear(i);
    explored |= active;
    explored |= barred;
    const auto k = *rc::gen::inRange<int64_t>(0, size + 1);
    const RandomKey key{seed, Purpose::Grow, 2, 3};
    RC_ASSERT(growExploreFirst(active, explored, nullptr, k, key) == rankedGrowth(active, &explored, nullptr, k, key));
    RC_ASSERT(growExploreFirst(active, explored, &barred, k, key) == rankedGrowth(active, &explored, &barred, k, key));
  }));
}

void TestSelect::randomGrowthIsUniform() {
  const int64_t size = 40, k = 5;
  const Mask active = randomMask(size, 0.3, 1);
  const int64_t candidates = size - active.count();
  std::vector<int> hits(size, 0);
  const int draws = 20000;
  for (int t = 0; t < draws; ++t) {
    const auto grown = growRandom(active, nullptr, k, {5, Purpose::Grow, 0, static_cast<uint32_t>(t)});
    QCOMPARE(static_cast<int64_t>(grown.size()), k);
    for (const int64_t i : grown) ++hits[static_cast<size_t>(i)];
  }
  const double expected = static_cast<double>(draws * k) / static_cast<double>(candidates);
  double chiSquare = 0;
  for (int64_t i = 0; i < size; ++i) {
    const int count = hits[static_cast<size_t>(i)];
    if (active.test(i)) {
      QCOMPARE(count, 0);
    } else {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
  }
  QVERIFY(chiSquare < static_cast<double>(candidates) + 5 * std::sqrt(2.0 * static_cast<double>(candidates)));
}

void TestSelect::dropCountsAreExact() {
  QCOMPARE(dropCount(Rounding::Up, 0.5, 7), 4);
  QCOMPARE(dropCount(Rounding::Down, 0.5, 7), 3);
  QCOMPARE(dropCount(Rounding::Up, 0.0, 7), 0);   // ζ = 0 leaves the mask unchanged
  QCOMPARE(dropCount(Rounding::Up, 1.0, 7), 7);
  QCOMPARE(dropCount(Rounding::Up, 0.1, 30), 3);  // 0.1 × 30 is a little above 3 in floating point
  QCOMPARE(dropCount(Rounding::Up, 1e-12, 7), 0);
}

void TestSelect::unknownRulesAreErrors() {
  QVERIFY(!rulesFor({"set", "auto", "randon"}));
  QVERIFY(!rulesFor({"set", "magnitudes", "auto"}));
  QVERIFY(!rulesFor({"sett"}));
  for (const Method& method : methods()) QVERIFY(rulesFor({method.name}));
}

QTEST_APPLESS_MAIN(TestSelect)
#include "tst_select.moc"
