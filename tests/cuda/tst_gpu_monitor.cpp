// Memory and utilisation of a GPU, from a library that stands for NVIDIA's.
#include "engines/gpu_monitor.h"

using namespace lab;

class GpuMonitorTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theFirstDeviceIsRead() {
    const auto load = GpuMonitor(LAB_FAKE_MANAGEMENT).read();
    QVERIFY(load.has_value());
    QCOMPARE(load->usedBytes, uint64_t{20} << 30);
    QCOMPARE(load->totalBytes, uint64_t{80} << 30);
    QCOMPARE(load->utilisation.value(), 0.87);
    QCOMPARE(describe(*load), std::string("20.0 of 80.0 GiB used, 87 % busy"));
  }

  void aDeviceIsFoundByItsPlaceOnTheBus() {
    const auto load = GpuMonitor(LAB_FAKE_MANAGEMENT, "0000:41:00.0").read();
    QVERIFY(load.has_value() && !load->utilisation);
    QCOMPARE(describe(*load), std::string("1.0 of 10.0 GiB used"));
    QCOMPARE(GpuMonitor(LAB_FAKE_MANAGEMENT, "0000:99:00.0").read()->totalBytes, uint64_t{80} << 30);
  }

  void withoutTheLibraryThereIsNothing() {
    QVERIFY(!GpuMonitor("libitoplab-nowhere.so.1").read());
    QVERIFY(!GpuMonitor("libz.so.1").read());  // a library without those functions
  }
};

QTEST_GUILESS_MAIN(GpuMonitorTest)
#include "tst_gpu_monitor.moc"
