// The GPU engine's checks with kernels run by teams of threads, several blocks at once. Packed runs use the same kernels
// and would take minutes.
#include "check_suite.h"
#include "threaded_device.h"

using namespace lab::test;

class GpuThreadsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void checks_data() {
    std::vector<GpuCheck> checks = kernelChecks();
    for (const auto& more : {topologyChecks(), engineChecks()}) checks.insert(checks.end(), more.begin(), more.end());
    checkRows(checks);
  }
  void checks() { runCheckRow(std::make_shared<ThreadedDevice>()); }
};

QTEST_GUILESS_MAIN(GpuThreadsTest)
#include "tst_gpu_threads.moc"
