#pragma once
// A scripted engine for the window's tests: losses that fall and accuracies that rise as in a real run, real
// topology updates by the shared selection, no arithmetic. Deterministic.

#include "recording_engine.h"
#include "step_permits.h"

#include <deque>

namespace lab::test {

class FakeEngine : public Engine {
 public:
  /// `permits`: what its steps wait for; null: nothing.
  FakeEngine(const EngineSetup& setup, std::shared_ptr<StepPermits> permits)
      : data_(setup.data), permits_(std::move(permits)), inner_(setup, recording_) {
    recording_->loss = [this](int64_t) { return 2.3 - 1.9 * learned(++steps_); };
    recording_->afterSpan = [this](int64_t) { forgetRecording(); };
  }

  void submit(const Span& span) override {
    if (permits_) permits_->take(static_cast<int64_t>(span.steps.size()));
    // Step by step, so that sums do not depend on how steps are grouped into spans.
    int64_t correct = 0, step = steps_;
    for (const PlannedStep& planned : span.steps)
      correct += static_cast<int64_t>(accuracy(++step) * static_cast<double>(planned.samples.size()));
    correct_.push_back(correct);
    inner_.submit(span);
  }

  SpanResult collect() override {
    SpanResult result = inner_.collect();
    result.sums.correct = correct_.front();
    correct_.pop_front();
    return result;
  }

  Sums evaluate(Split split) override {
    const auto count = data_->split(split).count;
    const auto samples = static_cast<double>(count);
    return {samples * (2.4 - 1.9 * learned(steps_)), static_cast<int64_t>(accuracy(steps_) * samples), count};
  }

  EngineState state() override {
    EngineState state = inner_.state();
    state.optimizerSteps = steps_;
    return state;
  }
  void restore(const EngineState& state) override {
    steps_ = state.optimizerSteps;
    inner_.restore(state);
  }

 private:
  /// 0 at the start, towards 1.
  static double learned(int64_t step) { return 1 - 1 / (1 + 0.01 * static_cast<double>(step)); }
  static double accuracy(int64_t step) { return 0.1 + 0.78 * learned(step); }

  /// A run may be long.
  void forgetRecording() {
    recording_->steps.clear();
    recording_->plans.clear();
    recording_->evaluations.clear();
  }

  std::shared_ptr<const Dataset> data_;
  std::shared_ptr<StepPermits> permits_;
  int64_t steps_ = 0;
  std::deque<int64_t> correct_;  ///< of the spans that wait to be collected
  std::shared_ptr<Recording> recording_ = std::make_shared<Recording>();
  RecordingEngine inner_;
};

inline EngineRegistry fakeEngines(std::shared_ptr<StepPermits> permits = nullptr) {
  EngineInfo info;
  info.name = "sparse";
  info.help = "pretends to train";
  info.detail = "scripted";
  info.sparseArithmetic = true;
  info.refusal = [](const NetworkSpec&, const Config&) { return std::string(); };
  info.make = [permits](const EngineSetup& setup) { return std::make_unique<FakeEngine>(setup, permits); };
  EngineRegistry registry;
  registry.add(info);
  return registry;
}

}  // namespace lab::test
