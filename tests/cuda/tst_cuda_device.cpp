// The same checks on a GPU; skipped, visibly, where there is none.
#include "check_suite.h"
#include "engines/cuda/cuda_device.h"

using namespace lab::test;

class CudaDeviceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (const std::string why = lab::cuda::cudaDeviceProblem(); !why.empty()) QSKIP(why.c_str());
    device_ = lab::cuda::cudaDevice();
  }
  void checks_data() { checkRows(); }
  void checks() { runCheckRow(device_); }

 private:
  SharedDevice device_;
};

QTEST_GUILESS_MAIN(CudaDeviceTest)
#include "tst_cuda_device.moc"
