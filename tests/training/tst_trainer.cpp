#include "recorded_run.h"

#include "network/models.h"

#include <rapidcheck.h>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace lab;
using namespace lab::test;

class TestTrainer : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everySampleOncePerEpoch();
  void epochsDifferAndSeedsDiffer();
  void updatesFallEveryInterval();
  void neverUpdatesAtTheLastStep();
  void updateEndIsKept();
  void activeCountsNeverChange();
  void rsFollowsTheClosedForms();
  void pruneRateFollowsTheSchedule();
  void learningRateFollowsTheSchedule();
  void rowsReportMeansSinceTheRowBefore();
  void evaluatesAtTheAskedTimes();
  void runsWithoutValidationImages();
  void keepsBestAndLastAccuracy();
  void spansInFlightChangeNothing();
  void staticAndDenseRun();
  void flopsByHand();
};

void TestTrainer::everySampleOncePerEpoch() {
  Run run;
  run.train(smallConfig());
  QCOMPARE(run.result.status, RunStatus::Done);
  QCOMPARE(run.recording->steps.size(), size_t{4 * 16});  // ⌈1000 / 64⌉: the last, short batch is kept
  for (size_t epoch = 0; epoch < 4; ++epoch) {
    std::set<int32_t> seen;
    for (size_t s = 0; s < 16; ++s) {
      const auto& samples = run.recording->steps[epoch * 16 + s].samples;
      QCOMPARE(samples.size(), size_t{s == 15 ? 1000u - 15 * 64 : 64u});
      seen.insert(samples.begin(), samples.end());
    }
    QCOMPARE(seen.size(), size_t{1000});
    QCOMPARE(*seen.rbegin(), 999);
  }
}

void TestTrainer::epochsDifferAndSeedsDiffer() {
  Run first, again, other;
  Config config = smallConfig();
  first.train(config);
  again.train(config);
  config.seed = 2;
  other.train(config);
  const auto& steps = first.recording->steps;
  QVERIFY(steps[0].samples != steps[16].samples);
  QVERIFY(steps[0].samples == again.recording->steps[0].samples);
  QVERIFY(steps[0].samples != other.recording->steps[0].samples);
}

void TestTrainer::updatesFallEveryInterval() {
  Run run;
  run.train(smallConfig());
  QCOMPARE(run.recording->plans.size(), size_t{9});  // 63 / 7
  for (size_t u = 0; u < 9; ++u) {
    QCOMPARE(run.recording->plans[u].step, static_cast<int64_t>(7 * (u + 1)));
    QCOMPARE(run.recording->plans[u].update, static_cast<int64_t>(u + 1));
  }
  QCOMPARE(run.result.topologyUpdates, 9);
}

void TestTrainer::neverUpdatesAtTheLastStep() {
  for (const int64_t interval : {1, 8, 16, 32, 64}) {
    Run run;
    Config config = smallConfig();
    config.update_interval = interval;
    run.train(config);
    QCOMPARE(static_cast<int64_t>(run.recording->plans.size()), 64 / interval - 1);
    for (const TopologyPlan& plan : run.recording->plans) QVERIFY(plan.step < 64);
  }
}

void TestTrainer::updateEndIsKept() {
  Run run;
  Config config = smallConfig();
  config.update_interval = 1;
  config.update_end = 0.5;
  run.train(config);
  QCOMPARE(run.recording->plans.back().step, 32);
  QVERIFY(std::abs(run.recording->plans.back().pruneRate - config.prune_rate_floor) < 1e-12);
}

void TestTrainer::activeCountsNeverChange() {
  QVERIFY(rc::check("every layer keeps its exact count through every update", [] {
    Config config = smallConfig();
    config.sparsity = *rc::gen::element(0.5, 0.8, 0.95);
    config.distribution = *rc::gen::element<std::string>("uniform", "er", "erk");
    config.method = *rc::gen::element<std::string>("set", "explore-first");
    config.update_interval = *rc::gen::inRange<int64_t>(1, 20);
    config.prune_rate = *rc::gen::element(0.1, 0.5, 1.0);
    config.epochs = 2;
    Run run;
    run.train(config);
    RC_ASSERT(run.result.status == RunStatus::Done);
    auto masks = run.seen.start->initialMasks;
    for (const TopologyEvent& event : run.seen.updates)
      for (size_t l = 0; l < masks.size(); ++l) {
        for (const int64_t i : event.layers[l].dropped) masks[l].clear(i);
        for (const int64_t i : event.layers[l].grown) masks[l].set(i);
        RC_ASSERT(masks[l].count() == run.seen.start->layers[l].active);
      }
  }));
}

