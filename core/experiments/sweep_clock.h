#pragma once
// How far a sweep is, and when it will be done.

#include "experiments/sweep.h"

#include <chrono>
#include <map>

namespace lab {

/// What a run costs, in arbitrary units: for the order of the cells and as weight of what remains.
double estimatedCost(const Config& config, int64_t trainSamples);

/// Not thread-safe.
class SweepClock {
 public:
  SweepClock(size_t total, size_t reused);

  /// Before the first step: a cell that has to run.
  void expect(size_t cell, double cost, double steps);
  void stepsDone(size_t cell, double done, double planned);
  void finished(size_t cell);
  void failed(size_t cell);

  SweepProgress progress() const;

 private:
  struct Share {
    double cost = 0, done = 0, planned = 0;
    bool over = false;
    double spent() const { return over ? cost : planned > 0 ? cost * done / planned : 0; }
  };
  std::map<size_t, Share> shares_;
  SweepProgress counts_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace lab
