// What the window says about the memory and the work of a GPU while a run is under way.

#include "device_watch.h"
#include "window_driver.h"

#include <QLabel>
#include <QSignalSpy>

#include <atomic>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;
using State = RunController::State;

namespace {

constexpr uint64_t kGibibyte = uint64_t{1} << 30;

/// The fake engine as if it computed on a device.
EngineRegistry onADevice(const FakeLaboratory& lab, std::function<std::optional<DeviceLoad>()> load) {
  EngineInfo info = lab.engines.all().front();
  info.sparseArithmetic = false;
  info.load = std::move(load);
  EngineRegistry engines;
  engines.add(info);
  return engines;
}

}  // namespace

class TestDeviceWatch : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aLoadInWords() {
    QCOMPARE(loadText({kGibibyte * 3 / 2, 80 * kGibibyte, 0.874}), QStringLiteral("1.5 of 80.0 GiB · 87 % busy"));
    QCOMPARE(loadText({0, kGibibyte, {}}), QStringLiteral("0.0 of 1.0 GiB"));
  }

  void itAsksAgainAndAgainWhileItIsOn() {
    Background background;
    DeviceWatch watch(background);
    QSignalSpy said(&watch, &DeviceWatch::said);
    std::atomic<int> asked = 0;
    watch.setReading([&asked]() -> std::optional<DeviceLoad> {
      return DeviceLoad{kGibibyte * ++asked, 8 * kGibibyte, {}};
    });
    QCOMPARE(asked, 0);
    watch.setOn(true);
    QTRY_VERIFY(asked >= 2);
    QTRY_VERIFY(!said.isEmpty() && said.last().front().toString() == QStringLiteral("2.0 of 8.0 GiB"));
    watch.setOn(false);
    QVERIFY(said.last().front().toString().isEmpty());
  }

  void anAnswerThatComesLateIsNotSaid() {
    Background background;
    DeviceWatch watch(background);
    QSignalSpy said(&watch, &DeviceWatch::said);
    watch.setReading([] { return std::optional(DeviceLoad{1, 2, {}}); });
    watch.setOn(true);
    watch.setOn(false);
    bool answered = false;
    background.run("other", [] { return 1; }, [&](int) { answered = true; });
    QTRY_VERIFY(answered);
    for (const auto& arguments : said) QVERIFY(arguments.front().toString().isEmpty());
  }

  void theWindowSaysItWhileARunIsUnderWay() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    lab.engines = onADevice(lab, [] { return std::optional(DeviceLoad{12 * kGibibyte, 80 * kGibibyte, 0.5}); });
    WindowDriver driver(lab);
    const auto* load = driver.window.findChild<QLabel*>("engineLoad");
    driver.prepare(endlessConfig());
    QVERIFY(load->isHidden());
    QVERIFY(driver.window.findChild<QLabel*>("engine")->text().contains("simulated sparsity"));
    driver.click("start");
    QTRY_COMPARE(load->text(), QStringLiteral("12.0 of 80.0 GiB · 50 % busy"));
    QVERIFY(load->isVisible());
    driver.click("stop");
    QTRY_COMPARE(driver.state(), State::Idle);
    QVERIFY(load->isHidden());
  }

  void anEngineOnTheProcessorHasNoLoad() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.click("start");
    QTRY_COMPARE(driver.state(), State::Running);
    QVERIFY(driver.window.findChild<QLabel*>("engineLoad")->isHidden());
    QVERIFY(driver.window.findChild<QLabel*>("engine")->text().contains("truly sparse"));
  }
};

QTEST_MAIN(TestDeviceWatch)
#include "tst_device_watch.moc"
