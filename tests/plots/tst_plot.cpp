// What all plots share under mouse and menu: pan, wheel, box, reset and logarithmic axes.

#include "plots/plot.h"

#include <QMenu>
#include <QtTest>

using namespace lab::ui;

namespace {

/// y = x² for x in 1..100, seen from 0 to 100 and from 0 to 10,000.
class Square : public Plot {
 public:
  Square() : Plot(QStringLiteral("Square"), QStringLiteral("square"), nullptr) {
    rect = addRect(*plotLayout(), 0, 0);
    x = rect->axis(QCPAxis::atBottom), y = rect->axis(QCPAxis::atLeft);
    auto* graph = addGraph(x, y);
    for (int i = 1; i <= 100; ++i) graph->addData(i, i * i);
    offerLogarithmic({x}, QStringLiteral("Logarithmic x"));
    resetView();
    resize(600, 400);
    show();
    replot();
  }

  void resetView() override {
    followAgain();
    x->setRange(0, 100);
    y->setRange(0, 10000);
    redrawSoon();
  }
  CsvTable exportTable() const override { return {}; }

  QPoint at(double px, double py) const { return {qRound(x->coordToPixel(px)), qRound(y->coordToPixel(py))}; }
  void drag(QPoint from, QPoint to, Qt::KeyboardModifiers keys) {
    QTest::mousePress(this, Qt::LeftButton, keys, from);
    QTest::mouseMove(this, (from + to) / 2);
    QTest::mouseMove(this, to);
    QTest::mouseRelease(this, Qt::LeftButton, keys, to);
  }

  QCPAxisRect* rect;
  QCPAxis *x, *y;
};

bool near(double a, double b, double by) { return std::abs(a - b) <= by; }

}  // namespace

class TestPlot : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void shiftAndDragZoomsIntoTheBox() {
    Square plot;
    plot.drag(plot.at(20, 8000), plot.at(60, 2000), Qt::ShiftModifier);
    QVERIFY2(near(plot.x->range().lower, 20, .5) && near(plot.x->range().upper, 60, .5),
             qPrintable(QStringLiteral("%1 to %2").arg(plot.x->range().lower).arg(plot.x->range().upper)));
    QVERIFY(near(plot.y->range().lower, 2000, 50) && near(plot.y->range().upper, 8000, 50));
    QTest::mouseDClick(&plot, Qt::LeftButton, {}, plot.rect->center());
    QCOMPARE(plot.x->range(), QCPRange(0, 100));
  }

  void dragPans() {
    Square plot;
    plot.drag(plot.at(20, 8000), plot.at(60, 8000), Qt::NoModifier);
    QVERIFY(near(plot.x->range().lower, -40, .5) && near(plot.x->range().upper, 60, .5));
    QVERIFY(near(plot.y->range().size(), 10000, 1));
  }

  void axesAreLogarithmicOnRequest() {
    Square plot;
    const auto ticker = plot.x->ticker();
    const auto logarithmic = [](QMenu& menu) {
      for (QAction* action : menu.actions())
        if (action->text() == QLatin1String("Logarithmic x")) return action;
      return static_cast<QAction*>(nullptr);
    };
    const auto menu = plot.contextMenu();
    QVERIFY(logarithmic(*menu) && !logarithmic(*menu)->isChecked());
    logarithmic(*menu)->trigger();
    QCOMPARE(plot.x->scaleType(), QCPAxis::stLogarithmic);
    QVERIFY(plot.x->range().lower > 0);
    QCOMPARE(plot.x->range().upper, 100.0);
    QCOMPARE(plot.y->scaleType(), QCPAxis::stLinear);
    QVERIFY(near(plot.x->coordToPixel(10) - plot.x->coordToPixel(1),
                 plot.x->coordToPixel(100) - plot.x->coordToPixel(10), 1e-6));

    const auto again = plot.contextMenu();
    QVERIFY(logarithmic(*again)->isChecked());
    logarithmic(*again)->trigger();
    QCOMPARE(plot.x->scaleType(), QCPAxis::stLinear);
    QCOMPARE(plot.x->ticker(), ticker);
    QCOMPARE(plot.x->range(), QCPRange(0, 100));
  }
};

QTEST_MAIN(TestPlot)
#include "tst_plot.moc"
