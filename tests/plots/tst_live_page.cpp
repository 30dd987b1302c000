// The page of a run, fed with made-up rows, events and snapshots.

#include "live/exploration_timeline.h"
#include "live/layer_table.h"
#include "live/life_raster.h"
#include "live/live_page.h"
#include "live/mask_panel.h"
#include "live/rs_plot.h"
#include "live/structure_plot.h"
#include "live/time_plot.h"
#include "made_run.h"

#include <QMainWindow>
#include <QTest>

#include <rapidcheck.h>

#include <cmath>
#include <limits>

using namespace lab;
using namespace lab::ui;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Shown {
  LivePage page;
  TimePlot& curves = *page.findChild<TimePlot*>();
  RsPlot& rs = *page.findChild<RsPlot*>();
  ExplorationTimeline& timeline = *page.findChild<ExplorationTimeline*>();
  MaskPanel& masks = *page.findChild<MaskPanel*>();
  LayerTable& layers = *page.findChild<LayerTable*>();

  Shown() {
    page.resize(1000, 700);
    page.show();
    (void)QTest::qWaitForWindowExposed(&page);
  }
  QCPGraph* graph(const QString& name, int nth = 0) {
    for (int i = 0; i < curves.graphCount(); ++i)
      if (curves.graph(i)->name() == name && nth-- == 0) return curves.graph(i);
    return nullptr;
  }
  QCPRange time(Plot& plot) { return plot.axisRect(0)->axis(QCPAxis::atBottom)->range(); }
};

void wheel(Plot& plot, QPointF at) {
  QWheelEvent event(at, plot.mapToGlobal(at), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                    false);
  QApplication::sendEvent(&plot, &event);
}

}  // namespace

