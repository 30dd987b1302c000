// Real trainings from the window: Fashion-MNIST, the truly sparse engine, one epoch; and one that the real command line
// program finishes after the window has been closed.

#include "engines/sparse/sparse_engine.h"
#include "live/live_page.h"
#include "live/mask_panel.h"
#include "live/time_scrubber.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "store/run_reader.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace lab;
using namespace lab::ui;

namespace {

/// Without a fake.
struct RealLaboratory : Laboratory {
  QTemporaryDir folder;

  RealLaboratory() {
    const std::filesystem::path root = folder.path().toStdString();
    home = root / "home";
    programVersion = "test";
    settingsFile = root / "window.ini";
    engines.add(sparseEngine());
    commandLineProgram.find = [] { return std::filesystem::path(LAB_PROGRAM); };
  }
};

Config epochs(int64_t count) {
  Config config;
  config.epochs = count;
  config.update_interval = 50;
  config.learning_rate_schedule = "constant";
  return config;
}

/// Presses a button of the question that will be asked.
void answer(const QString& text) {
  QTimer::singleShot(0, [text] {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    for (auto* button : box->buttons())
      if (button->text() == text) return button->click();
  });
}

}  // namespace

class TestRealRun : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void goesOnWithoutTheWindow() {
    RealLaboratory lab;
    std::filesystem::path directory;
    {
      MainWindow window(lab);
      window.show();
      window.chooseFigure({});
      window.form().setConfig(epochs(2), "test");
      QSignalSpy rows(&window.run(), &RunController::metricsArrived);
      QSignalSpy finished(&window.run(), &RunController::finished);
      window.findChild<QAction*>("start")->trigger();
      QTRY_VERIFY_WITH_TIMEOUT(!rows.isEmpty(), 60000);
      answer("Go on without a window");
      window.close();
      QTRY_VERIFY_WITH_TIMEOUT(!window.isVisible(), 60000);
      QVERIFY(finished.first().at(0).value<RunResult>().status == RunStatus::Stopped);
      directory = finished.first().at(1).value<std::filesystem::path>();
    }
    QTRY_VERIFY_WITH_TIMEOUT(readRun(directory).value().status == StoredStatus::Done, 300000);
    const RunResult handedOver = readRun(directory).value().result;
    RunController whole(lab);
    QSignalSpy finished(&whole, &RunController::finished);
    whole.start(epochs(2));
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 300000);
    const auto expected = finished.first().at(0).value<RunResult>();
    QCOMPARE(handedOver.testAccuracy, expected.testAccuracy);
    QCOMPARE(handedOver.rs, expected.rs);
    QCOMPARE(handedOver.steps, expected.steps);
  }

  void learnsFashionMnist() {
    RealLaboratory lab;
    MainWindow window(lab);
    window.show();
    window.chooseFigure({});
    window.form().setConfig(epochs(1), "test");
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