void TestTrainer::rsFollowsTheClosedForms() {
  Config config = smallConfig();
  config.sparsity = 0.97;
  const auto network = makeNetwork(config, smallData()->shape, smallData()->classes).take();
  // Explore-first: exact. Random: an expectation, within a few standard errors over 30 seeds.
  config.method = "explore-first";
  Run exact;
  exact.train(config);
  QVERIFY(std::abs(exact.result.rs - predictRs(config, network, 1000).rs) < 1e-12);

  config.method = "set";
  double mean = 0;
  for (int seed = 1; seed <= 30; ++seed) {
    config.seed = seed;
    Run run;
    run.train(config);
    mean += run.result.rs / 30;
  }
  const PredictedRs predicted = predictRs(config, network, 1000);
  QVERIFY(!predicted.isBound);
  QVERIFY2(std::abs(mean - predicted.rs) < 0.004, qPrintable(QString("%1, %2").arg(mean).arg(predicted.rs)));
  config.method = "static";
  QVERIFY(std::abs(predictRs(config, network, 1000).rs - 0.03) < 1e-3);
  config.method = "rigl";
  QVERIFY(predictRs(config, network, 1000).isBound);
}

void TestTrainer::pruneRateFollowsTheSchedule() {
  Run run;
  const Config config = smallConfig();
  run.train(config);
  for (const TopologyPlan& plan : run.recording->plans) {
    const int64_t inEpoch = plan.step % 16;
    const double progress = (static_cast<double>(plan.step / 16) + static_cast<double>(inEpoch * 64) / 1000) / 4;
    const double rate = 0.005 + 0.5 * (0.5 - 0.005) * (1 + std::cos(3.14159265358979323846 * progress));
    QVERIFY(std::abs(plan.pruneRate - rate) < 1e-12);
  }
  QVERIFY(!run.seen.updates.empty());
  for (const TopologyEvent& event : run.seen.updates)
    for (size_t l = 0; l < event.layers.size(); ++l) {
      const auto active = static_cast<double>(run.seen.start->layers[l].active);
      QCOMPARE(static_cast<int64_t>(event.layers[l].dropped.size()),
               static_cast<int64_t>(std::ceil(event.pruneRate * active - 1e-9)));
      QCOMPARE(event.layers[l].grown.size(), event.layers[l].dropped.size());
    }
}

void TestTrainer::learningRateFollowsTheSchedule() {
  Run run;
  run.train(smallConfig());
  for (size_t s = 0; s < 64; ++s) {
    const float expected = s < 32 ? 0.1f : s < 48 ? 0.01f : 0.001f;
    QVERIFY(std::abs(run.recording->steps[s].learningRate - expected) < 1e-7f);
  }
}

void TestTrainer::rowsReportMeansSinceTheRowBefore() {
  Run run;
  Config config = smallConfig();
  config.report_every = 5;
  run.recording->loss = [](int64_t step) { return static_cast<double>(step); };
  run.train(config);
  QCOMPARE(run.seen.rows.front().step, 0);
  QVERIFY(!run.seen.rows.front().trainLoss);
  for (size_t r = 1; r < run.seen.rows.size(); ++r) {
    const int64_t from = run.seen.rows[r - 1].step, to = run.seen.rows[r].step;
    QVERIFY(to > from && to - from <= 5);
    double loss = 0, samples = 0;
    for (int64_t s = from + 1; s <= to; ++s) {
      const auto n = static_cast<double>(run.recording->steps[static_cast<size_t>(s - 1)].samples.size());
      loss += n * static_cast<double>(s);
      samples += n;
    }
    QVERIFY(std::abs(*run.seen.rows[r].trainLoss - loss / samples) < 1e-9);  // by samples, not by batches
  }
  QCOMPARE(run.seen.rows.back().step, 64);
}

