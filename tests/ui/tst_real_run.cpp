// One real training from the window: Fashion-MNIST, the truly sparse engine, one epoch.

#include "engines/sparse/sparse_engine.h"
#include "live/live_page.h"
#include "live/mask_panel.h"
#include "live/time_scrubber.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "store/run_reader.h"

#include <QAction>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace lab;
using namespace lab::ui;

class TestRealRun : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void learnsFashionMnist() {
    QTemporaryDir folder;
    const std::filesystem::path root = folder.path().toStdString();
    Laboratory lab{
        .engines = {}, .home = root / "home", .programVersion = "test", .settingsFile = root / "window.ini"};
    lab.engines.add(sparseEngine());
    MainWindow window(lab);
    window.show();
    window.chooseFigure({});
    Config config;
    config.epochs = 1;
    config.update_interval = 50;
    config.learning_rate_schedule = "constant";
    window.form().setConfig(config, "test");
    QSignalSpy finished(&window.run(), &RunController::finished);
    QSignalSpy snapshots(&window.run(), &RunController::snapshotArrived);
    window.findChild<QAction*>("start")->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 300000);
    const auto result = finished.first().at(0).value<RunResult>();
    QVERIFY2(result.status == RunStatus::Done, result.reason.c_str());
    QVERIFY(result.testAccuracy.value_or(0) > 0.75);  // ten classes, balanced
    QCOMPARE(result.steps, int64_t{430});             // ⌈55,000 / 128⌉
    QCOMPARE(result.topologyUpdates, int64_t{8});
    QVERIFY(result.rs > result.density);
    QVERIFY(!snapshots.isEmpty());
    auto& scrubber = window.findChild<LivePage*>()->scrubber();
    QCOMPARE(scrubber.moments(), 9);
    scrubber.goTo(0);
    const auto* masks = window.findChild<MaskPanel*>();
    QCOMPARE(masks->thumbnails()[0]->source()->moment->step, int64_t{0});
    const auto stored = readRun(finished.first().at(1).value<std::filesystem::path>());
    QVERIFY(stored.ok());
    QCOMPARE(stored.value().result.testAccuracy, result.testAccuracy);
  }
};

QTEST_MAIN(TestRealRun)
#include "tst_real_run.moc"
