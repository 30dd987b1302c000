// Going back in time in the whole window: while a run is under way, and in a stored one.

#include "live/layer_table.h"
#include "live/live_page.h"
#include "live/mask_panel.h"
#include "live/time_scrubber.h"
#include "store/run_reader.h"
#include "window_driver.h"

#include <QSignalSpy>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;
using State = RunController::State;

namespace {

struct Travelled : WindowDriver {
  using WindowDriver::WindowDriver;
  LivePage& page = *window.findChild<LivePage*>();
  TimeScrubber& scrubber = page.scrubber();
  MaskPanel& masks = *window.findChild<MaskPanel*>();

  const Mask& mask(size_t layer) { return masks.thumbnails()[layer]->source()->active(); }
  std::filesystem::path runToTheEnd(const Config& config) {
    prepare(config);
    QSignalSpy finished(&window.run(), &RunController::finished);
    click("start");
    (void)QTest::qWaitFor([&] { return finished.count() == 1; });
    return finished.first().at(1).value<std::filesystem::path>();
  }
};

}  // namespace

class TestScrubbing : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aFinishedRunCanBeScrubbed() {
    FakeLaboratory lab;
    Travelled driver(lab);
    driver.runToTheEnd(quickConfig());
    QVERIFY(driver.scrubber.moments() > 10);
    QVERIFY(driver.scrubber.atEnd());
    const Mask end = driver.mask(0);
    QTest::keyClick(&driver.page, Qt::Key_Home);
    const Mask start = driver.mask(0);
    QVERIFY(start != end);
    QTest::keyClick(&driver.page, Qt::Key_End);
    QCOMPARE(driver.mask(0), end);
  }

  void aStoredRunShowsWhatItRecorded() {
    FakeLaboratory lab;
    std::filesystem::path directory;
    {
      Travelled first(lab);
      directory = first.runToTheEnd(quickConfig());
    }
    Travelled driver(lab);
    QSignalSpy shown(&driver.window, &MainWindow::storedRunShown);
    driver.window.openStoredRun(directory);
    QTRY_COMPARE(shown.count(), 1);
    const auto rows = readLayers(directory).take();
    const auto* table = driver.window.findChild<LayerTable*>();
    int compared = 0;
    for (const LayerRow& row : rows) {
      driver.scrubber.goTo(static_cast<int>(row.update));
      for (int line = 0; line < table->rowCount(); ++line) {
        if (table->item(line, 0)->text().toStdString() != row.layer) continue;
        QCOMPARE(table->item(line, 4)->text(), QString::number(row.rs, 'f', 4));
        QCOMPARE(driver.mask(static_cast<size_t>(line)).count(), row.exploration.active);
        ++compared;
      }
    }
    QCOMPARE(compared, static_cast<int>(rows.size()));
    QVERIFY(compared > 30);
  }

  void thePastStaysWhileTheRunGoesOn() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    Travelled driver(lab);
    driver.prepare(endlessConfig());
    driver.click("start");
    QTRY_VERIFY(driver.scrubber.moments() > 5);
    driver.scrubber.goTo(2);
    const Mask then = driver.mask(0);
    const int seen = driver.scrubber.moments();
    QTRY_VERIFY(driver.scrubber.moments() > seen + 5);
    QCOMPARE(driver.scrubber.moment(), 2);
    QCOMPARE(driver.mask(0), then);
    driver.page.setFocus();
    QTest::keyClick(&driver.page, Qt::Key_Space);  // is the run's pause, not the scrubber's
    QTRY_COMPARE(driver.state(), State::Paused);
    QCOMPARE(driver.scrubber.moment(), 2);
    QTest::keyClick(&driver.page, Qt::Key_End);
    QVERIFY(driver.scrubber.atEnd());
    driver.press(Qt::Key_Space);
    const int paused = driver.scrubber.moments();
    QTRY_VERIFY(driver.scrubber.moments() > paused);
    QVERIFY(driver.scrubber.atEnd());
  }

  void aDenseRunHasNothingToScrub() {
    FakeLaboratory lab;
    Travelled driver(lab);
    Config config = quickConfig();
    config.method = "static";
    driver.runToTheEnd(config);
    QVERIFY(!driver.scrubber.isEnabled());
    QTest::keyClick(&driver.page, Qt::Key_Left);
    QVERIFY(!driver.masks.isEmpty());
  }
};

QTEST_MAIN(TestScrubbing)
#include "tst_scrubbing.moc"
