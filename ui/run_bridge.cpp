#include "run_bridge.h"

#include <utility>

namespace lab::ui {

RunBridge::News RunBridge::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

void RunBridge::onStart(const RunStart& start) {
  auto copy = std::make_shared<const RunStart>(start);
  const std::lock_guard lock(mutex_);
  news_.start = std::move(copy);
}

void RunBridge::onMetrics(const Metrics& row) {
  const std::lock_guard lock(mutex_);
  news_.metrics.push_back(row);
}

void RunBridge::onTopology(const TopologyEvent& event, const std::vector<LayerExploration>&) {
  const std::lock_guard lock(mutex_);
  news_.updates.push_back(event);
}

void RunBridge::onEvent(const RunEvent& event) {
  const std::lock_guard lock(mutex_);
  news_.events.push_back(event);
}

void RunBridge::onSnapshot(std::shared_ptr<const MaskSnapshot> snapshot) {
  const std::lock_guard lock(mutex_);
  news_.snapshot = std::move(snapshot);
}

}  // namespace lab::ui
