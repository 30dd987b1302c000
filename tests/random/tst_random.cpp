#include "random/keyed_permutation.h"
#include "random/keyed_random.h"

#include <rapidcheck.h>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace lab;

class TestRandom : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void philoxKnownAnswers();
  void streamsDiffer();
  void normalMoments();
  void permutationIsBijective();
  void tabulatedPermutationIsTheSame();
  void permutationIsUniform();
  void permutationOfNothingIsRefused();
};

void TestRandom::philoxKnownAnswers() {
  // Known-answer vectors published with the generator (Random123, philox4x32 with 10 rounds).
  const uint32_t ones = 0xffffffff;
  QCOMPARE(philox4x32({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  QCOMPARE(philox4x32({ones, ones, ones, ones}, {ones, ones}),
           (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  QCOMPARE(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
           (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

void TestRandom::streamsDiffer() {
  const RandomKey base{7, Purpose::Grow, 3, 5};
  for (const RandomKey& other : {RandomKey{8, Purpose::Grow, 3, 5}, RandomKey{7, Purpose::InitialMask, 3, 5},
                                 RandomKey{7, Purpose::Grow, 4, 5}, RandomKey{7, Purpose::Grow, 3, 6}})
    QVERIFY(randomBlock(base, 0) != randomBlock(other, 0));
  QVERIFY(randomBlock(base, 0) != randomBlock(base, 1));
  QVERIFY(randomBlock(base, 1) != randomBlock(base, uint64_t{1} << 32 | 1));
}

void TestRandom::normalMoments() {
  const RandomKey key{1, Purpose::InitialWeights, 0, 0};
  const int n = 200000;
  double sum = 0, squares = 0, cubes = 0;
  for (int i = 0; i < n; ++i) {
    const double x = normalAt(key, static_cast<uint64_t>(i));
    sum += x;
    squares += x * x;
    cubes += x * x * x;
  }
  QVERIFY(std::abs(sum / n) < 4 / std::sqrt(n));
  QVERIFY(std::abs(squares / n - 1) < 4 * std::sqrt(2.0 / n));
  QVERIFY(std::abs(cubes / n) < 4 * std::sqrt(15.0 / n));
}

void TestRandom::permutationIsBijective() {
  QVERIFY(rc::check("every element once, and placeOf inverts at", [] {
    const auto size = *rc::gen::inRange<uint64_t>(1, 3000);
    const KeyedPermutation order({*rc::gen::arbitrary<uint64_t>(), Purpose::Grow, 1, 2}, size);
    std::vector<bool> seen(size, false);
    for (uint64_t place = 0; place < size; ++place) {
      const uint64_t element = order.at(place);
      RC_ASSERT(element < size);
      RC_ASSERT(!seen[element]);
      seen[element] = true;
      RC_ASSERT(order.placeOf(element) == place);
    }
    const auto first = *rc::gen::inRange<uint64_t>(0, size);
    std::vector<uint64_t> batch(
        std::min<uint64_t>(*rc::gen::inRange<uint64_t>(1, KeyedPermutation::kBatch + 1), size - first));
    order.at(first, batch);
    for (size_t i = 0; i < batch.size(); ++i) RC_ASSERT(batch[i] == order.at(first + i));
  }));
}

void TestRandom::tabulatedPermutationIsTheSame() {
  QVERIFY(rc::check("a table of the rounds changes nothing", [] {
    const auto size = *rc::gen::inRange<uint64_t>(1, 1 << 22);
    const RandomKey key{*rc::gen::arbitrary<uint64_t>(), Purpose::Grow, 1, 2};
    const KeyedPermutation computed(key, size), tabulated(key, size, size);
    const auto first = *rc::gen::inRange<uint64_t>(0, size);
    std::vector<uint64_t> batch(std::min(uint64_t{KeyedPermutation::kBatch}, size - first));
    tabulated.at(first, batch);
    for (size_t i = 0; i < batch.size(); ++i) {
      RC_ASSERT(batch[i] == computed.at(first + i));
      RC_ASSERT(tabulated.at(first + i) == batch[i]);
      RC_ASSERT(tabulated.placeOf(batch[i]) == first + i);
    }
  }));
}

void TestRandom::permutationIsUniform() {
  // Each (place, element) pair of a permutation of 12 is hit equally often: chi-square of 11² degrees of freedom.
  const uint64_t size = 12;
  const int draws = 60000;
  std::vector<std::vector<int>> hits(size, std::vector<int>(size, 0));
  for (int seed = 0; seed < draws; ++seed) {
    const KeyedPermutation order({static_cast<uint64_t>(seed), Purpose::Grow, 0, 1}, size);
    for (uint64_t place = 0; place < size; ++place) ++hits[place][order.at(place)];
  }
  const double expected = static_cast<double>(draws) / static_cast<double>(size);
  double chiSquare = 0;
  for (const auto& row : hits)
    for (const int count : row) chiSquare += (count - expected) * (count - expected) / expected;
  const double degrees = 11 * 11;
  QVERIFY2(std::abs(chiSquare - degrees) < 5 * std::sqrt(2 * degrees), qPrintable(QString::number(chiSquare)));
}

void TestRandom::permutationOfNothingIsRefused() {
  QVERIFY_EXCEPTION_THROWN(KeyedPermutation({1, Purpose::Grow, 0, 0}, 0), std::invalid_argument);
}

QTEST_APPLESS_MAIN(TestRandom)
#include "tst_random.moc"
