#pragma once
// One Qt Test row a check.

#include "gpu_checks.h"

#include <QtTest>

Q_DECLARE_METATYPE(lab::test::GpuCheck)

namespace lab::test {

inline void checkRows(const std::vector<GpuCheck>& checks = allGpuChecks()) {
  QTest::addColumn<GpuCheck>("check");
  for (const GpuCheck& check : checks) QTest::newRow(check.name.c_str()) << check;
}

inline void runCheckRow(const SharedDevice& device) {
  QFETCH(GpuCheck, check);
  try {
    check.run(device);
  } catch (const std::exception& failure) {
    QFAIL(failure.what());
  }
}

}  // namespace lab::test
