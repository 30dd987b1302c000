#include "experiments/statistics.h"

#include <rapidcheck.h>
#include <QtTest>

#include <cmath>
#include <vector>

using namespace lab;

namespace {

bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

}  // namespace

class TestStatistics : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void meansAndDeviationsByHand() {
    const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
    QCOMPARE(mean(values), 5.0);
    QVERIFY(near(deviation(values), std::sqrt(32.0 / 7), 1e-15));
    QCOMPARE(mean({}), 0.0);
    QCOMPARE(deviation(std::vector<double>{3}), 0.0);
  }

  void incompleteBetaInClosedForm() {
    QVERIFY(rc::check([] {
      const double x = *rc::gen::inRange(1, 1000) / 1000.0, b = *rc::gen::inRange(1, 100) / 4.0;
      RC_ASSERT(near(incompleteBeta(1, b, x), 1 - std::pow(1 - x, b), 1e-12));
      RC_ASSERT(near(incompleteBeta(b, 1, x), std::pow(x, b), 1e-12));
      RC_ASSERT(near(incompleteBeta(0.5, 0.5, x), 2 / M_PI * std::asin(std::sqrt(x)), 1e-12));
    }));
  }

  void incompleteBetaOfWholeNumbersIsABinomialTail() {
    for (int a = 1; a <= 30; a += 7)
      for (int b = 1; b <= 30; b += 7)
        for (double x = 0.05; x < 1; x += 0.15) {
          double tail = 0;  // P(at least a of a + b - 1)
          for (int j = a; j < a + b; ++j)
            tail += std::exp(std::lgamma(a + b) - std::lgamma(j + 1) - std::lgamma(a + b - j) + j * std::log(x) +
                             (a + b - 1 - j) * std::log1p(-x));
          QVERIFY(near(incompleteBeta(a, b, x), tail, 1e-11));
        }
  }

  /// From the printed tables of Student's distribution.
  void quantilesOfTheTables_data() {
    QTest::addColumn<double>("p");
    QTest::addColumn<double>("freedom");
    QTest::addColumn<double>("t");
    QTest::newRow("1") << 0.975 << 1.0 << 12.706204736174698;  // tan(.475 π)
    QTest::newRow("2") << 0.975 << 2.0 << 4.302652729911275;
    QTest::newRow("5") << 0.975 << 5.0 << 2.570581835636315;
    QTest::newRow("10") << 0.975 << 10.0 << 2.2281388519649385;
    QTest::newRow("18") << 0.975 << 18.0 << 2.1009220402409601;
    QTest::newRow("30, 99 %") << 0.995 << 30.0 << 2.7499956535672259;
    QTest::newRow("120") << 0.975 << 120.0 << 1.9799304050824413;
    QTest::newRow("normal") << 0.975 << 1e6 << 1.959966;
    QTest::newRow("middle") << 0.5 << 7.0 << 0.0;
    QTest::newRow("left") << 0.025 << 5.0 << -2.570581835636315;
  }
  void quantilesOfTheTables() {
    QFETCH(double, p);
    QFETCH(double, freedom);
    QFETCH(double, t);
    const double computed = studentQuantile(p, freedom);
    QVERIFY2(near(computed, t, freedom > 1e5 ? 1e-5 : 1e-10), QByteArray::number(computed, 'g', 17));
  }

  void pooledDeviationByHand() {
    PooledDeviation pooled;
    pooled.add(std::vector<double>{1, 3});        // squares 2, freedom 1
    pooled.add(std::vector<double>{10, 12, 14});  // squares 8, freedom 2
    pooled.add(std::vector<double>{5});           // nothing to add
    QCOMPARE(pooled.freedom(), 3.0);
    QVERIFY(near(pooled.value(), std::sqrt(10.0 / 3), 1e-15));
    // t(.975, 3) = 3.182446305284263; a mean of 2 values against twice one of 3
    const std::vector<double> two{1, 3}, three{10, 12, 14};
    const auto width = pooled.interval(0.95, {{1, two}, {-2, three}});
    QVERIFY(near(width->half, 3.182446305284263 * std::sqrt(10.0 / 3 * (1.0 / 2 + 4.0 / 3)), 1e-10));
    QCOMPARE(width->freedom, 3.0);
    QVERIFY(!PooledDeviation().interval(0.95, {{1, two}, {-1, three}}));
    QVERIFY(!pooled.interval(0.95, {{1, {}}, {-1, three}}));
  }

  /// Two groups of the same size and spread: Welch's degrees of freedom are 2 (n - 1), as if pooled.
  void welchByHand() {
    const std::vector<double> a{1, 3}, b{11, 13}, c{10, 12, 14};
    const auto equal = welchInterval(0.95, {{1, a}, {-1, b}});
    QVERIFY(near(equal->freedom, 2, 1e-12));
    QVERIFY(near(equal->half, 4.302652729911275 * std::sqrt(2.0), 1e-10));
    // Variances of the means 1 and 4/3: (7/3)² / (1 / 1 + (4/3)² / 2)
    QVERIFY(near(welchInterval(0.95, {{1, a}, {-1, c}})->freedom, 49.0 / 17, 1e-12));
    QVERIFY(!welchInterval(0.95, {{1, a}, {-1, std::vector<double>{5}}}));
    QCOMPARE(welchInterval(0.95, {{1, std::vector<double>{2, 2}}, {-1, std::vector<double>{1, 1}}})->half, 0.0);
  }
};

QTEST_GUILESS_MAIN(TestStatistics)
#include "tst_statistics.moc"
