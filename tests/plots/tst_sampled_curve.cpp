// Long curves drawn with as many points as there are pixels: nothing that can be seen is lost.

#include "plots/sampled_curve.h"

#include <QTest>

#include <rapidcheck.h>

#include <cmath>
#include <limits>

using namespace lab::ui;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

QCPRange valuesOf(const QVector<QCPGraphData>& points, const QCPRange& within) {
  QCPRange range(kNaN, kNaN);
  for (const QCPGraphData& point : points)
    if (within.contains(point.key) && std::isfinite(point.value)) {
      range.lower = std::isnan(range.lower) ? point.value : std::min(range.lower, point.value);
      range.upper = std::isnan(range.upper) ? point.value : std::max(range.upper, point.value);
    }
  return range;
}

QVector<QCPGraphData> noisy(int count, int seed) {
  QVector<QCPGraphData> points;
  for (int i = 0; i < count; ++i) points.append({double(i), std::sin(double(seed) + i * 12.9898) * 43758.5453});
  for (QCPGraphData& point : points) point.value -= std::floor(point.value);
  return points;
}

}  // namespace

class TestSampledCurve : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void fewPointsAreAllThere() {
    SampledCurve curve;
    for (int i = 0; i < 300; ++i) curve.append(i, i == 7 ? kNaN : i);
    const auto shown = curve.visible({0, 300}, 500);
    QCOMPARE(shown.size(), 300);
    QVERIFY(std::isnan(shown[7].value));
    QCOMPARE(curve.visible({100, 110}, 500).size(), 13);  // and one on each side
    QCOMPARE(curve.extent()->upper, 299.0);
    QVERIFY(SampledCurve().visible({0, 1}, 500).isEmpty());
  }

  void extremesAreKeptWithinThePixelsThereAre() {
    const bool holds = rc::check([] {
      const int count = *rc::gen::inRange(2, 60'000), pixels = *rc::gen::inRange(200, 1500);
      const auto points = noisy(count, *rc::gen::inRange(0, 1000));
      SampledCurve curve;
      for (const QCPGraphData& point : points) curve.append(point.key, point.value);
      const double from = *rc::gen::inRange(0, count), to = *rc::gen::inRange(int(from), count + 10);
      const auto shown = curve.visible({from, to}, pixels);
      RC_ASSERT(shown.size() <= 4 * pixels + 6);
      const QCPRange all = valuesOf(points, {from, to}), seen = valuesOf(shown, {-1, count + 20.});
      // Blocks at the ends may reach a little beyond.
      RC_ASSERT(std::isnan(all.lower) || (seen.lower <= all.lower && seen.upper >= all.upper));
      for (qsizetype i = 1; i < shown.size(); ++i) RC_ASSERT(shown[i - 1].key <= shown[i].key);
      RC_ASSERT(shown.size() >= std::min<qsizetype>(pixels / 2, qsizetype(to - from)) - 2);
    });
    QVERIFY(holds);
  }

  void gapsDoNotSpreadFromAfar() {
    SampledCurve curve;
    for (int i = 0; i < 50'000; ++i) curve.append(i, i % 3 == 0 ? kNaN : 1);
    for (const QCPGraphData& point : curve.visible({1, 49'998}, 400).mid(1, 500)) QCOMPARE(point.value, 1.0);
  }

  void valuesAreFoundByTheirPlace() {
    SampledCurve curve;
    for (int i = 0; i < 1000; ++i) curve.append(10 * i, i);
    QVERIFY(!curve.valueAt(-1));
    QCOMPARE(curve.valueAt(0).value(), 0.0);
    QCOMPARE(curve.valueAt(119.5).value(), 11.0);
    QCOMPARE(curve.valueAt(1e9).value(), 999.0);
  }
};

QTEST_MAIN(TestSampledCurve)
#include "tst_sampled_curve.moc"
