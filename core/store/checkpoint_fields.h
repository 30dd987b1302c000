#pragma once
// The members of all that a checkpoint holds. One that is added to a struct and not listed here does not compile.

#include "engines/state_fields.h"
#include "store/checkpoint.h"

namespace lab {

template <Is<GrowthCounts> State>
auto fields(State& state) {
  auto& [grown, regrownAtOnce, wasted] = state;
  return std::tie(grown, regrownAtOnce, wasted);
}

template <Is<TrackedLayer> State>
auto fields(State& state) {
  auto& [initial, active, explored, sinceUpdate, longestEnded, totalEnded, survivedTests, lives, lastGrown,
         lastDropped] = state;
  return std::tie(initial, active, explored, sinceUpdate, longestEnded, totalEnded, survivedTests, lives,
                  lastGrown, lastDropped);
}

template <Is<TrackerState> State>
auto fields(State& state) {
  auto& [layers, reliableSteps, step, activeSteps, stepOfUpdate, endedGrownLives, growth] = state;
  return std::tie(layers, reliableSteps, step, activeSteps, stepOfUpdate, endedGrownLives, growth);
}

template <Is<Sums> State>
auto fields(State& state) {
  auto& [loss, correct, samples] = state;
  return std::tie(loss, correct, samples);
}

template <Is<LayerCounts> State>
auto fields(State& state) {
  auto& [start, end] = state;
  return std::tie(start, end);
}

/// All but the configuration, which is kept by the names of its parameters.
template <Is<RunLoopState> State>
auto fields(State& state) {
  auto& [config, pendingBatch, counts, round, epoch, seen, step, update, lastUpdateStep, lastReportStep,
         evaluations, sinceRow, gradientNorm, lastTrainLoss, testAccuracy, bestValidationAccuracy,
         testAccuracyAtBestValidation, rsAtBestValidation, flopsSpent, flopsDense, trainSeconds, seconds, tracker,
         engine, rewind] = state;
  static_cast<void>(config);
  return std::tie(pendingBatch, counts, round, epoch, seen, step, update, lastUpdateStep, lastReportStep,
                  evaluations, sinceRow, gradientNorm, lastTrainLoss, testAccuracy, bestValidationAccuracy,
                  testAccuracyAtBestValidation, rsAtBestValidation, flopsSpent, flopsDense, trainSeconds, seconds,
                  tracker, engine, rewind);
}

template <Is<MaskHistoryState> State>
auto fields(State& state) {
  auto& [size, entries, stride, waiting, update, step, block, before, active, seen] = state;
  return std::tie(size, entries, stride, waiting, update, step, block, before, active, seen);
}

template <Is<RecordPosition> State>
auto fields(State& state) {
  auto& [metrics, layers, events, log, update, recordedUpdate, history, eventFile, eventBytes] = state;
  return std::tie(metrics, layers, events, log, update, recordedUpdate, history, eventFile, eventBytes);
}

template <Is<Checkpoint> State>
auto fields(State& state) {
  auto& [run, record] = state;
  return std::tie(run, record);
}

}  // namespace lab
