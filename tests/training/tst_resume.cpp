// A run that is cut off anywhere and goes on ends as the run that was not: same rows, updates, result and weights.

#include "engines/sparse/sparse_engine.h"
#include "recorded_run.h"
#include "parameters/config_builder.h"
#include "training/run_loop_state.h"

#include <rapidcheck.h>
#include <QtTest>

using namespace lab;
using namespace lab::test;

namespace {

EngineRegistry sparseAlone() {
  EngineRegistry engines;
  engines.add(sparseEngine());
  return engines;
}

/// Sees a run whole, and pauses it after some of its rows and updates: each pause is a checkpoint.
struct Watcher : Collector {
  RunCommands commands;
  std::vector<RunLoopState> checkpoints;
  std::optional<EngineState> weights;
  int pauseEvery = 0;  ///< of the rows and updates together; 0: never
  int seenSoFar = 0;
  std::optional<SetParameter> change;  ///< sent once, at the third of them

  void onMetrics(const Metrics& row) override { Collector::onMetrics(row), another(); }
  void onTopology(const TopologyEvent& event, const std::vector<LayerExploration>& layers) override {
    Collector::onTopology(event, layers), another();
  }
  void onEvent(const RunEvent& event) override {
    Collector::onEvent(event);
    if (event.kind == "pause") commands.send(Resume{});
  }
  void onCheckpoint(const RunLoopState& state) override { checkpoints.push_back(state); }
  bool wantsCheckpoints() const override { return true; }
  void onWeights(const EngineState& state) override { weights = state; }
  bool wantsWeights() const override { return true; }

  void another() {
    ++seenSoFar;
    if (change && seenSoFar == 3) commands.send(*change);
    if (pauseEvery > 0 && seenSoFar % pauseEvery == 0) commands.send(Pause{});
  }
};

/// Everything of a row but what clocks say.
auto known(const Metrics& r) {
  return std::tie(r.step, r.epoch, r.plannedSteps, r.trainLoss, r.trainAccuracy, r.validationLoss,
                  r.validationAccuracy, r.testLoss, r.testAccuracy, r.rs, r.rsExcludingDense, r.reliable,
                  r.density, r.learningRate, r.pruneRate, r.updateInterval, r.batchSize,
                  r.trainFlopsRelativeToDense);
}

bool sameLayers(const std::vector<LayerExploration>& a, const std::vector<LayerExploration>& b) {
  const auto all = [](const LayerExploration& l) {
    return std::tie(l.weights, l.active, l.explored, l.reliable, l.grown, l.dropped, l.initialSurvivors,
                    l.activeReliable, l.countsAsDense);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](auto& x, auto& y) { return all(x) == all(y); });
}

/// Whether `rest` is the end of `whole`.
template <class T, class Same>
bool isEndOf(const std::vector<T>& rest, const std::vector<T>& whole, Same same) {
  return rest.size() <= whole.size() &&
         std::equal(rest.begin(), rest.end(), whole.end() - static_cast<std::ptrdiff_t>(rest.size()), same);
}

bool sameResult(const RunResult& a, const RunResult& b) {
  const auto growth = [](const RunResult& r) {
    return std::tie(r.growth.grown, r.growth.regrownAtOnce, r.growth.wasted);
  };
  const auto curve = [](const RunResult& r) {
    std::vector<std::tuple<int64_t, double, int64_t>> points;
    for (const SurvivalPoint& p : r.survival) points.emplace_back(p.age, p.survival, p.atRisk);
    return points;
  };
  return a.status == b.status && a.testAccuracy == b.testAccuracy && a.finalTrainLoss == b.finalTrainLoss &&
         a.bestValidationAccuracy == b.bestValidationAccuracy && a.rsAtBestValidation == b.rsAtBestValidation &&
         a.rs == b.rs && a.reliable == b.reliable && a.survived == b.survived && growth(a) == growth(b) &&
         curve(a) == curve(b) && a.steps == b.steps && a.topologyUpdates == b.topologyUpdates &&
         a.trainFlopsRelativeToDense == b.trainFlopsRelativeToDense && sameLayers(a.layers, b.layers) &&
         a.layerInfo.size() == b.layerInfo.size();
}

Config anyRun() {
  Config config = defaultsFor(*rc::gen::element<std::string>("set", "explore-first", "rigl", "static", "dsr", "gmp",
                                                             "granet", "lth"));
  config.hidden_widths = "40,30";
  config.sparsity = 0.9;
  config.distribution = "uniform";
  config.round_prune_rate = 0.7;
  config.epochs = 2;
  config.update_interval = *rc::gen::inRange<int64_t>(1, 12);
  config.batch_size = *rc::gen::inRange<int64_t>(40, 200);
  config.report_every = *rc::gen::inRange<int64_t>(1, 9);
  config.evaluate_every = *rc::gen::element(0.3, 1.0);
  config.momentum = *rc::gen::element(0.0, 0.9);
  config.update_order = *rc::gen::element<std::string>("itop", "rigl");
  return config;
}

}  // namespace

class TestResume : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void goesOnAsIfNothingHadHappened();
  void aStopLeavesACheckpointBeforeItsLastRow();
  void checkpointsChangeNothing();
  void badStatesAreNotKept();
  void otherDataAreRefused();
};

