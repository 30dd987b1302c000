// Whole runs of every method on an engine without arithmetic: what is planned, counted and explored.
#include "any_config.h"
#include "recorded_run.h"

#include "network/models.h"
#include "topology/methods.h"

#include <rapidcheck.h>
#include <QtTest>

#include <cmath>
#include <numeric>

using namespace lab;
using namespace lab::test;

namespace {

/// smallConfig() under the method's own recipe.
Config configFor(const char* method) {
  Config config = smallConfig();
  config.method = method;
  for (const MethodDefault& own : findMethod(method)->defaults)
    if (own.key != "update_interval") setFromText(config, *findParameter(own.key), own.value);
  config.initial_mask = "random";
  return config;
}

int64_t sum(const std::vector<int64_t>& values) { return std::accumulate(values.begin(), values.end(), int64_t{0}); }

/// Active weights of each layer after every update.
std::vector<std::vector<int64_t>> countsOf(const Run& run) {
  std::vector<std::vector<int64_t>> counts(1);
  for (const LayerInfo& layer : run.seen.start->layers) counts[0].push_back(layer.active);
  for (const TopologyEvent& event : run.seen.updates) {
    counts.push_back(counts.back());
    for (size_t l = 0; l < event.layers.size(); ++l)
      counts.back()[l] += static_cast<int64_t>(event.layers[l].grown.size()) -
                          static_cast<int64_t>(event.layers[l].dropped.size());
  }
  return counts;
}

NetworkSpec networkOf(const Config& config) { return makeNetwork(config, smallData()->shape, smallData()->classes).take(); }

/// Training FLOPs over those of the dense network, from what was active when and from which steps scored all weights.
double flopsOf(const Run& run, const Config& config, bool denseEverywhere, bool denseAtUpdates) {
  const auto layers = weightLayers(networkOf(config));
  const auto counts = countsOf(run);
  const auto flops = [&](const std::vector<int64_t>& active, bool first, bool dense) {
    double forward = 0, below = 0, weight = 0;
    for (size_t l = 0; l < layers.size(); ++l) {
      const auto n = static_cast<double>(active[l]), all = static_cast<double>(layers[l].weights);
      forward += 2 * n;
      if (l > 0 || !first) below += 2 * n;
      weight += 2 * (dense ? all : n);
    }
    return forward + below + weight;
  };
  std::vector<int64_t> all;
  for (const WeightLayer& layer : layers) all.push_back(layer.weights);
  double spent = 0, whole = 0;
  size_t update = 0;
  for (size_t s = 0; s < run.recording->steps.size(); ++s) {
    const auto samples = static_cast<double>(run.recording->steps[s].samples.size());
    const bool updates = update < run.seen.updates.size() && run.seen.updates[update].step == static_cast<int64_t>(s) + 1;
    spent += samples * flops(counts[update], true, denseEverywhere || (updates && denseAtUpdates));
    whole += samples * flops(all, true, false);
    update += updates;
  }
  return spent / whole;
}

}  // namespace

class TestMethods : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void countsStay_data();
  void countsStay();
  void gradualPruningFollowsTheCubic_data();
  void gradualPruningFollowsTheCubic();
  void graNetExchangesWhilePruning();
  void lotteryTicketsGoFromRoundToRound();
  void lotteryTicketsRewind();
  void explorationBeginsAndEnds();
  void theLastStepHasNoUpdate();
  void theBestValidationHasItsOwnRs();
  void meanLossesDivideByTheSamples();
  void flopsOfEveryMethod_data();
  void flopsOfEveryMethod();
  void learnedThresholdsSeeTheEnd();
  void anyRunKeepsItsPromises();
  void forecastsBoundWhatHappens();
};

void TestMethods::countsStay_data() {
  QTest::addColumn<QString>("method");
  QTest::addColumn<bool>("eachLayer");
  for (const auto& [method, each] : {std::pair{"set", true}, {"explore-first", true}, {"rigl", true}, {"snfs", false},
                                     {"dsr", false}, {"static", true}, {"dense", true}})
    QTest::newRow(method) << method << each;
}

void TestMethods::countsStay() {
  QFETCH(QString, method);
  QFETCH(bool, eachLayer);
  Run run;
  const Config config = configFor(qPrintable(method));
  QCOMPARE(run.train(config).status, RunStatus::Done);
  const auto counts = countsOf(run);
  QCOMPARE(counts.size() > 1, findMethod(config.method)->changesTopology());
  for (const auto& now : counts) {
    QCOMPARE(sum(now), sum(counts[0]));
    if (eachLayer) QCOMPARE(now, counts[0]);
  }
  QCOMPARE(run.result.activeWeights, sum(counts[0]));
}