class TestLivePage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void saysWhatWillBeSeenBeforeARun() {
    Shown shown;
    const auto panels = shown.page.findChildren<Panel*>();
    QCOMPARE(panels.size(), 5);
    for (const Panel* panel : panels) QVERIFY2(panel->isEmpty(), qPrintable(panel->accessibleName()));
  }

  void streamsRows() {
    Shown shown;
    shown.page.startRun(made::start());
    const auto rows = made::rows(600);
    for (const Metrics& row : rows) shown.page.appendMetrics({row});
    QTRY_VERIFY(!shown.page.findChild<Panel*>()->isEmpty());
    QCOMPARE(shown.rs.pointCount(), size_t(6));
    QCOMPARE(graphSize(shown, QStringLiteral("train")), 60);
    QCOMPARE(graphSize(shown, QStringLiteral("test")), 6);  // rows that do not evaluate are no points and no gaps
    QCOMPARE(shown.graph(QStringLiteral("test"))->data()->at(5)->value, 100 * .72);
    const CsvTable table = shown.curves.exportTable();
    QCOMPARE(table.rows.size(), size_t(60));
    QCOMPARE(table.rows[9], (QStringList{"100", "1", "0.525", "", "0.62", "0.01", "", "0.5", "0.15000000000000002",
                                         "0.07500000000000001"}));
  }

  /// Gradient norm and the first connections kept, of the whole network and of every layer.
  void showsHowTheTopologyMoves() {
    Shown shown;
    const RunStart start = made::start();
    shown.page.startRun(start);
    auto rows = made::rows(50);
    rows[1].gradientNorm = 2.5;
    rows[2].initialEdgesKept = 0.75;
    rows[2].layers.assign(start.layers.size(), {});
    rows[2].layers.back().active = 10;
    rows[2].layers.back().initialEdges = 4;
    shown.page.appendMetrics(rows);
    auto* plot = shown.page.findChild<StructurePlot*>();
    const CsvTable table = plot->exportTable();
    QCOMPARE(table.header.size(), qsizetype(3) + static_cast<qsizetype>(start.layers.size()));
    QCOMPARE(table.rows.size(), rows.size());
    QCOMPARE(table.rows[1][1], QStringLiteral("2.5"));
    QCOMPARE(table.rows[0][1], QString());
    QCOMPARE(table.rows[2][2], QStringLiteral("0.75"));
    QCOMPARE(table.rows[2].last(), QStringLiteral("0.4"));
    QCOMPARE(plot->graph(0)->dataCount(), 1);
    shown.page.clear();
    QCOMPARE(plot->graphCount(), 2);
  }

  void whatIsNotANumberIsAGap() {
    Shown shown;
    shown.page.startRun(made::start());
    auto rows = made::rows(50);
    rows[2].trainLoss = kNaN;
    rows[3].trainLoss = std::numeric_limits<double>::infinity();
    shown.page.appendMetrics(rows);
    const auto loss = shown.graph(QStringLiteral("train"), 1)->data();
    QCOMPARE(loss->size(), 5);
    QVERIFY(std::isnan(loss->at(2)->value));
    QVERIFY(std::isnan(loss->at(3)->value));
    QVERIFY(std::isfinite(loss->at(4)->value));
    QTRY_VERIFY(shown.curves.axisRect(1)->axis(QCPAxis::atLeft)->range().upper < .2);
  }

  void changesOfDialsAreMarked() {
    Shown shown;
    shown.page.startRun(made::start());
    RunEvent change;
    change.kind = "change";
    change.key = "update_interval";
    change.from = "100";
    change.to = "30";
    change.step = 200;
    RunEvent pause;
    pause.kind = "pause";
    pause.step = 300;
    shown.page.appendEvents({change, pause});
    QCOMPARE(shown.curves.markCount(), size_t(1));
    QCOMPARE(shown.page.findChild<StructurePlot*>()->markCount(), size_t(1));
    QCOMPARE(shown.page.findChild<LifeRaster*>()->markCount(), size_t(1));
    bool found = false;
    for (int i = 0; i < shown.timeline.itemCount(); ++i)
      if (auto* label = qobject_cast<QCPItemText*>(shown.timeline.item(i)))
        found |= label->text().contains(QStringLiteral("100 → 30")) && label->position->key() == 200;
    QVERIFY(found);
    shown.page.startRun(made::start());
    QCOMPARE(shown.curves.markCount(), size_t(0));
  }

  void sharesAreDisjointAndComplete() {
    const bool holds = rc::check([] {
      LayerExploration e;
      e.weights = *rc::gen::inRange<int64_t>(1, 1'000'000);
      e.explored = *rc::gen::inRange<int64_t>(0, e.weights + 1);
      e.active = *rc::gen::inRange<int64_t>(0, e.explored + 1);
      e.initialSurvivors = *rc::gen::inRange<int64_t>(0, e.active + 1);
      const bool old = *rc::gen::arbitrary<bool>();  // survivors of the start are reliable once old enough
      e.activeReliable = old ? *rc::gen::inRange<int64_t>(e.initialSurvivors, e.active + 1) : 0;
      const ExplorationShares s = sharesOf(e);
      for (const double share : {s.initialSurvivors, s.reliable, s.young, s.dropped, s.never})
        RC_ASSERT(share >= 0);
      RC_ASSERT(std::abs(s.initialSurvivors + s.reliable + s.young + s.dropped + s.never - 1) < 1e-12);
      RC_ASSERT(std::abs(s.reliable * double(e.weights) -
                         double(old ? e.activeReliable - e.initialSurvivors : 0)) < 1e-6);
    });
    QVERIFY(holds);
  }

  void theStackAddsUpToEverything() {
    Shown shown;
    shown.page.startRun(made::start());
    shown.page.appendMetrics(made::rows(300));
    QTRY_COMPARE(shown.timeline.graph(4)->data()->size(), 30);
    for (const QCPGraphData& point : *shown.timeline.graph(4)->data()) QVERIFY(std::abs(point.value - 100) < 1e-9);
    // Reliable and grown: 50 - 40 of 492 on top of the 40 survivors.
    QVERIFY(std::abs(shown.timeline.graph(1)->data()->at(0)->value - 100 * 50 / 492.0) < 1e-9);
  }

  void theTimeAxisCoversThePlanUntilItIsZoomed() {
    Shown shown;
    shown.page.startRun(made::start());
    shown.page.appendMetrics(made::rows(100));
    QTRY_COMPARE(shown.time(shown.curves).upper, 1000.0);
    wheel(shown.curves, shown.curves.axisRect(0)->rect().center());
    const QCPRange zoomed = shown.time(shown.curves);
    QVERIFY(zoomed.size() < 900);
    QCOMPARE(shown.time(shown.timeline).upper, zoomed.upper);  // one time axis for all
    const QCPRange values = shown.curves.axisRect(0)->axis(QCPAxis::atLeft)->range();
    shown.page.appendMetrics({made::rows(200).back()});
    QTRY_COMPARE(shown.graph(QStringLiteral("train"))->data()->size(), 11);
    QTest::qWait(0);
    QCOMPARE(shown.time(shown.curves).upper, zoomed.upper);
    QCOMPARE(shown.curves.axisRect(0)->axis(QCPAxis::atLeft)->range().upper, values.upper);
    QTest::mouseDClick(&shown.curves, Qt::LeftButton, {}, shown.curves.axisRect(0)->rect().center());
    QCOMPARE(shown.time(shown.curves).upper, 1000.0);
  }

  void masksShowTheInitialOnesThenTheSnapshots() {
    Shown shown;
    shown.page.startRun(made::start());
    QVERIFY(!shown.masks.isEmpty());
    QCOMPARE(shown.masks.thumbnails().size(), size_t(2));
    QCOMPARE(shown.masks.thumbnails()[0]->source()->shown.count(), 42);
    shown.page.setSnapshot(made::snapshot(1));
    shown.masks.setMode(MaskMode::Change);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->shown, made::everyNth(420, 10, 1));  // all of them are new
    QCOMPARE(shown.masks.thumbnails()[1]->source()->shown.count(), 0);                   // none of them is
    shown.masks.setMode(MaskMode::Explored);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->shown.count(), 84);
  }

  void aLayerIsSelectedEverywhere() {
    Shown shown;
    shown.page.startRun(made::start());
    shown.page.setSnapshot(made::snapshot());
    QTest::mouseClick(shown.masks.thumbnails()[1], Qt::LeftButton);
    QCOMPARE(shown.masks.shownLayer(), 1);
    QCOMPARE(shown.layers.currentRow(), 1);
    shown.layers.selectRow(0);
    QCOMPARE(shown.masks.shownLayer(), 0);
    QCOMPARE(shown.masks.largeView()->source()->name, std::string("fc1"));
  }

  void theTableWarnsOfUnitsWithoutInput() {
    Mask mask(12);
    mask.set(5);
    QCOMPARE(unitsWithoutInput(mask, {4, 3}), 3);
    QCOMPARE(unitsWithoutInput(Mask(12, true), {4, 3}), 0);
  }

  void aSnapshotOfAnotherNetworkIsNotShown() {
    Shown shown;
    shown.page.startRun(made::start());
    auto other = std::make_shared<MaskSnapshot>(*made::snapshot());
    other->active.pop_back();
    shown.page.setSnapshot(other);
    QCOMPARE(shown.masks.thumbnails()[1]->source()->shown.count(), 36);
  }

  void referencesStayBehindTheRun() {
    Shown shown;
    shown.page.setReferences(
        {{QStringLiteral("dense"), {{1, .9}}, true}, {QStringLiteral("static"), {{.02, .8}}, false}});
    shown.page.startRun(made::start());
    shown.page.appendMetrics(made::rows(1000));
    QTRY_COMPARE(shown.rs.pointCount(), size_t(10));
    const CsvTable table = shown.rs.exportTable();
    QCOMPARE(table.rows.size(), size_t(12));
    QCOMPARE(table.rows.back(), (QStringList{"static", "", "", "0.02", "0.8"}));
    QTRY_VERIFY(shown.rs.axisRect(0)->axis(QCPAxis::atLeft)->range().contains(90));
    QVERIFY(shown.rs.axisRect(0)->axis(QCPAxis::atBottom)->range().upper < .7);  // a level does not stretch R_s
  }

  void theLayoutIsRemembered() {
    Shown first, second;
    const auto widthIn = [](Shown& shown) {
      return shown.page.findChild<Dock*>(QStringLiteral("rsDock"))->width();
    };
    const int usual = widthIn(first);
    first.page.findChild<QMainWindow*>()->resizeDocks({first.page.docks()[0], first.page.docks()[1]},
                                                      {usual - 50, first.page.docks()[1]->width() + 50},
                                                      Qt::Horizontal);
    QTRY_COMPARE(widthIn(first), usual - 50);
    second.page.restoreLayout(first.page.saveLayout());
    QTRY_COMPARE(widthIn(second), usual - 50);
    second.page.restoreLayout(QByteArray("not a layout"));
    QCOMPARE(widthIn(second), usual - 50);
    second.page.resetLayout();
    QTRY_COMPARE(widthIn(second), usual);
  }

  void endsWithTheResult() {
    Shown shown;
    shown.page.startRun(made::start());
    shown.page.appendMetrics(made::rows(1000));
    RunResult result;
    result.testAccuracy = .8731;
    result.rs = .0612;
    shown.page.endRun(result);
    bool found = false;
    for (const QLabel* label : shown.page.findChildren<QLabel*>())
      found |= label->text().contains(QStringLiteral("87.31")) && label->text().contains(QStringLiteral("0.0612"));
    QVERIFY(found);
  }

 private:
  static int graphSize(Shown& shown, const QString& name) { return shown.graph(name)->data()->size(); }
};

QTEST_MAIN(TestLivePage)
#include "tst_live_page.moc"
