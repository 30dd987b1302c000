#include "topology/schedule.h"
#include "training/learning_rate.h"

#include <QtTest>

#include <cmath>

using namespace lab;

class TestSchedule : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void pruneRatesByHand();
  void pruneRatesStayBetweenTheirEnds();
  void learningRatesByHand();
};

void TestSchedule::pruneRatesByHand() {
  const auto rate = [](const char* name, double progress) {
    return findPruneSchedule(name)->rate(0.5, 0.005, progress);
  };
  QCOMPARE(rate("constant", 0.9), 0.5);
  QCOMPARE(rate("cosine", 0.0), 0.5);
  QCOMPARE(rate("cosine", 0.5), 0.2525);
  QCOMPARE(rate("cosine", 1.0), 0.005);
  QCOMPARE(rate("linear", 0.5), 0.2525);
  QCOMPARE(rate("power", 0.5), 0.005 + 0.495 / 8);
  QVERIFY(findPruneSchedule("cosin") == nullptr);
}

void TestSchedule::pruneRatesStayBetweenTheirEnds() {
  for (const PruneSchedule& schedule : pruneSchedules()) {
    double before = 0.5;
    for (int i = 0; i <= 100; ++i) {
      const double rate = schedule.rate(0.5, 0.005, i / 100.0);
      QVERIFY(rate <= before + 1e-15 && rate >= 0.005 - 1e-15);
      before = rate;
    }
  }
}

void TestSchedule::learningRatesByHand() {
  const auto factor = [](const char* name, double epoch) { return findLearningRateSchedule(name)->factor(epoch, 11); };
  QCOMPARE(factor("step", 4.999), 1.0);  // ⌊11/2⌋ = 5, ⌊33/4⌋ = 8
  QVERIFY(std::abs(factor("step", 5) - 0.1) < 1e-15);
  QVERIFY(std::abs(factor("step", 7.99) - 0.1) < 1e-15);
  QVERIFY(std::abs(factor("step", 8) - 0.01) < 1e-15);
  QVERIFY(std::abs(factor("cosine", 5.5) - 0.5) < 1e-15);
  QCOMPARE(factor("constant", 10), 1.0);
}

QTEST_APPLESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
