// The GPU engine on the processor: the same kernels and operations, without the hardware.
#include "check_suite.h"
#include "engines/cuda/cpu_device.h"

using namespace lab::test;

class GpuEngineTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void checks_data() { checkRows(); }
  void checks() { runCheckRow(lab::cuda::cpuDevice()); }
};

QTEST_GUILESS_MAIN(GpuEngineTest)
#include "tst_gpu_engine.moc"
