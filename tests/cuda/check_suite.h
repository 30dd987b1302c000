#pragma once
// One Qt Test row a check.

#include "gpu_checks.h"

#include <QtTest>

namespace lab::test {

inline void checkRows() {
  QTest::addColumn<int>("index");
  int index = 0;
  for (const GpuCheck& check : allGpuChecks()) QTest::newRow(check.name.c_str()) << index++;
}

inline void runCheckRow(const SharedDevice& device) {
  QFETCH(int, index);
  try {
    allGpuChecks()[static_cast<size_t>(index)].run(device);
  } catch (const std::exception& failure) {
    QFAIL(failure.what());
  }
}

}  // namespace lab::test
