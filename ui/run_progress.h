#pragma once
// How far a run is, how fast it goes, and how long it will take.

#include "training/run_observer.h"

#include <QString>

#include <deque>
#include <utility>
#include <vector>

namespace lab::ui {

class RunProgress {
 public:
  void start(const RunStart& start);
  void add(const std::vector<Metrics>& rows);

  double fraction() const;
  double stepsPerSecond() const;  ///< over the last seconds; 0 while unknown
  QString text() const;           ///< "step 2,300 of 5,160 · 2,600 steps/s · 2 s left"

 private:
  int64_t step_ = 0, planned_ = 0;
  std::deque<std::pair<double, int64_t>> recent_;  ///< seconds, step
};

}  // namespace lab::ui