void TestMethods::gradualPruningFollowsTheCubic_data() {
  QTest::addColumn<double>("initial");
  QTest::addColumn<QString>("scope");
  for (const char* scope : {"layer", "global"})
    for (const double initial : {0.0, 0.5}) QTest::addRow("%s from %g", scope, initial) << initial << scope;
}

void TestMethods::gradualPruningFollowsTheCubic() {
  QFETCH(double, initial);
  QFETCH(QString, scope);
  Config config = configFor("gmp");
  config.initial_sparsity = initial;
  config.pruning_scope = scope.toStdString();
  config.update_begin = 0.1;
  Run run;
  QCOMPARE(run.train(config).status, RunStatus::Done);
  const auto counts = countsOf(run);
  const auto weights = static_cast<double>(maskableCount(networkOf(config)));
  QCOMPARE(sum(counts[0]), std::llround((1 - initial) * weights));
  QVERIFY(run.seen.updates.size() > 4);
  for (size_t u = 0; u < run.seen.updates.size(); ++u) {
    const int64_t step = run.seen.updates[u].step;
    const double epoch = static_cast<double>(step / 16) + static_cast<double>(std::min<int64_t>(step % 16 * 64, 1000)) / 1000;
    const double over = std::clamp((epoch / 4 - 0.1) / (0.75 - 0.1), 0.0, 1.0);
    const double sparsity = 0.9 + (initial - 0.9) * std::pow(1 - over, 3);  // Zhu and Gupta 2017, equation 1
    QVERIFY(std::abs(static_cast<double>(sum(counts[u + 1])) / weights - (1 - sparsity)) < 2 / weights);
  }
  QCOMPARE(sum(counts.back()), std::llround(0.1 * weights));  // the last update reaches what was asked
}

void TestMethods::graNetExchangesWhilePruning() {
  Run run;
  QCOMPARE(run.train(configFor("granet")).status, RunStatus::Done);
  const auto counts = countsOf(run);
  for (size_t u = 0; u < run.seen.updates.size(); ++u) {
    QVERIFY(sum(counts[u + 1]) <= sum(counts[u]));
    size_t grown = 0;
    for (const LayerChange& change : run.seen.updates[u].layers) grown += change.grown.size();
    QVERIFY(grown > 0);
  }
  QVERIFY(run.result.rs > 0.5);  // it began with half of the weights and explored others
}

void TestMethods::lotteryTicketsGoFromRoundToRound() {
  Config config = configFor("lth");
  config.epochs = 2;
  Run run;
  QCOMPARE(run.train(config).status, RunStatus::Done);
  const int64_t rounds = 11;  // .8^11 < .1 <= .8^10
  QCOMPARE(static_cast<int64_t>(run.recording->steps.size()), (rounds + 1) * 2 * 16);
  QCOMPARE(run.seen.start->plannedSteps, (rounds + 1) * 2 * 16);
  const auto counts = countsOf(run);
  QCOMPARE(static_cast<int64_t>(counts.size()), rounds + 1);
  const auto weights = static_cast<double>(maskableCount(networkOf(config)));
  for (int64_t round = 0; round <= rounds; ++round) {
    const double left = std::max(0.1, std::pow(0.8, static_cast<double>(round)));
    QVERIFY(std::abs(static_cast<double>(sum(counts[static_cast<size_t>(round)])) - left * weights) < 3);
  }
  QCOMPARE(run.result.rs, 1.0);
  QVERIFY(run.seen.has("round"));
  // Every round has the learning rates of a whole training.
  for (size_t s = 0; s < 32; ++s) QCOMPARE(run.recording->steps[32 + s].learningRate, run.recording->steps[s].learningRate);
  // Rounds see their samples in orders of their own.
  QVERIFY(run.recording->steps[32].samples != run.recording->steps[0].samples);
}

void TestMethods::lotteryTicketsRewind() {
  Config config = configFor("lth");
  config.epochs = 2;
  config.rewind_epoch = 1;
  Run run;
  run.commands.send(TakeSnapshot{});
  QCOMPARE(run.train(config).status, RunStatus::Done);
  // The engine's weights are a function of position and update; after the first pruning they are those from before it.
  const EngineState& first = run.seen.snapshots.front()->state;
  const EngineState& last = run.recording->restored.back();
  size_t compared = 0;
  for (size_t l = 0; l < last.layers.size(); ++l) {
    size_t place = 0;
    size_t before = 0;
    forEachOne(first.layers[l].active, [&](int64_t i) {
      if (last.layers[l].active.test(i)) {
        QCOMPARE(last.layers[l].weights[place++], first.layers[l].weights[before]);
        ++compared;
      }
      ++before;
    });
    QVERIFY(last.layers[l].momentum.empty());
  }
  QVERIFY(compared > 100);
}

