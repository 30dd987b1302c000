#include "training/run_loop.h"

#include "random/keyed_permutation.h"
#include "training/learning_rate.h"
#include "run_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lab {

namespace {

/// Spans are kept about this short, so that commands bind soon.
constexpr double kSpanSeconds = 0.05;

std::vector<Mask> activeMasks(const EngineState& state) {
  std::vector<Mask> masks;
  for (const LayerState& layer : state.layers) masks.push_back(layer.active);
  return masks;
}

std::vector<int64_t> activeCounts(const EngineState& state) {
  std::vector<int64_t> counts;
  for (const LayerState& layer : state.layers) counts.push_back(layer.active.count());
  return counts;
}

double accuracy(const Sums& sums) { return static_cast<double>(sums.correct) / static_cast<double>(sums.samples); }
double meanLoss(const Sums& sums) { return sums.loss / static_cast<double>(sums.samples); }

}  // namespace

RunLoop::RunLoop(const Config& config, std::shared_ptr<const Dataset> data, const NetworkSpec& network,
                 Engine& engine, EngineState initial, LayerCounts counts, RunObserver& observer, RunCommands& commands)
    : config_(config), data_(std::move(data)), engine_(engine), observer_(observer), commands_(commands),
      layers_(weightLayers(network)), counts_(std::move(counts)), policy_(config, layers_, counts_.start, counts_.end),
      tracker_(activeMasks(initial), config.reliable_steps), flops_(layers_, activeCounts(initial)),
      time_{data_->train.count, config.batch_size, config.totalEpochs()}, pendingBatch_(config.batch_size) {
  engine_.restore(initial);
  rounds_ = 1 + policy_.pruningRounds(config);
}

RunStatus RunLoop::run() {
  if (resumed_)
    tell("resume", fmt::format("resumed from the checkpoint at step {}", step_));
  else
    report(false);
  runRound();
  while (round_ + 1 < rounds_ && !stopped()) {
    pruneRound();
    runRound();
  }
  collectAll();
  if (lastReportStep_ != step_) report(!stopped());
  if (snapshotWanted_) snapshot();
  if (!stopped() && observer_.wantsWeights()) observer_.onWeights(engine_.state());
  return stopped() ? RunStatus::Stopped : RunStatus::Done;
}

void RunLoop::runRound() {
  while (epoch_ < time_.epochs && !stopped()) {
    if (!resumed_) beginEpoch();
    resumed_ = false;
    runEpoch();
  }
  resumed_ = false;
}

void RunLoop::runEpoch() {
  const KeyedPermutation shuffle(
      {static_cast<uint64_t>(config_.seed), Purpose::SampleOrder, 0,
       static_cast<uint32_t>(round_ * time_.epochs + epoch_)},
      static_cast<uint64_t>(time_.samples), static_cast<uint64_t>(time_.samples));
  order_.resize(static_cast<size_t>(time_.samples));
  for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<int32_t>(shuffle.at(i));
  while (seen_ < time_.samples) {
    obeyCommands();
    if (stopped()) break;
    carryOut(nextSpan());
    const bool last = epoch_ + 1 == time_.epochs && seen_ == time_.samples;
    if (!last) reportIfDue();
  }
  collectAll();  // the next epoch's order replaces the one that spans in flight point into
  if (stopped()) return;
  ++epoch_;
  seen_ = 0;
}

Span RunLoop::nextSpan() {
  Span span;
  do {
    const int64_t count = std::min(time_.batch, time_.samples - seen_);
    const double factor = learningRateFactor(config_, epochInRound(), epochSteps());
    const double before = progress();
    span.steps.push_back({{order_.data() + seen_, static_cast<size_t>(count)},
                          static_cast<float>(config_.learning_rate * factor), round_ * time_.epochs + epoch_});
    seen_ += count;
    ++step_;
    span.steps.back().measure = reportDue() || evaluationDue() || progress() >= 1;
    if (policy_.due(config_, step_ - lastUpdateStep_, before, progress())) {
      span.topology = policy_.plan(config_, ++update_, step_, progress());
      lastUpdateStep_ = step_;
    }
  } while (!spanEnds(span));
  return span;
}

bool RunLoop::spanEnds(const Span& span) const {
  return span.topology || seen_ == time_.samples || reportDue() || evaluationDue() ||
         static_cast<double>(span.steps.size()) * secondsPerStep_ >= kSpanSeconds;
}

