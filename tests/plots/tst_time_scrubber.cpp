// The scrubber by itself, and the page that it takes through a made-up run.

#include "live/exploration_panel.h"
#include "live/layer_table.h"
#include "live/life_raster.h"
#include "live/live_page.h"
#include "live/mask_panel.h"
#include "live/survival_plot.h"
#include "live/time_scrubber.h"
#include "made_run.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

using namespace lab;
using namespace lab::ui;

namespace {

/// Update u takes the u-th connection of the first layer and puts it one place further.
TopologyEvent update(int64_t u) { return {u, 10 * u, .1, {{{10 * (u - 1)}, {10 * (u - 1) + 1}}, {{}, {}}}}; }

std::vector<TopologyEvent> updates(int64_t from, int64_t until) {
  std::vector<TopologyEvent> events;
  for (int64_t u = from; u <= until; ++u) events.push_back(update(u));
  return events;
}

struct Shown {
  LivePage page;
  TimeScrubber& scrubber = page.scrubber();
  MaskPanel& masks = *page.findChild<MaskPanel*>();
  LayerTable& layers = *page.findChild<LayerTable*>();
  ExplorationPanel& exploration = *page.findChild<ExplorationPanel*>();

  explicit Shown(int64_t count = 20) {
    page.resize(1100, 800);
    page.show();
    (void)QTest::qWaitForWindowExposed(&page);
    auto start = made::start();
    start.config.reliable_steps = 50;
    page.startRun(start);
    page.appendUpdates(updates(1, count));
  }
  QToolButton* button(const char* name) { return page.findChild<QToolButton*>(QLatin1String(name)); }
  /// How many connections of the first layer are where updates have put them.
  int64_t moved() {
    const auto& mask = masks.thumbnails()[0]->source()->active();
    int64_t count = 0;
    for (int64_t i = 0; i < 420; i += 10) count += mask.test(i + 1);
    return count;
  }
  bool lineShown(Plot& plot) {
    for (int i = 0; i < plot.itemCount(); ++i)
      if (auto* line = qobject_cast<QCPItemStraightLine*>(plot.item(i)); line && line->visible()) return true;
    return false;
  }
};

}  // namespace

