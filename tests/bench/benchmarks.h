#pragma once

#include <span>

namespace lab::bench {

struct Benchmark {
  const char* name;
  const char* help;
  void (*run)();
};

void benchSparseStep();
void benchMaskedStep();
void benchTopologyUpdate();
void benchTracking();
void benchUpdateShare();
void benchSweepScaling();
void benchRuns();
void benchScrubbing();

}  // namespace lab::bench