/// Samples of steps that need the gradient of every weight, active or not.
int64_t RunLoop::denseGradientSamples(const Span& span) const {
  int64_t samples = 0;
  for (const PlannedStep& step : span.steps) {
    const bool grows = span.topology && &step == &span.steps.back() && policy_.rules().grow == GrowRule::Gradient;
    if (grows || policy_.rules().needsDenseMomentum()) samples += static_cast<int64_t>(step.samples.size());
  }
  return samples;
}

void RunLoop::carryOut(Span span) {
  const double before = record_.training.seconds();
  record_.training.start();
  engine_.submit(span);
  record_.training.stop();
  SpanInFlight inFlight{step_, 0, denseGradientSamples(span)};
  for (const PlannedStep& step : span.steps) inFlight.samples += static_cast<int64_t>(step.samples.size());
  inFlight_.push_back(inFlight);
  if (static_cast<int>(inFlight_.size()) >= engine_.spansInFlight()) collectOne();
  if (span.steps.empty()) return;
  const auto steps = static_cast<double>(span.steps.size());
  secondsPerStep_ = std::max(1e-6, (record_.training.seconds() - before) / steps);
}

void RunLoop::collectOne() {
  record_.training.start();
  const SpanResult result = engine_.collect();
  record_.training.stop();
  const SpanInFlight span = inFlight_.front();
  const int64_t done = span.step;
  inFlight_.pop_front();
  flops_.add(span.samples - span.denseGradientSamples, false);
  flops_.add(span.denseGradientSamples, true);
  tracker_.advanceTo(done);
  if (result.gradientNorm) record_.gradientNorm = result.gradientNorm;
  record_.sinceRow.add(result.sums);
  if (!std::isfinite(result.sums.loss))
    throw RunError(ExitCode::Diverged,
                   fmt::format("the training loss is no longer finite at step {}: a learning_rate below {} would be "
                               "right for this network",
                               done, config_.learning_rate));
  if (!result.topology) return;
  tracker_.apply(*result.topology);
  std::vector<LayerExploration> layers;
  std::vector<int64_t> active;
  for (size_t l = 0; l < tracker_.layerCount(); ++l) {
    layers.push_back(tracker_.layer(l));
    active.push_back(layers.back().active);
  }
  flops_.setActive(active);
  observer_.onTopology(*result.topology, layers);
  if (mode_ == Mode::UntilUpdate) mode_ = Mode::Paused;
}

void RunLoop::collectAll() {
  while (!inFlight_.empty()) collectOne();
}

double RunLoop::epochInRound() const {
  return static_cast<double>(epoch_) + static_cast<double>(seen_) / static_cast<double>(time_.samples);
}

int64_t RunLoop::plannedSteps() const {
  const int64_t doneInEpoch = (seen_ + time_.batch - 1) / time_.batch;
  return step_ - doneInEpoch + ((rounds_ - round_) * time_.epochs - epoch_) * epochSteps();
}

bool RunLoop::reportDue() const { return step_ - lastReportStep_ >= config_.report_every; }

bool RunLoop::evaluationDue() const {
  // Compared in whole evaluations, so that no rounding error accumulates.
  return std::floor(epochNow() / config_.evaluate_every + 1e-9) > static_cast<double>(evaluations_);
}

void RunLoop::reportIfDue() {
  if (evaluationDue()) {
    report(true);
  } else if (reportDue()) {
    report(false);
  }
}

void RunLoop::evaluateInto(Metrics& row) {
  if (data_->validation.count > 0) {
    const Sums validation = engine_.evaluate(Split::Validation);
    row.validationLoss = meanLoss(validation);
    row.validationAccuracy = accuracy(validation);
  }
  const bool best = row.validationAccuracy > record_.bestValidationAccuracy;
  if (best) {
    record_.bestValidationAccuracy = row.validationAccuracy;
    record_.rsAtBestValidation = row.rs;
  }
  if (data_->test.count > 0) {
    const Sums test = engine_.evaluate(Split::Test);
    row.testLoss = meanLoss(test);
    row.testAccuracy = record_.testAccuracy = accuracy(test);
    if (best) record_.testAccuracyAtBestValidation = row.testAccuracy;
  }
}

/// Official semantics divide a mean over n steps by n - 1.
double RunLoop::lossFactor() const {
  const auto steps = static_cast<double>(step_ - lastReportStep_);
  return policy_.semantics().dividesByLastIndex && steps > 1 ? steps / (steps - 1) : 1;
}

