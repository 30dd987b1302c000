#pragma once
// Shows a run under way on standard error.

#include "terminal.h"

#include "training/run_observer.h"

namespace lab::cli {

class RunProgress : public RunObserver {
 public:
  explicit RunProgress(Loudness loudness);
  void onStart(const RunStart& start) override;
  void onMetrics(const Metrics& row) override;
  void onEvent(const RunEvent& event) override;
  void onEnd(const RunResult& result) override;

 private:
  Loudness loudness_;
  ProgressLine line_;
  double testAccuracy_ = -1;  ///< the last one measured; negative: none yet
};

}  // namespace lab::cli
