// Gradients against finite differences in double precision, and steps against the slow reference.
#include "engines/masked/masked_engine.h"
#include "network_fixture.h"
#include "reference_net.h"
#include "slow_network.h"

#include <QtTest>

using namespace lab;
using namespace lab::test;

namespace {

constexpr int64_t kTrain = 60;

/// Every kind of operation the engine has, with odd sizes, a stride, padding, and two input channels.
NetworkSpec convolutional() {
  NetworkSpec network{"convolutional", {2, 11, 13}, {}};
  appendWindow(network, OpKind::Conv2d, 5, 3, 1, 1);
  append(network, OpKind::ReLU);
  appendWindow(network, OpKind::MaxPool, 0, 2, 2, 0);
  appendWindow(network, OpKind::Conv2d, 4, 3, 2, 0);
  appendWindow(network, OpKind::MaxPool, 0, 2, 1, 1);
  append(network, OpKind::Flatten);
  append(network, OpKind::Linear, 9);
  append(network, OpKind::ReLU);
  append(network, OpKind::Linear, 4);
  return network;
}

std::shared_ptr<const Dataset> dataFor(const NetworkSpec& network, int64_t classes) {
  auto data = std::make_shared<Dataset>(*syntheticDataset(network.input, classes, kTrain, 10, 23, 3));
  for (size_t channel = 0; channel < data->mean.size(); ++channel) {  // no two channels alike
    data->mean[channel] = 0.3f + 0.2f * static_cast<float>(channel);
    data->deviation[channel] = 0.25f + 0.1f * static_cast<float>(channel);
  }
  return data;
}

/// A step of rate 1 without momentum and decay moves a weight by minus its gradient.
Config plainDescent() {
  Config config;
  config.momentum = 0;
  config.nesterov = false;
  config.weight_decay = 0;
  return config;
}

void compareWithDifferences(const NetworkSpec& network, int64_t classes, double density) {
  const auto data = dataFor(network, classes);
  EngineState before = randomState(network, density, 9);
  for (LayerState& layer : before.layers) layer.momentum.clear(), layer.biasMomentum.clear();
  for (NormState& norm : before.norms) norm.scaleMomentum.clear(), norm.shiftMomentum.clear();
  const auto engine = engineIn(before, maskedEngine(), {network, plainDescent(), data});
  const auto samples = someSamples(7, kTrain);
  SlowNetwork slow(network, data, before);
  const Sums sums = runStep(*engine, samples, 1.0f).sums;
  QVERIFY(std::abs(sums.loss / 7 - slow.loss(samples)) < 1e-4);
  const EngineState after = engine->state();
  double largest = 0;
  for (size_t l = 0; l < before.layers.size(); ++l) {
    const LayerState &was = before.layers[l], &is = after.layers[l];
    const auto positions = was.active.positions();
    for (size_t i = 0; i < positions.size(); i += 1 + positions.size() / 60) {
      const double gradient = slow.derivative(slow.layers[l].weights[static_cast<size_t>(positions[i])], samples);
      largest = std::max(largest, std::abs(gradient));
      QVERIFY(std::abs(was.weights[i] - is.weights[i] - gradient) < 2e-5 * (1 + std::abs(gradient)));
    }
    for (size_t i = 0; i < was.bias.size(); ++i)
      QVERIFY(std::abs(was.bias[i] - is.bias[i] - slow.derivative(slow.layers[l].bias[i], samples)) < 2e-5);
  }
  for (size_t n = 0; n < before.norms.size(); ++n) {
    const NormState &was = before.norms[n], &is = after.norms[n];
    const SlowNorm running = slow.runningAfter(n, samples);
    for (size_t c = 0; c < was.scale.size(); ++c) {
      const double scale = slow.derivative(slow.norms[n].scale[c], samples);
      const double shift = slow.derivative(slow.norms[n].shift[c], samples);
      QVERIFY(std::abs(was.scale[c] - is.scale[c] - scale) < 2e-5 * (1 + std::abs(scale)));
      QVERIFY(std::abs(was.shift[c] - is.shift[c] - shift) < 2e-5 * (1 + std::abs(shift)));
      QVERIFY(std::abs(is.mean[c] - running.mean[c]) < 1e-5);
      QVERIFY(std::abs(is.variance[c] - running.variance[c]) < 1e-5);
    }
  }
  QVERIFY(largest > 0.01);  // the comparison means something
}

}  // namespace

class MaskedGradientsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void perceptronMatchesFiniteDifferences() { compareWithDifferences(perceptron({1, 5, 6}, {17, 12, 5}), 5, 0.4); }
  void convolutionsMatchFiniteDifferences() { compareWithDifferences(convolutional(), 4, 1.0); }
  void sparseConvolutionsMatchFiniteDifferences() { compareWithDifferences(convolutional(), 4, 0.3); }

  void branchesAndBatchNormMatchFiniteDifferences() { compareWithDifferences(residual(), 4, 1.0); }
  void sparseBranchesMatchFiniteDifferences() { compareWithDifferences(residual(), 4, 0.5); }

  void evaluationNormalisesByRunningStatistics() {
    const NetworkSpec network = residual();
    const auto data = dataFor(network, 4);
    const EngineState state = randomState(network, 0.6, 2);
    const auto engine = engineIn(state, maskedEngine(), {network, Config{}, data});
    const SlowNetwork slow(network, data, state);
    const auto samples = someSamples(data->test.count, data->test.count);
    const Sums sums = engine->evaluate(Split::Test);
    QVERIFY(std::abs(sums.loss / 23 - slow.evaluatedLoss(Split::Test, samples)) < 1e-4);
    QVERIFY(std::abs(slow.loss(someSamples(23, kTrain)) -
                     slow.evaluatedLoss(Split::Train, someSamples(23, kTrain))) > 0.01);
    QVERIFY(engine->state() == state);
  }

  /// A batch norm of one value a channel gives its shift; a variance of nothing must not enter the running one.
  void oneSampleLeavesRunningStatisticsOfVectorsAlone() {
    NetworkBuilder builder("vectors", {1, 3, 3});
    const NetworkSpec network =
        builder.flatten("flatten").linear("fc1", 6).batchNorm("bn").relu("relu").linear("fc2", 4).take();
    const EngineState state = randomState(network, 1, 2);
    const auto engine = engineIn(state, maskedEngine(), {network, plainDescent(), dataFor(network, 4)});
    QVERIFY(std::isfinite(runStep(*engine, someSamples(1, kTrain), 0.1f).sums.loss));
    const EngineState after = engine->state();
    QCOMPARE(after.norms[0].mean, state.norms[0].mean);
    QCOMPARE(after.norms[0].variance, state.norms[0].variance);
    QCOMPARE(after.layers[0].weights, state.layers[0].weights);  // what lies below has no influence
    QVERIFY(after.norms[0].shift != state.norms[0].shift);
  }

  void stepsMatchTheReference_data() {
    QTest::addColumn<int>("batch");
    QTest::addColumn<double>("momentum");
    QTest::addColumn<bool>("nesterov");
    QTest::addColumn<QString>("optimizer");
    QTest::addColumn<double>("smoothing");
    QTest::newRow("one sample") << 1 << 0.9 << true << kSgd << 0.0;
    QTest::newRow("odd batch, plain momentum") << 13 << 0.9 << false << kSgd << 0.0;
    QTest::newRow("no momentum") << 32 << 0.0 << false << kSgd << 0.0;
    QTest::newRow("Nesterov") << 32 << 0.9 << true << kSgd << 0.0;
    QTest::newRow("smoothed labels") << 32 << 0.9 << true << kSgd << 0.2;
    QTest::newRow("Adam") << 32 << 0.9 << true << kAdam << 0.1;
  }

  void stepsMatchTheReference() {
    QFETCH(int, batch);
    QFETCH(double, momentum);
    QFETCH(bool, nesterov);
    QFETCH(QString, optimizer);
    QFETCH(double, smoothing);
    const NetworkSpec network = perceptron({2, 5, 6}, {33, 21, 6});
    const auto data = dataFor(network, 6);
    Config config;
    config.momentum = momentum;
    config.nesterov = nesterov;
    config.weight_decay = 0.01;
    config.optimizer = optimizer.toStdString();
    config.adam_epsilon = 1e-3;  // float and double agree where the second moment is tiny, too
    config.label_smoothing = smoothing;
    EngineState start = randomState(network, 0.3, 4);
    for (LayerState& layer : start.layers)
      if (config.optimizer == kAdam) layer.momentum.clear(), layer.biasMomentum.clear();
    const auto engine = engineIn(start, maskedEngine(), {network, config, data});
    ReferenceNet reference(network, data, config);
    reference.restore(start);
    for (int step = 0; step < 6; ++step) {
      const int size = step == 4 ? (batch + 1) / 2 : batch;  // the last batch of an epoch is shorter
      const auto samples = someSamples(size, kTrain, step);
      const Sums expected = reference.trainingSums(samples);
      const Sums sums = runStep(*engine, samples, 0.05f).sums;
      reference.step(samples, 0.05);
      QVERIFY(std::abs(sums.loss - expected.loss) < 1e-4 * (1 + expected.loss));
      QCOMPARE(sums.correct, expected.correct);
      QCOMPARE(sums.samples, expected.samples);
    }
    QVERIFY(distance(engine->state(), reference.state()) < 2e-5);
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
      const Sums expected = reference.evaluate(split), sums = engine->evaluate(split);
      QVERIFY(std::abs(sums.loss - expected.loss) < 1e-4 * (1 + expected.loss));
      QCOMPARE(sums.correct, expected.correct);
      QCOMPARE(sums.samples, expected.samples);
    }
  }
};

QTEST_GUILESS_MAIN(MaskedGradientsTest)
#include "tst_masked_gradients.moc"