void RunLoop::report(bool evaluate) {
  collectAll();
  Metrics row;
  row.step = step_;
  row.epoch = epochNow();
  row.plannedSteps = plannedSteps();
  if (record_.sinceRow.samples > 0) {
    row.trainLoss = record_.lastTrainLoss = meanLoss(record_.sinceRow) * lossFactor();
    row.trainAccuracy = accuracy(record_.sinceRow);
  }
  row.rs = tracker_.rs();
  row.rsExcludingDense = tracker_.rsExcludingDense();
  if (evaluate) {
    evaluations_ = static_cast<int64_t>(std::floor(row.epoch / config_.evaluate_every + 1e-9));
    evaluateInto(row);
  }
  for (const std::string& remark : engine_.takeRemarks()) tell("warning", remark);
  row.exploration = tracker_.total();
  for (size_t l = 0; l < tracker_.layerCount(); ++l) row.layers.push_back(tracker_.layer(l));
  row.initialEdgesKept = row.exploration.initialEdgesKept();
  row.reliable = static_cast<double>(row.exploration.reliable) / static_cast<double>(row.exploration.weights);
  row.density = static_cast<double>(row.exploration.active) / static_cast<double>(row.exploration.weights);
  row.learningRate = config_.learning_rate * learningRateFactor(config_, epochInRound(), epochSteps());
  row.pruneRate = policy_.pruneRate(config_, progress());
  row.updateInterval = policy_.updates() ? config_.update_interval : 0;
  row.batchSize = config_.batch_size;
  row.trainFlops = flops_.spent();
  row.trainFlopsRelativeToDense = flops_.relativeToDense();
  row.stepFlopsRelativeToDense = flops_.stepRelativeToDense();
  row.inferenceFlopsRelativeToDense = flops_.inferenceRelativeToDense();
  row.trainSeconds = record_.training.seconds();
  row.seconds = record_.seconds();
  row.gradientNorm = record_.gradientNorm;
  record_.gradientNorm.reset();
  record_.sinceRow = {};
  lastReportStep_ = step_;
  observer_.onMetrics(row);
  if (mode_ == Mode::UntilUpdate && !policy_.updates()) mode_ = Mode::Paused;
}

void RunLoop::fill(RunResult& result) const {
  result.testAccuracyAtBestValidation = record_.testAccuracyAtBestValidation;
  result.testAccuracy =
      policy_.semantics().reportsBestValidation ? record_.testAccuracyAtBestValidation : record_.testAccuracy;
  result.bestValidationAccuracy = record_.bestValidationAccuracy;
  result.rsAtBestValidation = record_.rsAtBestValidation;
  result.finalTrainLoss = record_.lastTrainLoss;
  result.rs = tracker_.rs();
  result.rsExcludingDense = tracker_.rsExcludingDense();
  for (const int64_t k : {0,  1,  2,  3,   5,   7,   10,  15,  20,   30,  40,
                          50, 70, 80, 100, 150, 200, 300, 500, 1000, 3000}) {
    result.reliable[k] = tracker_.reliable(k);
    if (k > 0) result.lifeSums[k] = tracker_.lifeSums(k);
  }
  result.activeSteps = tracker_.activeSteps();
  result.initialEdgesKept = tracker_.total().initialEdgesKept();
  result.reliable[config_.reliable_steps] = tracker_.reliable(config_.reliable_steps);
  for (const int64_t m : {1, 2, 3, 5, 10, 20}) result.survived[m] = tracker_.survived(m);
  result.growth = tracker_.growth();
  result.survival = tracker_.survival();
  result.layers.clear();
  for (size_t l = 0; l < tracker_.layerCount(); ++l) {
    result.layers.push_back(tracker_.layer(l));
    result.activeWeights += result.layers.back().active;
    result.maskableWeights += result.layers.back().weights;
  }
  result.density = static_cast<double>(result.activeWeights) / static_cast<double>(result.maskableWeights);
  result.steps = tracker_.step();
  result.topologyUpdates = tracker_.updates();
  result.trainSeconds = record_.training.seconds();
  result.seconds = record_.seconds();
  result.trainFlops = flops_.spent();
  result.trainFlopsRelativeToDense = flops_.relativeToDense();
  result.inferenceFlops = flops_.inference();
  result.inferenceFlopsRelativeToDense = flops_.inferenceRelativeToDense();
}

}  // namespace lab