void TestTrainer::evaluatesAtTheAskedTimes() {
  for (const auto& [every, expected] :
       std::vector<std::pair<double, size_t>>{{1, 4}, {0.5, 8}, {2, 2}, {3, 2}, {99, 1}}) {
    Run run;
    Config config = smallConfig();
    config.evaluate_every = every;
    run.train(config);
    const auto evaluated = std::count_if(run.seen.rows.begin(), run.seen.rows.end(),
                                         [](const Metrics& row) { return row.testAccuracy.has_value(); });
    QCOMPARE(static_cast<size_t>(evaluated), expected);
    QVERIFY(run.seen.rows.back().testAccuracy.has_value());
  }
}

void TestTrainer::runsWithoutValidationImages() {
  Collector seen;
  RunCommands commands;
  for (const char* method : {"set", "dense"}) {
    Config config = smallConfig();
    config.method = method;
    const RunResult result = trainRun(config, syntheticDataset({1, 5, 5}, 4, 300, 0, 60, 1),
                                      recordingRegistry(std::make_shared<Recording>()), seen, commands);
    QCOMPARE(result.status, RunStatus::Done);
    QVERIFY(!result.bestValidationAccuracy);
    QCOMPARE(result.testAccuracy, 0.5);
  }
}

void TestTrainer::keepsBestAndLastAccuracy() {
  Run run;
  run.recording->correct = [](int64_t evaluation) { return evaluation == 1 ? 0.75 : 0.5; };
  run.train(smallConfig());
  QCOMPARE(run.result.bestValidationAccuracy, 0.75);
  QCOMPARE(run.result.testAccuracy, 0.5);
  QVERIFY(run.result.rsAtBestValidation < run.result.rs);
}

void TestTrainer::spansInFlightChangeNothing() {
  Run one, many;
  many.recording->inFlight = 5;
  one.train(smallConfig());
  many.train(smallConfig());
  QCOMPARE(many.result.rs, one.result.rs);
  QCOMPARE(many.result.reliable, one.result.reliable);
  QCOMPARE(many.seen.updates.size(), one.seen.updates.size());
  QCOMPARE(many.seen.rows.size(), one.seen.rows.size());
  for (size_t r = 0; r < one.seen.rows.size(); ++r) {
    QCOMPARE(many.seen.rows[r].step, one.seen.rows[r].step);
    QCOMPARE(many.seen.rows[r].trainLoss, one.seen.rows[r].trainLoss);
    QCOMPARE(many.seen.rows[r].reliable, one.seen.rows[r].reliable);
  }
}

void TestTrainer::staticAndDenseRun() {
  Config config = smallConfig();
  config.method = "static";
  Run fixed;
  fixed.train(config);
  QCOMPARE(fixed.result.status, RunStatus::Done);
  QCOMPARE(fixed.result.topologyUpdates, 0);
  QCOMPARE(fixed.result.rs, fixed.result.density);
  config.method = "dense";
  Run dense;
  dense.train(config);
  QCOMPARE(dense.result.status, RunStatus::Done);
  QCOMPARE(dense.result.rs, 1.0);
  QCOMPARE(dense.result.trainFlopsRelativeToDense, 1.0);
}

void TestTrainer::flopsByHand() {
  // Layers 25×40, 40×30, 30×4, all at density .1: forward and weight gradient over all, input gradient over the
  // last two.
  Config config = smallConfig();
  Run run;
  run.train(config);
  const double active[] = {100, 120, 12}, weights[] = {1000, 1200, 120};
  const double spent = 2 * (active[0] + active[1] + active[2]) + active[1] + active[2];
  const double dense = 2 * (weights[0] + weights[1] + weights[2]) + weights[1] + weights[2];
  QVERIFY(std::abs(run.result.trainFlopsRelativeToDense - spent / dense) < 1e-12);
  config.method = "rigl";
  config.grow = "auto";
  Run rigl;
  rigl.recording->afterSpan = nullptr;
  rigl.train(config);
  QVERIFY(rigl.result.trainFlopsRelativeToDense > run.result.trainFlopsRelativeToDense);
}

QTEST_APPLESS_MAIN(TestTrainer)
#include "tst_trainer.moc"
