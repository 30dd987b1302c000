#pragma once
// A run as large as the window is meant for: four layers of 2048 x 4608, and as many rows as are wanted.

#include "training/run_observer.h"

#include <cstdint>
#include <vector>

namespace lab::bench {

constexpr int64_t kLargeLayers = 4, kLargeRows = 2048, kLargeColumns = 4608;

/// Layers of so many columns.
RunStart largeRun(const std::vector<Mask>& initial, int64_t plannedSteps, int64_t columns = kLargeColumns);
std::vector<int64_t> largeLayerSizes();

/// Rows [from, until), one a hundred steps, every value of them measured.
std::vector<Metrics> largeRows(int64_t from, int64_t until, int64_t plannedSteps);

/// ms of the calling thread's own work so far.
double threadMilliseconds();

/// Has drawn all that is to be drawn and answered all that is to be answered.
void settle();

/// "median, p95, largest", and the number of values.
struct Tail {
  double median = 0, p95 = 0, largest = 0;
  size_t count = 0;
};
Tail tailOf(std::vector<double> values);

}  // namespace lab::bench
