// Sweeps in the window: axes as they are written, the plan, the queue, results, brushes.
#include "fake_laboratory.h"
#include "sweeps/axis_row.h"
#include "sweeps/parallel_coordinates.h"
#include "sweeps/sweep_page.h"
#include "sweeps/sweep_plot.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableWidget>
#include <QtTest>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

struct Page {
  explicit Page(FakeLaboratory& laboratory) : page(laboratory) {
    page.setBase(quickConfig());
    page.resize(1300, 800);
    page.show();
    page.setAxesText({"update_interval=5,10", "prune_rate=0.2..0.6/3"});
  }
  template <class Widget>
  Widget* find(const char* name) {
    return page.findChild<Widget*>(QLatin1String(name));
  }
  QString plan() { return find<QLabel>("plan")->text(); }
  void start() { find<QPushButton>("startSweep")->click(); }

  SweepPage page;
};

}  // namespace

class TestSweepPage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void axesAreReadAsTheyAreWritten_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("values");
    QTest::addColumn<QStringList>("labels");
    QTest::newRow("list") << "update_interval" << "10,30,100" << QStringList{"10", "30", "100"};
    QTest::newRow("logarithmic range") << "update_interval" << "1..1000/4" << QStringList{"1", "10", "100", "1000"};
    QTest::newRow("linear range") << "prune_rate" << "0.2..0.6/3" << QStringList{"0.2", "0.4", "0.6"};
    QTest::newRow("whole numbers once") << "epochs" << "1..3/9" << QStringList{"1", "2", "3"};
    QTest::newRow("with commas") << "hidden_widths" << "300,100;50" << QStringList{"300,100", "50"};
    QTest::newRow("words") << "method" << "set,rigl" << QStringList{"set", "rigl"};
  }
  void axesAreReadAsTheyAreWritten() {
    QFETCH(QString, key);
    QFETCH(QString, values);
    QFETCH(QStringList, labels);
    const auto axis = parseAxis(key.toStdString(), values.toStdString());
    QVERIFY(axis.ok());
    QStringList found;
    for (const AxisValue& value : axis.value().values) found << QString::fromStdString(value.label);
    QCOMPARE(found, labels);
  }

  void randomValuesLieInsideAndAreTheSameAgain() {
    const auto once = parseAxis("learning_rate", "random:0.001..1/20").take(),
               again = parseAxis("learning_rate", "random:0.001..1/20").take();
    QCOMPARE(once.values.size(), size_t(20));
    int small = 0;
    for (size_t i = 0; i < 20; ++i) {
      const double value = std::stod(once.values[i].label);
      QVERIFY(value >= 0.001 && value <= 1);
      small += value < 0.0316;
      QCOMPARE(once.values[i].label, again.values[i].label);
    }
    QVERIFY(small >= 3 && small <= 17);  // half of them below the middle of a logarithmic scale
  }

  void badAxesSayWhy_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("no values") << "update_interval=" << "it must be a parameter and its values";
    QTest::newRow("unknown") << "update_intervall=1" << "update_interval";
    QTest::newRow("seed") << "seed=1,2" << "the number of seeds";
    QTest::newRow("backwards") << "epochs=9..3/2" << "1..1000/4";
    QTest::newRow("range of words") << "method=1..3/2" << "10,30,100";
    QTest::newRow("random list") << "epochs=random:3" << "random:1..1000/8";
  }
  void badAxesSayWhy() {
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto axis = parseAxis(text.toStdString());
    QVERIFY(!axis.ok());
    const auto sentence = QString::fromStdString(describe(axis.problems()));
    QVERIFY2(sentence.contains(says), qPrintable(sentence));
  }

  void thePlanSaysHowManyAndWhyNot() {
    FakeLaboratory laboratory;
    Page p(laboratory);
    p.find<QSpinBox>("sweepSeeds")->setValue(2);
    QVERIFY2(p.plan().contains("12 runs"), qPrintable(p.plan()));
    QVERIFY(p.find<QPushButton>("startSweep")->isEnabled());
    p.page.setAxesText({"update_interval=5,0"});
    QVERIFY2(p.plan().contains("update_interval"), qPrintable(p.plan()));
    QVERIFY(!p.find<QPushButton>("startSweep")->isEnabled());
    p.page.setAxesText({"epochs=1", "epochs=2"});
    QVERIFY2(p.plan().contains("twice"), qPrintable(p.plan()));
    p.page.setAxesText({});
    QVERIFY2(p.plan().contains("Add an axis"), qPrintable(p.plan()));
    p.page.setAxesText({"epochs=1,2"});
    p.page.setOthersBusy(true);
    QVERIFY(!p.find<QPushButton>("startSweep")->isEnabled());
  }

  void aSweepFillsInAndItsRunsOpen() {
    FakeLaboratory laboratory;
    Page p(laboratory);
    QSignalSpy opened(&p.page, &SweepPage::opened);
    p.start();
    QVERIFY(p.page.busy());
    QTRY_VERIFY(!p.page.busy());
    auto* table = p.find<QTableWidget>("sweepRuns");
    QCOMPARE(table->rowCount(), 6);
    QCOMPARE(p.page.findChild<SweepPlot*>()->exportTable().rows.size(), size_t(6));
    QVERIFY(SweepPlot::canBeHeatmap(*std::make_unique<SweepData>(SweepData{
        {parseAxis("epochs=1,2").take(), parseAxis("prune_rate=0.1,0.2").take()}, {}, {}, 1})));
    Q_EMIT table->cellActivated(0, 0);
    QCOMPARE(opened.size(), 1);
  }

  /// A brush on the first axis keeps what lies inside; a click takes it away.
  void brushesFilterTheList() {
    FakeLaboratory laboratory;
    Page p(laboratory);
    p.start();
    QTRY_VERIFY(!p.page.busy());
    auto* table = p.find<QTableWidget>("sweepRuns");
    auto* parallel = p.page.findChild<ParallelCoordinates*>();
    QCOMPARE(parallel->axisCount(), size_t(5));
    const QRectF axis = parallel->axisRect(0);
    const QPoint bottom(int(axis.center().x()), int(axis.bottom())), middle(bottom.x(), int(axis.center().y()));
    QTest::mousePress(parallel, Qt::LeftButton, {}, bottom);
    QMouseEvent drag(QEvent::MouseMove, QPointF(middle), parallel->mapToGlobal(QPointF(middle)), Qt::NoButton,
                     Qt::LeftButton, {});
    QApplication::sendEvent(parallel, &drag);
    QTest::mouseRelease(parallel, Qt::LeftButton, {}, middle);
    QCOMPARE(table->rowCount(), 3);  // update_interval 5 alone
    QCOMPARE(parallel->exportTable().rows.size(), size_t(3));
    QTest::keyClick(parallel, Qt::Key_Escape);
    QCOMPARE(table->rowCount(), 6);
  }

  void theQueueIsReorderedHeldAndCancelled() {
    FakeLaboratory laboratory(Pace::WithTheEventLoop);
    Page p(laboratory);
    const LetGo letGo(laboratory);
    SweepQueue& queue = p.page.queue();
    p.start();
    for (const char* axis : {"epochs=3,4", "epochs=5,6,7"}) {
      p.page.setAxesText({axis});
      p.start();
    }
    QVERIFY(queue.busy());
    QCOMPARE(queue.waiting().size(), size_t(2));
    QCOMPARE(p.find<QListWidget>("sweepQueue")->count(), 3);
    p.find<QListWidget>("sweepQueue")->setCurrentRow(2);
    p.find<QPushButton>("sweepUp")->click();
    QCOMPARE(queue.waiting().front().data.cells.size(), size_t(3));
    const QString first = queue.running()->name;
    p.find<QPushButton>("holdQueue")->click();
    QTRY_VERIFY(!queue.busy());
    QCOMPARE(queue.waiting().size(), size_t(3));
    QCOMPARE(queue.waiting().front().name, first);  // it goes on first
    p.find<QListWidget>("sweepQueue")->setCurrentRow(1);
    p.find<QPushButton>("cancelSweep")->click();
    QCOMPARE(queue.waiting().size(), size_t(2));
    p.find<QPushButton>("holdQueue")->click();
    QVERIFY(queue.busy());
    laboratory.permits->open();
    QTRY_VERIFY(!queue.busy() && queue.waiting().empty());
    QCOMPARE(p.find<QTableWidget>("sweepRuns")->rowCount(), 2);  // of the last one
  }

  void theQueueIsWrittenDownAndReadAgain() {
    FakeLaboratory laboratory(Pace::WithTheEventLoop);
    Page p(laboratory);
    const LetGo letGo(laboratory);
    p.start();
    p.page.setAxesText({"hidden_widths=300,100;50", "seeds=3"});
    p.start();
    const QStringList written = p.page.queueText();
    QCOMPARE(written.size(), 2);
    SweepPage later(laboratory);
    QCOMPARE(later.restoreQueue(QStringList{"", "nonsense", "itoplab run\nepochs=many\n1"} + written), size_t{2});
    QVERIFY(later.queue().held() && !later.busy());
    QCOMPARE(later.queueText(), written);
    const SweepData& first = later.queue().waiting().front().data;
    const SweepData& second = later.queue().waiting().back().data;
    QVERIFY(first.base == quickConfig());
    QCOMPARE(first.cells.size(), size_t{6});
    QCOMPARE(second.cells.size(), size_t{6});
    QCOMPARE(second.cells.front().config.hidden_widths, std::string("300,100"));
    later.queue().hold(false);
    QVERIFY(later.busy());
  }
};

QTEST_MAIN(TestSweepPage)
#include "tst_sweep_page.moc"
