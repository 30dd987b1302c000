#pragma once
// The one place where a run's thread hands values to the window's thread. Metrics, topology updates and
// events queue up and are never lost; of the snapshots only the latest is kept.

#include "training/run_observer.h"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace lab::ui {

class RunBridge : public RunObserver {
 public:
  /// What has arrived since it was last taken.
  struct News {
    std::shared_ptr<const RunStart> start;
    std::vector<Metrics> metrics;
    std::vector<RunEvent> events;
    std::shared_ptr<const MaskSnapshot> snapshot;
    std::vector<TopologyEvent> updates;
  };
  News take();

  void onStart(const RunStart& start) override;
  void onMetrics(const Metrics& row) override;
  void onTopology(const TopologyEvent& event, const std::vector<LayerExploration>& layers) override;
  void onEvent(const RunEvent& event) override;
  void onSnapshot(std::shared_ptr<const MaskSnapshot> snapshot) override;

 private:
  std::mutex mutex_;
  News news_;
};

}  // namespace lab::ui
