#include "topology/mask.h"

#include <QtTest>
#include <rapidcheck.h>

#include <vector>

using namespace lab;

namespace {

Mask fromBools(const std::vector<bool>& bits) {
  Mask mask(static_cast<int64_t>(bits.size()));
  for (size_t i = 0; i < bits.size(); ++i)
    if (bits[i]) mask.set(static_cast<int64_t>(i));
  return mask;
}

}  // namespace

class TestMask : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void countsEqualNaiveCounts();
  void fullMaskHasNoBitsPastItsEnd();
  void countsBeyondFloatPrecision();
};

void TestMask::countsEqualNaiveCounts() {
  QVERIFY(rc::check("count, count of a range, positions, or, and", [](std::vector<bool> bits, std::vector<bool> other) {
    other.resize(bits.size());
    const Mask mask = fromBools(bits), second = fromBools(other);
    const auto size = static_cast<int64_t>(bits.size());
    const auto begin = *rc::gen::inRange<int64_t>(0, size + 1), end = *rc::gen::inRange<int64_t>(0, size + 1);
    int64_t total = 0, range = 0;
    std::vector<int64_t> positions;
    Mask both = mask, either = mask;
    both &= second;
    either |= second;
    for (int64_t i = 0; i < size; ++i) {
      const auto at = static_cast<size_t>(i);
      RC_ASSERT(mask.test(i) == bits[at]);
      RC_ASSERT(both.test(i) == (bits[at] && other[at]));
      RC_ASSERT(either.test(i) == (bits[at] || other[at]));
      if (!bits[at]) continue;
      ++total;
      range += i >= begin && i < end;
      positions.push_back(i);
    }
    RC_ASSERT(mask.count() == total);
    RC_ASSERT(mask.count(begin, end) == range);
    RC_ASSERT(mask.positions() == positions);
  }));
}

void TestMask::fullMaskHasNoBitsPastItsEnd() {
  for (const int64_t size : {0, 1, 63, 64, 65, 128, 1000}) {
    QCOMPARE(Mask(size, true).count(), size);
    Mask filled(size);
    for (int64_t i = 0; i < size; ++i) filled.set(i);
    QVERIFY(filled == Mask(size, true));
  }
}

void TestMask::countsBeyondFloatPrecision() {
  // A float32 sum of ones stops at 2^24.
  const int64_t size = (int64_t{1} << 24) + 3;
  QCOMPARE(Mask(size, true).count(), size);
}

QTEST_APPLESS_MAIN(TestMask)
#include "tst_mask.moc"
