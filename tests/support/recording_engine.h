#pragma once
// An engine without arithmetic: it remembers what the Trainer plans, keeps constant weights, and carries out topology
// updates by the shared selection on them, so that masks, events and trackers are real.

#include "engines/engine.h"
#include "state_layer.h"

#include <cmath>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lab::test {

struct RecordedStep {
  std::vector<int32_t> samples;
  float learningRate = 0;
};

struct Recording {
  std::vector<RecordedStep> steps;
  std::vector<TopologyPlan> plans;
  std::vector<Split> evaluations;
  std::vector<EngineState> restored;
  bool refuseUpdates = false;  ///< report updates without change
  /// Called after each span with the number of steps so far.
  std::function<void(int64_t)> afterSpan;
  /// Loss a sample at a step (from 1); the default falls slowly.
  std::function<double(int64_t)> loss = [](int64_t step) { return 2.3 / (1.0 + 0.001 * static_cast<double>(step)); };
  /// Share of the images classified rightly by the evaluation that follows so many others.
  std::function<double(int64_t)> correct = [](int64_t) { return 0.5; };
  int inFlight = 1;
  std::vector<std::string> remarks;  ///< what it has to say next
};

class RecordingEngine : public Engine {
 public:
  RecordingEngine(const EngineSetup& setup, std::shared_ptr<Recording> recording)
      : data_(setup.data), recording_(std::move(recording)) {
    for (const WeightLayer& layer : weightLayers(setup.network)) rows_.push_back(layer.rows());
  }

  void submit(const Span& span) override {
    SpanResult result;
    for (const PlannedStep& step : span.steps) {
      recording_->steps.push_back({{step.samples.begin(), step.samples.end()}, step.learningRate});
      const auto samples = static_cast<int64_t>(step.samples.size());
      const double loss = recording_->loss(static_cast<int64_t>(recording_->steps.size()));
      result.sums.add({static_cast<double>(samples) * loss, samples / 2, samples});
    }
    if (span.topology) result.topology = update(*span.topology);
    waiting_.push_back(std::move(result));
    if (recording_->afterSpan) recording_->afterSpan(static_cast<int64_t>(recording_->steps.size()));
  }

  SpanResult collect() override {
    SpanResult result = std::move(waiting_.front());
    waiting_.pop_front();
    return result;
  }

  Sums evaluate(Split split) override {
    // Validation and test of one moment are one evaluation.
    const double share = recording_->correct(static_cast<int64_t>(recording_->evaluations.size() / 2));
    recording_->evaluations.push_back(split);
    const int64_t count = data_->split(split).count;
    return {static_cast<double>(count), std::llround(share * static_cast<double>(count)), count};
  }

  EngineState state() override { return state_; }
  void restore(const EngineState& state) override {
    state_ = state;
    recording_->restored.push_back(state);
  }
  int spansInFlight() const override { return recording_->inFlight; }
  std::vector<std::string> takeRemarks() override { return std::exchange(recording_->remarks, {}); }

 private:
  TopologyEvent update(const TopologyPlan& plan) {
    recording_->plans.push_back(plan);
    if (recording_->refuseUpdates)
      return {plan.update, plan.step, plan.pruneRate, std::vector<LayerChange>(state_.layers.size())};
    std::vector<StateLayer> layers;
    for (size_t l = 0; l < state_.layers.size(); ++l) layers.emplace_back(state_.layers[l], rows_[l]);
    std::vector<TopologyLayer*> pointers;
    for (StateLayer& layer : layers) pointers.push_back(&layer);
    const TopologyEvent event = updateTopology(plan, pointers, state_.dropThreshold);
    // Weights are a fixed function of their position, so that drops are spread over the layer.
    for (LayerState& layer : state_.layers) {
      layer.weights.clear();
      layer.momentum.clear();
      forEachOne(layer.active, [&](int64_t i) {
        layer.weights.push_back(
            static_cast<float>(std::sin(static_cast<double>(i) + static_cast<double>(plan.update))));
      });
    }
    return event;
  }

  std::shared_ptr<const Dataset> data_;
  std::shared_ptr<Recording> recording_;
  std::vector<int64_t> rows_;
  EngineState state_;
  std::deque<SpanResult> waiting_;
};

/// A registry with this engine alone, under the name "sparse".
inline EngineRegistry recordingRegistry(std::shared_ptr<Recording> recording) {
  EngineInfo info;
  info.name = "sparse";
  info.help = "remembers what it is asked to do";
  info.sparseArithmetic = true;
  info.refusal = [](const NetworkSpec&, const Config&) { return std::string(); };
  info.make = [recording](const EngineSetup& setup) { return std::make_unique<RecordingEngine>(setup, recording); };
  EngineRegistry registry;
  registry.add(info);
  return registry;
}

}  // namespace lab::test