void TestMethods::explorationBeginsAndEnds() {
  Config config = smallConfig();
  config.update_begin = 0.3;
  config.update_end = 0.7;
  Run run;
  QCOMPARE(run.train(config).status, RunStatus::Done);
  QVERIFY(run.seen.updates.size() > 2);
  for (const TopologyEvent& event : run.seen.updates) {
    const double progress = static_cast<double>(event.step) / 64;
    QVERIFY(progress > 0.3 - 0.01 && progress < 0.7 + 0.01);
  }
  QVERIFY(std::abs(run.seen.updates.front().pruneRate - 0.5) < 0.01);
  QVERIFY(run.seen.updates.back().pruneRate < 0.06);
}

/// Row 4 of the published code's deviations, and what exact semantics do.
void TestMethods::theLastStepHasNoUpdate() {
  for (const bool official : {false, true}) {
    Config config = smallConfig();
    config.update_interval = 16;  // the 64th step is due
    config.semantics = official ? "official" : "exact";
    Run run;
    QCOMPARE(run.train(config).status, RunStatus::Done);
    QCOMPARE(run.seen.updates.back().step, int64_t(official ? 64 : 48));
  }
}

/// Row 14: the published code reports the accuracy of the best epoch beside the R_s of the last.
void TestMethods::theBestValidationHasItsOwnRs() {
  for (const bool official : {false, true}) {
    Config config = smallConfig();
    config.semantics = official ? "official" : "exact";
    Run run;
    run.recording->correct = [](int64_t evaluation) { return evaluation == 1 ? 0.9 : 0.4; };  // best after two epochs
    const RunResult& result = run.train(config);
    std::vector<Metrics> evaluated;
    for (const Metrics& row : run.seen.rows)
      if (row.testAccuracy) evaluated.push_back(row);
    QCOMPARE(evaluated.size(), size_t(4));
    const Metrics &best = evaluated[1], &last = evaluated[3];
    QCOMPARE(*result.testAccuracyAtBestValidation, *best.testAccuracy);
    QCOMPARE(*result.testAccuracy, official ? *best.testAccuracy : *last.testAccuracy);
    QVERIFY(*best.testAccuracy > *last.testAccuracy);
    QCOMPARE(*result.rsAtBestValidation, best.rs);
    QCOMPARE(result.rs, last.rs);
    QVERIFY(best.rs < last.rs);
  }
}

/// Row 23: the published code divides the sum over n steps by the last index, n - 1.
void TestMethods::meanLossesDivideByTheSamples() {
  for (const bool official : {false, true}) {
    Config config = smallConfig();
    config.semantics = official ? "official" : "exact";
    Run run;
    run.recording->loss = [](int64_t) { return 1.5; };
    run.train(config);
    int64_t before = 0;
    for (const Metrics& row : run.seen.rows) {
      if (!row.trainLoss) continue;
      const auto steps = static_cast<double>(row.step - before);
      before = row.step;
      QVERIFY(std::abs(*row.trainLoss - (official && steps > 1 ? 1.5 * steps / (steps - 1) : 1.5)) < 1e-12);
    }
    QCOMPARE(before, int64_t(64));
  }
}

void TestMethods::flopsOfEveryMethod_data() {
  QTest::addColumn<QString>("method");
  QTest::addColumn<bool>("everywhere");
  QTest::addColumn<bool>("atUpdates");
  for (const auto& [method, everywhere, at] :
       {std::tuple{"dense", false, false}, {"static", false, false}, {"set", false, false}, {"rigl", false, true},
        {"snfs", true, false}, {"dsr", false, false}, {"gmp", false, false}, {"granet", false, true}})
    QTest::newRow(method) << method << everywhere << at;
}

void TestMethods::flopsOfEveryMethod() {
  QFETCH(QString, method);
  QFETCH(bool, everywhere);
  QFETCH(bool, atUpdates);
  const Config config = configFor(qPrintable(method));
  Run run;
  run.train(config);
  const double expected = flopsOf(run, config, everywhere, atUpdates);
  QVERIFY2(std::abs(run.result.trainFlopsRelativeToDense - expected) < 1e-9 * expected,
           qPrintable(QString("%1 %2").arg(run.result.trainFlopsRelativeToDense).arg(expected)));
  if (method == "dense") QVERIFY(std::abs(expected - 1) < 1e-12);
}

