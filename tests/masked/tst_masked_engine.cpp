// State, repeatability, threads, refusals, and real training of a convolutional network.
#include "engines/masked/masked_engine.h"
#include "network/models.h"
#include "network_fixture.h"
#include "training/initial_masks.h"
#include "training/initial_state.h"

#include <QtTest>

#include <thread>

using namespace lab;
using namespace lab::test;

namespace {

constexpr int64_t kTrain = 600;
constexpr Shape kShape{1, 28, 28};

std::shared_ptr<const Dataset> data() {
  static const auto shared = syntheticDataset(kShape, 10, kTrain, 50, 200, 8);
  return shared;
}

EngineSetup setupFor(const std::string& model, int64_t threads = 1) {
  Config config;
  config.model = model;
  config.threads = threads;
  return {makeNetwork(config, kShape, 10).take(), config, data()};
}

/// A short run with topology updates, from its start to its state.
EngineState shortRun(const EngineSetup& setup, int steps) {
  const EngineState start = randomState(setup.network, 0.1, 2);
  const auto engine = engineIn(start, maskedEngine(), setup);
  for (int step = 1; step <= steps; ++step) {
    const auto samples = someSamples(64, kTrain, step * 64);
    std::optional<TopologyPlan> plan;
    if (step % 5 == 0) plan = planFor(GrowRule::Gradient, 0.3, step / 5);
    runStep(*engine, samples, 0.02f, plan);
  }
  return engine->state();
}

}  // namespace

class MaskedEngineTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void stateGoesRoundAndTrainingGoesOnTheSame() {
    const EngineSetup setup = setupFor("lenet-300-100");
    const EngineState middle = shortRun(setup, 7);
    const auto first = engineIn(middle, maskedEngine(), setup), second = maskedEngine().make(setup);
    QVERIFY(first->state() == middle);
    runStep(*second, someSamples(10, kTrain), 0.1f);  // whatever it did before is forgotten
    second->restore(middle);
    for (int step = 0; step < 3; ++step) {
      runStep(*first, someSamples(64, kTrain, step), 0.1f);
      runStep(*second, someSamples(64, kTrain, step), 0.1f);
    }
    QVERIFY(first->state() == second->state());
    QVERIFY(!(first->state() == middle));
  }

  void evaluationChangesNothing() {
    const EngineSetup setup = setupFor("lenet-5");
    const EngineState start = randomState(setup.network, 0.2, 5);
    const auto watched = engineIn(start, maskedEngine(), setup), alone = engineIn(start, maskedEngine(), setup);
    for (int step = 0; step < 3; ++step) {
      const Sums test = watched->evaluate(Split::Test);
      QCOMPARE(test.samples, 200);
      QCOMPARE(watched->evaluate(Split::Test).loss, test.loss);
      runStep(*watched, someSamples(32, kTrain, step), 0.05f);
      runStep(*alone, someSamples(32, kTrain, step), 0.05f);
    }
    QVERIFY(watched->state() == alone->state());
  }

  void runsRepeatBitForBit_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("threads");
    QTest::newRow("perceptron") << "lenet-300-100" << 1;
    QTest::newRow("perceptron, two threads") << "lenet-300-100" << 2;
    QTest::newRow("convolutions") << "lenet-5" << 1;
  }

  void runsRepeatBitForBit() {
    QFETCH(QString, model);
    QFETCH(int, threads);
    const EngineSetup setup = setupFor(model.toStdString(), threads);
    const EngineState once = shortRun(setup, 6);
    QVERIFY(once == shortRun(setup, 6));
    const EngineState single = shortRun(setupFor(model.toStdString()), 4);
    QVERIFY(distance(shortRun(setup, 4), single) < 1e-4);
  }

  void runsBesideEachOtherAreTheSameAsAlone() {
    const EngineSetup one = setupFor("lenet-300-100", 1), two = setupFor("lenet-300-100", 2);
    const EngineState aloneOne = shortRun(one, 8), aloneTwo = shortRun(two, 8);
    EngineState besideOne, besideTwo, again;
    {
      const std::jthread first([&] { besideOne = shortRun(one, 8); });
      const std::jthread second([&] { besideTwo = shortRun(two, 8); });
      const std::jthread third([&] { again = shortRun(one, 8); });
    }
    QVERIFY(besideOne == aloneOne);
    QVERIFY(besideTwo == aloneTwo);
    QVERIFY(again == aloneOne);
  }

  void lenet5Trains() {
    EngineSetup setup = setupFor("lenet-5");
    setup.config.sparsity = 0.9;
    const auto densities = configuredDensities(setup.network, setup.config).take();
    const auto masks = firstMasks(setup.network, densities.start, setup.config, data(), {});
    const auto engine = engineIn(initialState(setup.network, masks, setup.config), maskedEngine(), setup);
    const Sums before = engine->evaluate(Split::Test);
    for (int step = 0; step < 60; ++step) runStep(*engine, someSamples(64, kTrain, step * 64), 0.02f);
    const Sums after = engine->evaluate(Split::Test);
    QVERIFY2(after.loss < 0.3 * before.loss, qPrintable(QString("%1 to %2").arg(before.loss).arg(after.loss)));
    QVERIFY(after.correct > 180);
  }

  void whatItCannotTrainIsRefusedByName() {
    const auto refusal = maskedEngine().refusal;
    for (const std::string& model : modelNames())
      QCOMPARE(refusal(setupFor(model).network, Config{}), std::string());
    NetworkSpec residual = perceptron({1, 4, 4}, {8, 8});
    residual.ops.push_back({OpKind::Add, "sum", {3, 1}});
    QVERIFY(refusal(residual, Config{}).find("'sum'") != std::string::npos);
    NetworkSpec normalised = perceptron({1, 4, 4}, {8});
    append(normalised, OpKind::BatchNorm);
    QVERIFY(refusal(normalised, Config{}).find("'op2'") != std::string::npos);
  }

  void aStateOfAnotherShapeIsRefused() {
    const EngineSetup setup = setupFor("lenet-300-100");
    const auto engine = maskedEngine().make(setup);
    const EngineState good = randomState(setup.network, 0.1, 1);
    EngineState bad = good;
    bad.layers.pop_back();
    QVERIFY_EXCEPTION_THROWN(engine->restore(bad), std::invalid_argument);
    bad = good;
    bad.layers[0].weights.pop_back();
    QVERIFY_EXCEPTION_THROWN(engine->restore(bad), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(engine->restore(randomState(perceptron(kShape, {20, 10, 10}), 0.1, 1)),
                             std::invalid_argument);
  }
};

QTEST_GUILESS_MAIN(MaskedEngineTest)
#include "tst_masked_engine.moc"
