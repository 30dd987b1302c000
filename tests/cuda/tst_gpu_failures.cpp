// What goes wrong on a GPU ends a run with an exit code and a sentence of its own.
#include "engines/cuda/failures.h"
#include "run_error.h"

#include <QtTest>

#include <c10/util/Exception.h>

using namespace lab;

namespace {

/// What a failure becomes; throws what passes unchanged.
template <class Error>
RunError typed(Error error) {
  try {
    cuda::withTypedFailures([&] { throw error; });
  } catch (const RunError& failure) {
    return failure;
  }
  throw std::logic_error("nothing was thrown");
}

bool says(const RunError& error, const char* part) { return std::string(error.what()).find(part) != std::string::npos; }

}  // namespace

class GpuFailuresTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void memoryThatRunsOutHasItsExitCodeAndTheNextRunMayTry() {
    const RunError error = typed(c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "tried to allocate 20 GiB\nmore"));
    QCOMPARE(error.code(), ExitCode::OutOfMemory);
    QVERIFY(says(error, "tried to allocate 20 GiB") && says(error, "batch_size") && !says(error, "more\n"));
    QVERIFY(cuda::deviceFailure().empty());
  }

  void whatLibTorchRefusesIsToldAndNotTheDevicesFault() {
    const RunError error = typed(c10::Error({__func__, __FILE__, __LINE__}, "shapes do not fit"));
    QCOMPARE(error.code(), ExitCode::Internal);
    QVERIFY(says(error, "LibTorch refused: shapes do not fit"));
    QVERIFY(cuda::deviceFailure().empty());
  }

  void othersPassUnchanged() {
    QVERIFY_THROWS_EXCEPTION(std::bad_alloc, cuda::withTypedFailures([] { throw std::bad_alloc(); }));
    QCOMPARE(cuda::withTypedFailures([] { return 7; }), 7);
  }

  void aDeviceThatFailedIsNotOfferedAgain() {
    const RunError error =
        typed(c10::AcceleratorError({__func__, __FILE__, __LINE__}, 700, "CUDA error: an illegal memory access\nhints"));
    QCOMPARE(error.code(), ExitCode::Internal);
    QVERIFY(says(error, "an illegal memory access") && says(error, "itoplab resume"));
    QVERIFY(cuda::deviceFailure().find("an illegal memory access") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(GpuFailuresTest)
#include "tst_gpu_failures.moc"