void TestMethods::learnedThresholdsSeeTheEnd() {
  Run run;
  Config config = configFor("str");
  run.recording->refuseUpdates = true;
  QCOMPARE(run.train(config).status, RunStatus::Done);
  QCOMPARE(run.recording->plans.back().step, 64);  // nothing is grown, so that the last step's mask is the true one
}

void TestMethods::anyRunKeepsItsPromises() {
  QVERIFY(rc::check("method × rules × distribution × schedule × network", [] {
    Config config = anyValidConfig();
    config.hidden_widths = *rc::gen::element<std::string>("40", "24,30", "16,16,16");
    config.model = "mlp";
    config.dataset = Config{}.dataset;
    config.sparsity = *rc::gen::element(0.5, 0.8, 0.9);
    config.initial_sparsity = std::min(config.initial_sparsity, 0.4);
    config.initial_mask = "random";
    if (config.constraint.find(':') != std::string::npos) config.constraint = "none";  // 25 inputs are no multiple
    config.batch_size = *rc::gen::inRange<int64_t>(40, 300);
    config.epochs = *rc::gen::inRange<int64_t>(1, 4);
    config.time_multiplier = 1;
    config.rewind_epoch = 0;
    config.update_interval = *rc::gen::inRange<int64_t>(1, 20);
    config.round_prune_rate = 0.4;
    config.evaluate_every = 1;
    config.report_every = 5;
    config.engine = "auto";
    config.learning_rate = 0.1;
    resetIdle(config);
    RC_PRE(config.method != "str");  // its masks are the engine's
    RC_PRE(validate(config).empty());
    // Pruning ends at the first step beyond update_end, which must not be the last one of all.
    const double steps = std::ceil(300.0 / static_cast<double>(config.batch_size)) * static_cast<double>(config.epochs);
    RC_PRE(findMethod(config.method)->course != Course::Pruning || config.update_end < 1 - 1.5 / steps);
    Run run;
    run.train(config, 300);
    RC_LOG(toCommandLine(config) + run.result.reason);
    RC_ASSERT(run.result.status == RunStatus::Done);
    const auto weights = static_cast<double>(run.result.maskableWeights);
    double rs = 0;
    for (const Metrics& row : run.seen.rows) {
      RC_ASSERT(row.rs >= rs);  // never falls
      RC_ASSERT(row.reliable <= row.rs);
      RC_ASSERT(row.density <= row.rs + 1e-12);
      rs = row.rs;
    }
    RC_ASSERT(run.result.reliable.at(0) == run.result.rs);
    // Everything ever grown and the first connections bound what is explored.
    int64_t bound = 0;
    for (const LayerInfo& layer : run.seen.start->layers) bound += layer.active;
    for (const TopologyEvent& event : run.seen.updates)
      for (const LayerChange& change : event.layers) bound += static_cast<int64_t>(change.grown.size());
    RC_ASSERT(run.result.rs <= static_cast<double>(bound) / weights + 1e-12);
    for (const LayerExploration& layer : run.result.layers) RC_ASSERT(layer.active >= 1);
    const Method& method = *findMethod(config.method);
    const auto rules = rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope}).take();
    const bool exact = config.semantics == "exact" && config.constraint == "none" &&
                       (config.regrow_dropped || rules.redistribution == Redistribution::None);
    if (method.sparse && exact && method.course != Course::Rounds && config.regrow_dropped) {
      const double asked = std::round(config.density() * weights);
      RC_ASSERT(static_cast<double>(run.result.activeWeights) == asked);
    }
    if (!method.changesTopology() && config.semantics == "exact") RC_ASSERT(run.result.rs == run.result.density);
  }));
}

void TestMethods::forecastsBoundWhatHappens() {
  for (const char* method : {"rigl", "snfs", "dsr", "granet", "explore-first", "gmp", "lth", "dense", "static"}) {
    const Config config = configFor(method);
    Run run;
    run.train(config);
    const PredictedRs predicted = predictRs(config, networkOf(config), 1000);
    QVERIFY2(run.result.rs <= predicted.rs + 1e-9, method);
    if (!predicted.isBound) QVERIFY2(std::abs(run.result.rs - predicted.rs) < 1e-9, method);
  }
}

QTEST_APPLESS_MAIN(TestMethods)
#include "tst_methods.moc"