void TestResume::goesOnAsIfNothingHadHappened() {
  QVERIFY(rc::check("from every checkpoint the rest of the run is the same", [] {
    const Config config = anyRun();
    Watcher whole;
    whole.pauseEvery = *rc::gen::inRange(2, 9);
    if (*rc::gen::arbitrary<bool>()) whole.change = SetParameter{"batch_size", "77"};
    const RunResult result = trainRun(config, smallData(), sparseAlone(), whole, whole.commands);
    RC_ASSERT(result.status == RunStatus::Done);
    for (const RunLoopState& state : whole.checkpoints) {
      if (whole.change && state.pendingBatch != 77) continue;  // the change is not made again
      Watcher rest;
      const RunResult end = resumeRun(*whole.start, state, smallData(), sparseAlone(), rest, rest.commands);
      RC_ASSERT(sameResult(end, result));
      RC_ASSERT(rest.weights == whole.weights);
      RC_ASSERT(static_cast<int64_t>(rest.updates.size()) == result.topologyUpdates - state.update);
      RC_ASSERT(isEndOf(rest.rows, whole.rows, [](const Metrics& a, const Metrics& b) {
        return known(a) == known(b) && sameLayers(a.layers, b.layers);
      }));
      RC_ASSERT(rest.rows.front().step > state.lastReportStep);
      RC_ASSERT(isEndOf(rest.updates, whole.updates, [](const TopologyEvent& a, const TopologyEvent& b) {
        return a.update == b.update && a.step == b.step && a.layers[0].grown == b.layers[0].grown;
      }));
    }
  }));
}

void TestResume::aStopLeavesACheckpointBeforeItsLastRow() {
  Config config = smallConfig();
  config.report_every = 7;
  Watcher whole, cut, rest;
  const RunResult result = trainRun(config, smallData(), sparseAlone(), whole, whole.commands);
  // Rows come at the steps 0, 7, 14; the stop binds at the span after the third.
  struct Stopper : Watcher {
    void onMetrics(const Metrics& row) override {
      Watcher::onMetrics(row);
      if (row.step == 14) commands.send(Stop{});
    }
  } stopped;
  QCOMPARE(trainRun(config, smallData(), sparseAlone(), stopped, stopped.commands).status, RunStatus::Stopped);
  QCOMPARE(stopped.checkpoints.size(), size_t{1});
  QVERIFY(!stopped.weights.has_value());
  const RunResult end =
      resumeRun(*stopped.start, stopped.checkpoints[0], smallData(), sparseAlone(), rest, rest.commands);
  QVERIFY(sameResult(end, result));
  QCOMPARE(rest.rows.front().step, 16);  // the evaluation at the end of the epoch
}

void TestResume::checkpointsChangeNothing() {
  Config config = smallConfig();
  config.update_interval = 1;
  config.checkpoint_every = 1e-9;
  Watcher often, never;
  const RunResult a = trainRun(config, smallData(), sparseAlone(), often, often.commands);
  config.checkpoint_every = 0;
  const RunResult b = trainRun(config, smallData(), sparseAlone(), never, never.commands);
  QVERIFY(!often.checkpoints.empty());
  QVERIFY(never.checkpoints.empty());
  QVERIFY(sameResult(a, b));
  QVERIFY(often.weights == never.weights);
  QVERIFY(
      isEndOf(often.rows, never.rows, [](const Metrics& x, const Metrics& y) { return known(x) == known(y); }));
}

void TestResume::badStatesAreNotKept() {
  EngineState state;
  state.layers.resize(2);
  state.norms.resize(1);
  QVERIFY(isFinite(state));
  state.layers[1].biasSecondMoment = {1, std::nanf("")};
  QVERIFY(!isFinite(state));
  state.layers[1].biasSecondMoment.clear();
  state.norms[0].variance = {std::numeric_limits<float>::infinity()};
  QVERIFY(!isFinite(state));

  Config config = smallConfig();
  config.learning_rate = 1e6;
  config.report_every = 1;
  Watcher run;
  run.pauseEvery = 1;
  const RunResult result = trainRun(config, smallData(), sparseAlone(), run, run.commands);
  QCOMPARE(result.exitCode, ExitCode::Diverged);
  QVERIFY(!run.checkpoints.empty());
  for (const RunLoopState& checkpoint : run.checkpoints) QVERIFY(isFinite(checkpoint.engine));
}

void TestResume::otherDataAreRefused() {
  Watcher run, rest;
  run.pauseEvery = 5;
  trainRun(smallConfig(), smallData(), sparseAlone(), run, run.commands);
  RunStart start = *run.start;
  start.dataChecksums["train.gz"] = "abc";
  const auto refused = [&] {
    return resumeRun(start, run.checkpoints.front(), smallData(), sparseAlone(), rest, rest.commands);
  };
  QCOMPARE(refused().exitCode, ExitCode::Data);
  start = *run.start;
  start.engine = "abacus";
  QCOMPARE(refused().exitCode, ExitCode::Configuration);
  QVERIFY(!rest.start.has_value());
}

QTEST_APPLESS_MAIN(TestResume)
#include "tst_resume.moc"
