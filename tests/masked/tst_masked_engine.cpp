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

/// The network of residual() on data of its own.
EngineSetup residualSetup(int64_t threads = 1) {
  const NetworkSpec network = residual();
  Config config;
  config.threads = threads;
  return {network, config, syntheticDataset(network.input, 4, kTrain, 50, 200, 8)};
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

  void stateOfBatchNormsGoesRound() {
    const EngineSetup setup = residualSetup();
    const EngineState middle = shortRun(setup, 7);
    QCOMPARE(middle.norms.size(), size_t(6));
    const auto first = engineIn(middle, maskedEngine(), setup), second = maskedEngine().make(setup);
    QVERIFY(first->state() == middle);
    second->restore(middle);
    for (int step = 0; step < 3; ++step) {
      runStep(*first, someSamples(64, kTrain, step), 0.1f);
      runStep(*second, someSamples(64, kTrain, step), 0.1f);
    }
    QVERIFY(first->state() == second->state());
    for (size_t n = 0; n < middle.norms.size(); ++n) {
      const NormState &was = middle.norms[n], is = first->state().norms[n];
      for (const auto member : {&NormState::scale, &NormState::shift, &NormState::mean, &NormState::variance,
                                &NormState::scaleMomentum, &NormState::shiftMomentum})
        QVERIFY(was.*member != is.*member);
    }
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

  /// With official semantics the same images are validated otherwise, and tested in the same way.
  void officialValidationIsAugmented() {
    EngineSetup exact = setupFor("lenet-300-100");
    exact.config.augmentation = "crop-flip";
    EngineSetup official = exact;
    official.config.semantics = "official";
    const EngineState start = randomState(exact.network, 0.1, 2);
    const auto one = engineIn(start, maskedEngine(), exact), other = engineIn(start, maskedEngine(), official);
    QVERIFY(one->evaluate(Split::Validation).loss != other->evaluate(Split::Validation).loss);
    QCOMPARE(one->evaluate(Split::Test).loss, other->evaluate(Split::Test).loss);
    QCOMPARE(other->evaluate(Split::Validation).loss, other->evaluate(Split::Validation).loss);
  }

  void runsRepeatBitForBit_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("threads");
    QTest::newRow("perceptron") << "lenet-300-100" << 1;
    QTest::newRow("perceptron, two threads") << "lenet-300-100" << 2;
    QTest::newRow("convolutions") << "lenet-5" << 1;
    QTest::newRow("branches and batch norm") << "residual" << 1;
    QTest::newRow("branches and batch norm, two threads") << "residual" << 2;
  }

  void runsRepeatBitForBit() {
    QFETCH(QString, model);
    QFETCH(int, threads);
    const auto setupOf = [&](int64_t count) {
      return model == "residual" ? residualSetup(count) : setupFor(model.toStdString(), count);
    };
    const EngineSetup setup = setupOf(threads);
    const EngineState once = shortRun(setup, 6);
    QVERIFY(once == shortRun(setup, 6));
    const EngineState single = shortRun(setupOf(1), 4);
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

  void grownWeightsStartWithoutMoments_data() {
    QTest::addColumn<QString>("optimizer");
    QTest::addColumn<double>("momentum");
    QTest::newRow("SGD") << kSgd << 0.9;
    QTest::newRow("SGD without momentum") << kSgd << 0.0;
    QTest::newRow("Adam") << kAdam << 0.9;
  }

  void grownWeightsStartWithoutMoments() {
    QFETCH(QString, optimizer);
    QFETCH(double, momentum);
    EngineSetup setup = residualSetup();
    setup.config.optimizer = optimizer.toStdString();
    setup.config.momentum = momentum;
    setup.config.nesterov = momentum > 0;
    EngineState start = randomState(setup.network, 0.3, 2);
    const auto engine = engineIn(start, maskedEngine(), setup);
    for (int step = 0; step < 3; ++step) runStep(*engine, someSamples(32, kTrain, step), 0.01f);
    const TopologyEvent event =
        runUpdate(*engine, someSamples(32, kTrain), 0.01f, planFor(GrowRule::Random, 0.5));
    const EngineState after = engine->state();
    QCOMPARE(after.optimizerSteps, int64_t(4));
    for (size_t l = 0; l < after.layers.size(); ++l) {
      const LayerState& layer = after.layers[l];
      const auto& grown = event.layers[l].grown;
      QVERIFY(!grown.empty());
      size_t place = 0;
      forEachOne(layer.active, [&](int64_t position) {
        const bool isNew = std::binary_search(grown.begin(), grown.end(), position);
        if (isNew) QCOMPARE(layer.weights[place], 0.0f);
        if (isNew) QCOMPARE(layer.momentum[place], 0.0f);
        if (optimizer == kAdam) QCOMPARE(layer.secondMoment[place] == 0, isNew);
        ++place;
      });
    }
    QVERIFY(after.norms[0].scaleSecondMoment.empty() == (optimizer == kSgd));
    const auto again = engineIn(after, maskedEngine(), setup);
    QVERIFY(again->state() == after);
    runStep(*again, someSamples(32, kTrain, 9), 0.01f);
    runStep(*engine, someSamples(32, kTrain, 9), 0.01f);
    QVERIFY(again->state() == engine->state());
  }

  /// One decay of scale and shift apart, two steps of plain descent are the same.
  void normsDecayOnlyWhenAsked() {
    EngineSetup setup = residualSetup();
    setup.config.momentum = 0;
    setup.config.nesterov = false;
    setup.config.weight_decay = 0.1;
    EngineState start = randomState(setup.network, 1, 2);
    const auto decayed = engineIn(start, maskedEngine(), setup);
    setup.config.weight_decay_on_norms = false;
    const auto kept = engineIn(start, maskedEngine(), setup);
    runStep(*decayed, someSamples(32, kTrain), 0.5f);
    runStep(*kept, someSamples(32, kTrain), 0.5f);
    const EngineState a = decayed->state(), b = kept->state();
    QVERIFY(a.layers == b.layers);
    for (size_t n = 0; n < a.norms.size(); ++n)
      for (size_t c = 0; c < a.norms[n].scale.size(); ++c) {
        QVERIFY(std::abs(b.norms[n].scale[c] - a.norms[n].scale[c] - 0.05f * start.norms[n].scale[c]) < 1e-5f);
        QVERIFY(std::abs(b.norms[n].shift[c] - a.norms[n].shift[c] - 0.05f * start.norms[n].shift[c]) < 1e-5f);
      }
  }

  /// The deep networks on a few coloured images: the loss falls, and sparsity stays what it was.
  void deepNetworksTrain_data() {
    QTest::addColumn<QString>("model");
    QTest::newRow("VGG-C") << "vgg-c";
    QTest::newRow("ResNet-18") << "resnet-18";
    QTest::newRow("WideResNet-22-2") << "wrn-22-2";
  }

  void deepNetworksTrain() {
    QFETCH(QString, model);
    Config config;
    config.model = model.toStdString();
    config.sparsity = 0.8;
    const auto images = syntheticDataset({3, 32, 32}, 4, 16, 0, 8, 8);
    const EngineSetup setup{makeNetwork(config, images->shape, 4).take(), config, images};
    const auto densities = configuredDensities(setup.network, config).take();
    const auto masks = firstMasks(setup.network, densities.start, config, nullptr, {});
    const auto engine = engineIn(initialState(setup.network, masks, config), maskedEngine(), setup);
    double first = 0, last = 0;
    for (int step = 0; step < 6; ++step)
      (step == 0 ? first : last) = runStep(*engine, someSamples(8, 16), 0.03f).sums.loss;
    QVERIFY2(last < 0.5 * first, qPrintable(QString("%1 to %2").arg(first).arg(last)));
    const EngineState state = engine->state();
    for (size_t l = 0; l < state.layers.size(); ++l)
      QCOMPARE(state.layers[l].active.count(), densities.start.active[l]);
    QVERIFY(std::isfinite(engine->evaluate(Split::Test).loss));
  }

  void whatItCannotTrainIsRefusedByName() {
    const auto refusal = maskedEngine().refusal;
    for (const std::string& model : modelNames()) {
      Config config;
      config.model = model;
      QCOMPARE(refusal(makeNetwork(config, {3, 32, 32}, 10).take(), config), std::string());
    }
    NetworkSpec unequal = perceptron({1, 4, 4}, {8, 9});
    unequal.ops.push_back({OpKind::Add, "sum", {3, 1}});
    QVERIFY(refusal(unequal, Config{}).find("operation sum") != std::string::npos);
    QVERIFY(
        refusal({"bare", {1, 4, 4}, {{OpKind::Flatten, "flatten", {kNetworkInput}}}}, Config{}).find("'bare'") !=
        std::string::npos);
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
    const auto normalised = maskedEngine().make(residualSetup());
    EngineState norms = randomState(residual(), 0.1, 1);
    norms.norms[2].variance.pop_back();
    QVERIFY_EXCEPTION_THROWN(normalised->restore(norms), std::invalid_argument);
    norms.norms.clear();
    QVERIFY_EXCEPTION_THROWN(normalised->restore(norms), std::invalid_argument);
  }
};

QTEST_GUILESS_MAIN(MaskedEngineTest)
#include "tst_masked_engine.moc"
