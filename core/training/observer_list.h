#pragma once
// Tells several observers, in order.

#include "training/run_observer.h"

#include <algorithm>
#include <vector>

namespace lab {

class ObserverList : public RunObserver {
 public:
  void add(RunObserver& observer) { observers_.push_back(&observer); }

  void onStart(const RunStart& start) override { each([&](RunObserver& o) { o.onStart(start); }); }
  void onMetrics(const Metrics& row) override { each([&](RunObserver& o) { o.onMetrics(row); }); }
  void onTopology(const TopologyEvent& event, const std::vector<LayerExploration>& layers) override {
    each([&](RunObserver& o) { o.onTopology(event, layers); });
  }
  void onEvent(const RunEvent& event) override { each([&](RunObserver& o) { o.onEvent(event); }); }
  void onSnapshot(std::shared_ptr<const MaskSnapshot> snapshot) override {
    each([&](RunObserver& o) { o.onSnapshot(snapshot); });
  }
  void onCheckpoint(const RunLoopState& state) override {
    each([&](RunObserver& o) {
      if (o.wantsCheckpoints()) o.onCheckpoint(state);
    });
  }
  bool wantsCheckpoints() const override {
    return std::ranges::any_of(observers_, [](const RunObserver* o) { return o->wantsCheckpoints(); });
  }
  void onWeights(const EngineState& state) override {
    each([&](RunObserver& o) {
      if (o.wantsWeights()) o.onWeights(state);
    });
  }
  bool wantsWeights() const override {
    return std::ranges::any_of(observers_, [](const RunObserver* o) { return o->wantsWeights(); });
  }
  void onEnd(const RunResult& result) override { each([&](RunObserver& o) { o.onEnd(result); }); }

 private:
  template <class Tell>
  void each(Tell tell) {
    for (RunObserver* observer : observers_) tell(*observer);
  }
  std::vector<RunObserver*> observers_;
};

}  // namespace lab
