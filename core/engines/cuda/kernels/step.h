#pragma once
// What a captured step reads instead of arguments: the tables of a span and how far it has come.

#include "engines/optimizer_step.h"
#include "host_device.h"

#include <cstdint>

namespace lab::cuda {

struct StepEntry {
  OptimizerStep weights;  ///< norms differ in weight decay only, which their segments say
  int64_t epoch = 0;
  int64_t firstSample = 0;  ///< into the span's sample indices
};

/// Of a span, accumulated on the device.
struct Progress {
  int64_t step = 0;  ///< the entry that the next step reads
  double loss = 0;   ///< of each sample rounded to a multiple of 2^-30: such sums are exact, whatever the batches
  int64_t correct = 0;
  int64_t samples = 0;
  double squaredGradient = 0;  ///< of the last measured step
};

/// On the device, at addresses that never change.
struct SpanTables {
  const StepEntry* entries = nullptr;
  const int32_t* samples = nullptr;
  Progress* progress = nullptr;

  LAB_HD const StepEntry& now() const { return entries[progress->step]; }
};

}  // namespace lab::cuda
