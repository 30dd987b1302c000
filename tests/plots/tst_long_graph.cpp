// Long graphs drawn with as many points as there are pixels: nothing that can be seen is lost.

#include "plots/long_graph.h"

#include <QTest>

#include <rapidcheck.h>

#include <cmath>
#include <limits>

using namespace lab::ui;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Plotted {
  QCustomPlot plot;
  LongGraph* graph = new LongGraph(plot.xAxis, plot.yAxis);  // the plot's

  QImage drawn(double lower, double upper) {
    plot.xAxis->setRange(lower, upper);
    plot.yAxis->setRange(-.1, 1.1);
    plot.setNotAntialiasedElements(QCP::aeAll);
    return plot.toPixmap(600, 200).toImage();
  }
};

double noise(int i) {
  const double value = std::sin(i * 12.9898) * 43758.5453;
  return value - std::floor(value);
}

QCPRange valuesOf(const QVector<QCPGraphData>& points) {
  QCPRange range(kNaN, kNaN);
  for (const QCPGraphData& point : points) {
    if (!std::isfinite(point.value)) continue;
    range.lower = std::isnan(range.lower) ? point.value : std::min(range.lower, point.value);
    range.upper = std::isnan(range.upper) ? point.value : std::max(range.upper, point.value);
  }
  return range;
}

/// The slow way to the extremes.
QCPRange valuesWithin(const QCPGraph& graph, double from, double to) {
  QVector<QCPGraphData> within;
  for (const QCPGraphData& point : *graph.data())
    if (point.key >= from && point.key <= to) within << point;
  return valuesOf(within);
}

/// The first and last row of each column that has the line's colour.
std::vector<std::pair<int, int>> outline(const QImage& image) {
  std::vector<std::pair<int, int>> rows;
  for (int x = 0; x < image.width(); ++x) {
    rows.emplace_back(image.height(), -1);
    for (int y = 0; y < image.height(); ++y)
      if (image.pixelColor(x, y) == Qt::red) rows.back() = {std::min(rows.back().first, y), y};
  }
  return rows;
}

/// Whether what one picture shows in a column of pixels lies within what the other shows there and in the columns
/// beside it, to a pixel.
bool within(const QImage& inner, const QImage& outer) {
  const auto in = outline(inner), out = outline(outer);
  for (size_t x = 1; x + 1 < in.size(); ++x) {
    const auto [top, bottom] = in[x];
    if (bottom < 0) continue;
    if (top < std::min({out[x - 1].first, out[x].first, out[x + 1].first}) - 1) return false;
    if (bottom > std::max({out[x - 1].second, out[x].second, out[x + 1].second}) + 1) return false;
  }
  return true;
}

bool alike(const QImage& a, const QImage& b) { return within(a, b) && within(b, a); }

}  // namespace

class TestLongGraph : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void fewPointsAreAllThere() {
    Plotted p;
    for (int i = 0; i < 300; ++i) p.graph->addData(i, i == 7 ? kNaN : i);
    const auto shown = p.graph->drawnPoints({0, 300}, 500);
    QCOMPARE(shown.size(), 300);
    QVERIFY(std::isnan(shown[7].value));
    QCOMPARE(p.graph->drawnPoints({100, 110}, 500).size(), 13);  // and one on each side
    QCOMPARE(p.graph->extent()->upper, 299.0);
    p.graph->clearPoints();
    QVERIFY(p.graph->drawnPoints({0, 300}, 500).isEmpty() && !p.graph->extent());
    p.graph->addData(0, 5);
    QCOMPARE(p.graph->extent()->upper, 5.0);
  }

  void extremesAreKeptWithinThePixelsThereAre() {
    const bool holds = rc::check([] {
      const int count = *rc::gen::inRange(2, 30'000), pixels = *rc::gen::inRange(200, 1500);
      const int seed = *rc::gen::inRange(0, 1000), asked = *rc::gen::inRange(0, count);
      Plotted p;
      for (int i = 0; i < count; ++i) {
        p.graph->addData(i, noise(seed + i));
        if (i == asked) p.graph->drawnPoints({0, double(i)}, pixels);  // what it keeps grows with it
      }
      const double from = *rc::gen::inRange(0, count), to = *rc::gen::inRange(int(from), count + 10);
      const auto shown = p.graph->drawnPoints({from, to}, pixels);
      RC_ASSERT(shown.size() <= 4 * pixels + 6);
      const QCPRange all = valuesWithin(*p.graph, from, to), seen = valuesOf(shown);
      RC_ASSERT(seen.lower <= all.lower && seen.upper >= all.upper);  // blocks at the ends may reach beyond
      for (qsizetype i = 1; i < shown.size(); ++i) RC_ASSERT(shown[i - 1].key < shown[i].key);
      RC_ASSERT(shown.first().key <= from && shown.last().key >= std::min<double>(to, count - 1));
      RC_ASSERT(shown.size() >= std::min<qsizetype>(pixels / 2, qsizetype(to - from)));
    });
    QVERIFY(holds);
  }

  void gapsDoNotSpreadFromAfar() {
    Plotted p;
    for (int i = 0; i < 50'000; ++i) p.graph->addData(i, i % 3 == 0 ? kNaN : 1);
    const auto shown = p.graph->drawnPoints({1, 49'998}, 400);
    QVERIFY(shown.size() > 500);
    for (const QCPGraphData& point : shown.mid(1, shown.size() - 2)) QCOMPARE(point.value, 1.0);
  }

  void thePictureIsThatOfAllPoints() {
    Plotted reduced, whole;
    auto* all = whole.plot.addGraph();
    all->setAdaptiveSampling(false);
    for (int i = 0; i < 60'000; ++i) {
      const double value = .5 + .4 * std::sin(i * 2e-4) + (i % 20'000 == 9'999 ? .1 : 0) + .01 * noise(i);
      reduced.graph->addData(i, value);
      all->addData(i, value);
    }
    whole.graph->setVisible(false);
    for (QCPGraph* graph : {static_cast<QCPGraph*>(reduced.graph), all}) graph->setPen(QPen(Qt::red, 0));
    QVERIFY(alike(reduced.drawn(0, 60'000), whole.drawn(0, 60'000)));
    QVERIFY(!alike(reduced.drawn(0, 60'000), whole.drawn(3'000, 63'000)));
    QCOMPARE(reduced.drawn(30'000, 31'000), whole.drawn(30'000, 31'000));
    reduced.plot.xAxis->setScaleType(QCPAxis::stLogarithmic);
    whole.plot.xAxis->setScaleType(QCPAxis::stLogarithmic);
    const QImage logarithmic = reduced.drawn(1, 60'000), expected = whole.drawn(1, 60'000);
    QCOMPARE(logarithmic.copy(0, 0, 300, 200), expected.copy(0, 0, 300, 200));  // where points are few
    QVERIFY(alike(logarithmic, expected));
  }
};

QTEST_MAIN(TestLongGraph)
#include "tst_long_graph.moc"
