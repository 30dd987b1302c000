#pragma once
// A scripted engine for the window's tests: losses that fall and accuracies that rise as in a real run, real
// topology updates by the shared selection, no arithmetic. Deterministic.

#include "recording_engine.h"

#include <chrono>
#include <thread>

namespace lab::test {

class FakeEngine : public Engine {
 public:
  /// `pace`: how long a step pretends to take.
  FakeEngine(const EngineSetup& setup, std::chrono::microseconds pace)
      : data_(setup.data), pace_(pace), inner_(setup, recording_) {
    recording_->loss = [this](int64_t) { return 2.3 - 1.9 * learned(++steps_); };
    recording_->afterSpan = [this](int64_t) { forgetRecording(); };
  }

  void submit(const Span& span) override {
    if (pace_.count() > 0) std::this_thread::sleep_for(pace_ * span.steps.size());
    inner_.submit(span);
  }

  SpanResult collect() override {
    SpanResult result = inner_.collect();
    result.sums.correct = static_cast<int64_t>(accuracy() * static_cast<double>(result.sums.samples));
    return result;
  }

  Sums evaluate(Split split) override {
    const auto count = data_->split(split).count;
    const auto samples = static_cast<double>(count);
    return {samples * (2.4 - 1.9 * learned(steps_)), static_cast<int64_t>(accuracy() * samples), count};
  }

  EngineState state() override { return inner_.state(); }
  void restore(const EngineState& state) override { inner_.restore(state); }

 private:
  /// 0 at the start, towards 1.
  static double learned(int64_t step) { return 1 - 1 / (1 + 0.01 * static_cast<double>(step)); }
  double accuracy() const { return 0.1 + 0.78 * learned(steps_); }

  /// A run may be long.
  void forgetRecording() {
    recording_->steps.clear();
    recording_->plans.clear();
    recording_->evaluations.clear();
  }

  std::shared_ptr<const Dataset> data_;
  std::chrono::microseconds pace_;
  int64_t steps_ = 0;
  std::shared_ptr<Recording> recording_ = std::make_shared<Recording>();
  RecordingEngine inner_;
};

inline EngineRegistry fakeEngines(std::chrono::microseconds pace = std::chrono::microseconds(0)) {
  EngineInfo info;
  info.name = "sparse";
  info.help = "pretends to train";
  info.detail = "scripted";
  info.sparseArithmetic = true;
  info.refusal = [](const NetworkSpec&, const Config&) { return std::string(); };
  info.make = [pace](const EngineSetup& setup) { return std::make_unique<FakeEngine>(setup, pace); };
  EngineRegistry registry;
  registry.add(info);
  return registry;
}

}  // namespace lab::test
