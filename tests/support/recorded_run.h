#pragma once
// A whole run with the recording engine, and everything that its observer saw.

#include "recording_engine.h"

#include "training/trainer.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab::test {

struct Collector : RunObserver {
  std::vector<Metrics> rows;
  std::vector<TopologyEvent> updates;
  std::vector<RunEvent> events;
  std::vector<std::shared_ptr<const MaskSnapshot>> snapshots;
  std::optional<RunStart> start;
  int ends = 0;
  void onStart(const RunStart& s) override { start = s; }
  void onMetrics(const Metrics& row) override { rows.push_back(row); }
  void onTopology(const TopologyEvent& event, const std::vector<LayerExploration>&) override {
    updates.push_back(event);
  }
  void onEvent(const RunEvent& event) override { events.push_back(event); }
  void onSnapshot(std::shared_ptr<const MaskSnapshot> snapshot) override { snapshots.push_back(snapshot); }
  void onEnd(const RunResult&) override { ++ends; }
  bool has(const std::string& kind) const {
    return std::any_of(events.begin(), events.end(), [&](const RunEvent& e) { return e.kind == kind; });
  }
};

inline std::shared_ptr<const Dataset> smallData(int64_t train = 1000) {
  static std::map<int64_t, std::shared_ptr<const Dataset>> made;
  auto& data = made[train];
  if (!data) data = syntheticDataset({1, 5, 5}, 4, train, 40, 60, 1);
  return data;
}

inline Config smallConfig() {
  Config config;
  config.hidden_widths = "40,30";
  config.sparsity = 0.9;
  config.distribution = "uniform";
  config.batch_size = 64;
  config.epochs = 4;
  config.update_interval = 7;
  return config;
}

struct Run {
  std::shared_ptr<Recording> recording = std::make_shared<Recording>();
  Collector seen;
  RunCommands commands;
  RunResult result;

  RunResult& train(const Config& config, int64_t samples = 1000, std::stop_token stop = {}) {
    result = trainRun(config, smallData(samples), recordingRegistry(recording), seen, commands, stop);
    return result;
  }
};

}  // namespace lab::test