class TestTimeScrubber : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void withoutUpdatesThereIsNothingToScrub() {
    TimeScrubber scrubber;
    QVERIFY(!scrubber.isEnabled());
    scrubber.setMoments(1);
    QVERIFY(!scrubber.isEnabled());
    scrubber.setMoments(2);
    QVERIFY(scrubber.isEnabled());
    QVERIFY(scrubber.atEnd());
  }

  void theEndFollowsAndThePastStays() {
    TimeScrubber scrubber;
    QSignalSpy chosen(&scrubber, &TimeScrubber::momentChosen);
    scrubber.setMoments(5);
    scrubber.setMoments(9);
    QCOMPARE(scrubber.moment(), 8);
    QCOMPARE(chosen.count(), 0);
    scrubber.goTo(3);
    scrubber.setMoments(12);
    QCOMPARE(scrubber.moment(), 3);
    QVERIFY(!scrubber.atEnd());
    scrubber.goToEnd();
    scrubber.setMoments(20);
    QCOMPARE(scrubber.moment(), 19);
    QCOMPARE(chosen.count(), 2);
  }

  void keysStepThroughTime() {
    Shown shown;
    QTest::keyClick(&shown.page, Qt::Key_Left);
    QCOMPARE(shown.scrubber.moment(), 19);
    QCOMPARE(shown.moved(), 19);
    QTest::keyClick(&shown.page, Qt::Key_Home);
    QCOMPARE(shown.moved(), 0);
    QTest::keyClick(&shown.page, Qt::Key_Right);
    QCOMPARE(shown.moved(), 1);
    // The table does not keep them for itself, nor does the slider.
    shown.layers.setFocus();
    QTest::keyClick(&shown.layers, Qt::Key_Right);
    QCOMPARE(shown.moved(), 2);
    QTest::keyClick(shown.page.findChild<QSlider*>(QStringLiteral("scrubber")), Qt::Key_Right);
    QCOMPARE(shown.moved(), 3);
    QTest::keyClick(shown.masks.thumbnails()[0], Qt::Key_End);
    QCOMPARE(shown.moved(), 20);
    QVERIFY(shown.scrubber.atEnd());
  }

  void aDragGoesWhereTheMouseIs() {
    Shown shown;
    auto* slider = shown.page.findChild<QSlider*>(QStringLiteral("scrubber"));
    const int middle = slider->height() / 2;
    QTest::mousePress(slider, Qt::LeftButton, {}, {slider->width() / 2, middle});
    QCOMPARE(shown.moved(), 10);
    QTest::mouseMove(slider, {9, middle});
    QTest::mouseRelease(slider, Qt::LeftButton, {}, {9, middle});
    QCOMPARE(shown.moved(), 0);
  }

  void everythingShowsTheMoment() {
    Shown shown;
    shown.page.appendMetrics(made::rows(200));
    shown.scrubber.goTo(7);
    QCOMPARE(shown.moved(), 7);
    QCOMPARE(shown.layers.item(0, 5)->text(), QStringLiteral("+1 −1"));
    QCOMPARE(shown.layers.item(1, 5)->text(), QStringLiteral("+0 −0"));
    QVERIFY(shown.layers.item(0, 4)->text().startsWith(QStringLiteral("0.1167")));  // 42 + 7 of 420
    auto& timeline = *shown.page.findChild<ExplorationTimeline*>();
    QVERIFY(shown.lineShown(timeline));
    shown.scrubber.goToEnd();
    QVERIFY(!shown.lineShown(timeline));
  }

  void snapshotsWaitWhileThePastIsShown() {
    Shown shown;
    shown.scrubber.goTo(4);
    auto live = std::make_shared<MaskSnapshot>(*made::snapshot(2));
    live->update = 20;
    shown.page.setSnapshot(live);
    QCOMPARE(shown.moved(), 4);
    shown.page.appendUpdates(updates(21, 25));
    QCOMPARE(shown.moved(), 4);
    QCOMPARE(shown.scrubber.moments(), 26);
    QTest::mouseClick(shown.button("scrubEnd"), Qt::LeftButton);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->active(), live->active[0]);
  }

  void playingEndsAtTheEnd() {
    Shown shown;
    auto* speed = shown.scrubber.findChild<QComboBox*>();
    speed->setCurrentIndex(speed->count() - 1);
    QSignalSpy chosen(&shown.scrubber, &TimeScrubber::momentChosen);
    QTest::mouseClick(shown.button("scrubPlay"), Qt::LeftButton);  // from the end: from the start
    QVERIFY(shown.scrubber.playing());
    QCOMPARE(shown.moved(), 0);
    QTRY_VERIFY(!shown.scrubber.playing());
    QVERIFY(shown.scrubber.atEnd());
    QCOMPARE(chosen.count(), 3);  // at 300 a second ten at a time
    QTest::mouseClick(shown.button("scrubPlay"), Qt::LeftButton);
    QTest::mouseClick(shown.button("scrubForward"), Qt::LeftButton);  // a step ends it
    QVERIFY(!shown.scrubber.playing());
    QCOMPARE(shown.moved(), 1);
  }

  void changesAreCountedFromTheFlag() {
    Shown shown;
    shown.masks.setMode(MaskMode::Change);
    shown.scrubber.goTo(15);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->shown.count(), 15);
    shown.scrubber.goTo(5);
    QTest::mouseClick(shown.button("scrubFlag"), Qt::LeftButton);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->shown.count(), 0);
    shown.scrubber.goTo(15);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->shown.count(), 10);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->dropped.count(), 10);
    shown.scrubber.goTo(2);  // before the flag: what had to come is not there yet
    QCOMPARE(shown.masks.thumbnails()[0]->source()->dropped.count(), 3);
    shown.masks.setMode(MaskMode::Survived);
    shown.scrubber.goTo(15);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->shown.count(), 32);
    shown.scrubber.goTo(0);
    QTest::mouseClick(shown.button("scrubFlag"), Qt::LeftButton);
    shown.scrubber.goTo(15);
    QCOMPARE(shown.masks.thumbnails()[0]->source()->shown.count(), 27);
  }

  void escapeGoesBackToAllLayers() {
    Shown shown;
    QTest::mouseClick(shown.masks.thumbnails()[0], Qt::LeftButton);
    QCOMPARE(shown.masks.shownLayer(), 0);
    QTest::keyClick(shown.masks.largeView(), Qt::Key_Escape);
    QCOMPARE(shown.masks.shownLayer(), -1);
    QVERIFY(shown.layers.selectionModel()->selectedRows().isEmpty());
  }

  void theTimelineIsOfTheChosenLayer() {
    Shown shown;
    shown.page.appendMetrics(made::rows(300));
    auto& timeline = *shown.page.findChild<ExplorationTimeline*>();
    shown.layers.selectRow(0);
    const CsvTable table = timeline.exportTable();
    QCOMPARE(table.rows.size(), size_t(22));  // the start, 20 updates, and the last step done
    QCOMPARE(table.rows[20][0], QStringLiteral("200"));
    QCOMPARE(table.rows[20][2].toDouble(), 22 / 420.0);  // since the start
    QCOMPARE(table.rows[20][3].toDouble(), 15 / 420.0);  // for 50 steps or more: those of updates 1 to 15
    QCOMPARE(table.rows[20][4].toDouble(), 5 / 420.0);
    QCOMPARE(table.rows[21][3].toDouble(), 20 / 420.0);  // at step 300 all of them
    shown.layers.clearSelection();
    QCOMPARE(timeline.exportTable().rows.size(), size_t(30));
  }

  void livesAreBars() {
    Shown shown;
    shown.page.appendMetrics(made::rows(230));
    shown.exploration.setKind(ExplorationPanel::Kind::Lives);
    shown.layers.selectRow(0);
    auto& raster = *shown.page.findChild<LifeRaster*>();
    QCOMPARE(raster.sample().size(), size_t(62));  // 42 at the start, 20 grown
    const CsvTable table = raster.exportTable();
    QCOMPARE(table.rows.size(), size_t(62));
    int ended = 0, reliable = 0;
    for (const QStringList& row : table.rows) {
      ended += !row[3].isEmpty();
      reliable += row[4] == QStringLiteral("1");
    }
    QCOMPARE(ended, 20);
    QCOMPARE(reliable, 22 + 16 + 18);  // never dropped; dropped at 50 or later; grown until step 180
    shown.scrubber.goTo(3);
    QVERIFY(shown.lineShown(raster));
  }

  void survivalIsKnownAtTheMoment() {
    Shown shown(0);
    // What update 1 grows is dropped by update 3; what update 2 grows stays.
    shown.page.appendUpdates({{1, 10, .1, {{{0}, {1}}, {{}, {}}}},
                              {2, 20, .1, {{{10}, {11}}, {{}, {}}}},
                              {3, 60, .1, {{{1}, {2}}, {{}, {}}}}});
    shown.exploration.setKind(ExplorationPanel::Kind::Survival);
    auto& plot = *shown.page.findChild<SurvivalPlot*>();
    QCOMPARE(survivalAt(plot.curve(), 49), 1.0);
    QCOMPARE(survivalAt(plot.curve(), 50), 0.0);  // the other is 40 steps old: not at risk any more
    shown.scrubber.goTo(2);
    QCOMPARE(survivalAt(plot.curve(), 50), 1.0);
    QCOMPARE(plot.exportTable().rows.size(), size_t(1));
  }

  void aResumedRunHasNoHistoryYet() {
    Shown shown(0);
    shown.page.appendUpdates({update(7)});
    QVERIFY(!shown.scrubber.isEnabled());
    shown.page.appendUpdates({update(8)});
    QVERIFY(!shown.scrubber.isEnabled());
    shown.page.setSnapshot(made::snapshot(1));
    QCOMPARE(shown.masks.thumbnails()[0]->source()->active(), made::everyNth(420, 10, 1));
  }

  void aStoredHistoryTakesThePlace() {
    Shown shown(0);
    auto replay = std::make_shared<MaskReplay>(made::start().initialMasks, 50);
    for (const TopologyEvent& event : updates(1, 12)) replay->append(event);
    shown.page.setReplay(replay);
    shown.page.endRun({});
    QCOMPARE(shown.scrubber.moments(), 13);
    QCOMPARE(shown.moved(), 12);
    shown.scrubber.goTo(3);
    QCOMPARE(shown.moved(), 3);
    shown.page.setReplay(std::make_shared<MaskReplay>(std::vector<Mask>{Mask(3)}, 50));  // of another network
    QCOMPARE(shown.scrubber.moments(), 13);
    shown.page.clear();
    QVERIFY(!shown.scrubber.isEnabled());
  }

  void theMasksCanHaveMostOfThePage() {
    Shown shown;
    const auto* curves = shown.page.findChild<Dock*>(QStringLiteral("timeDock"));
    const int before = shown.masks.height();
    shown.button("enlargeMasks")->click();
    QVERIFY(!curves->isVisible());
    QTRY_VERIFY(shown.masks.height() > before + 100);
    Shown other;
    other.page.restoreLayout(shown.page.saveLayout());
    const auto* others = other.page.findChild<Dock*>(QStringLiteral("timeDock"));
    QVERIFY(others->isVisible());
    QTRY_VERIFY(others->height() > 100);
    shown.button("enlargeMasks")->click();
    QVERIFY(curves->isVisible());
    QTRY_COMPARE(shown.masks.height(), before);
  }

  void animationsHaveAFrameAMoment() {
    Shown shown;
    const auto sheet = shown.masks.exportables();
    QCOMPARE(sheet.size(), size_t(3));
    QCOMPARE(sheet[0]->frames(), 21);
    QCOMPARE(sheet[1]->frames(), 0);  // a thumbnail is a picture
    shown.masks.showLayer(1);
    QCOMPARE(shown.masks.exportables().size(), size_t(1));
    QCOMPARE(shown.masks.exportables()[0]->frames(), 21);
  }
};

QTEST_MAIN(TestTimeScrubber)
#include "tst_time_scrubber.moc"
