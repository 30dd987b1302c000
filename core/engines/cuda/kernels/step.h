#pragma once
// What a captured step reads instead of arguments: the tables of a span and how far it has come. Several runs that go in
// lock-step have an entry each in every step.

#include "engines/optimizer_step.h"
#include "host_device.h"

#include <cstdint>

namespace lab::cuda {

/// What a run does in a step that several take at once. Gradient: the step without the optimizer. Idle: neither weights
/// nor sums change; its gradient then means nothing.
enum class Part : int32_t { Train, Gradient, Idle };

struct StepEntry {
  OptimizerStep weights;  ///< norms differ in weight decay only, which their segments say
  int64_t epoch = 0;
  int64_t firstSample = 0;  ///< into the span's sample indices
  uint64_t seed = 0;        ///< of the augmentation
  Part part = Part::Train;
};

/// Of a run's span, accumulated on the device.
struct Progress {
  int64_t step = 0;  ///< the step whose entry is read next
  double loss = 0;   ///< of each sample rounded to a multiple of 2^-30: such sums are exact, whatever the batches
  int64_t correct = 0;
  int64_t samples = 0;
  double squaredGradient = 0;  ///< of the last measured step
};

/// On the device, at addresses that never change.
struct SpanTables {
  const StepEntry* entries = nullptr;  ///< [steps][runs]
  const int32_t* samples = nullptr;
  Progress* progress = nullptr;  ///< [runs]
  int64_t runs = 1;

  LAB_HD const StepEntry& now(int64_t run) const { return entries[progress[run].step * runs + run]; }
};

/// A set of runs: a bit each.
inline constexpr int64_t kMostRuns = 64;
LAB_HD inline bool hasRun(uint64_t runs, int64_t run) { return (runs >> run & 1) != 0; }

}  // namespace lab::cuda
