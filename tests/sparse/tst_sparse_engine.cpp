#include "engines/sparse/isa.h"
#include "engines/sparse/sparse_engine.h"
#include "mlp_fixture.h"
#include "reference_net.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

using namespace lab;
using namespace lab::test;

namespace {

Config plainSgd() {
  Config config;
  config.momentum = 0;
  config.nesterov = false;
  config.weight_decay = 0;
  return config;
}

std::unique_ptr<Engine> engineFor(const MlpShape& shape, const Config& config, const EngineState& state) {
  auto engine = sparseEngine().make({mlp(shape), config, dataFor(shape)});
  engine->restore(state);
  return engine;
}

SpanResult step(Engine& engine, const std::vector<int32_t>& samples, float learningRate) {
  Span span;
  span.steps.push_back({samples, learningRate});
  engine.submit(span);
  return engine.collect();
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = a.size() == b.size() ? 0 : std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return largest;
}

double largestDifference(const EngineState& a, const EngineState& b) {
  double largest = 0;
  for (size_t l = 0; l < a.layers.size(); ++l) {
    const LayerState &x = a.layers[l], &y = b.layers[l];
    for (const auto member : {&LayerState::weights, &LayerState::momentum, &LayerState::secondMoment,
                              &LayerState::bias, &LayerState::biasMomentum, &LayerState::biasSecondMoment})
      largest = std::max(largest, largestDifference(x.*member, y.*member));
  }
  return largest;
}

/// Runs `check` under every instruction set of this machine.
void onEveryIsa(const std::function<void()>& check) {
  for (const sparse::Kernels* kernels : sparse::availableKernels()) {
    qputenv("ITOPLAB_ISA", kernels->name);
    check();
  }
  qunsetenv("ITOPLAB_ISA");
}

EngineState afterTraining(int threads, const char* optimizer = kSgd) {
  const MlpShape shape;
  Config config;
  config.optimizer = optimizer;
  config.threads = threads;
  auto engine = engineFor(shape, config, randomState(shape, 0.3, 4));
  for (int i = 0; i < 12; ++i) {
    Span span;
    const auto first = samplesFrom(i, 40), second = samplesFrom(3 * i, 7);
    span.steps = {{first, 0.1f}, {second, 0.05f}};
    span.topology = TopologyPlan{};
    span.topology->update = i + 1;
    span.topology->rules = {DropRule::Magnitude, i % 2 == 0 ? GrowRule::Random : GrowRule::Gradient, Rounding::Up};
    span.topology->pruneRate = 0.1;
    engine->submit(span);
    engine->collect();
  }
  return engine->state();
}

}  // namespace

class TestSparseEngine : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void gradientsAgainstFiniteDifferences();
  void stepsAgainstReference();
  void sumsAndEvaluationAgainstReference();
  void spansAreSteps();
  void lossesAddUpInAnyOrder();
  void stateRoundTrip();
  void emptyMomentumIsZero();
  void wrongStateIsRefused();
  void threadsDoNotChangeBits();
  void secondMomentsStayWithTheirWeights();
  void repeatsBitForBitBesideAnother();
  void divergenceIsSeen();
  void refusals();
  void unknownInstructionSetIsRefused();
  void registryChooses();
};

void TestSparseEngine::gradientsAgainstFiniteDifferences() {
  const MlpShape shape;
  const auto samples = samplesFrom(0, 19);
  const EngineState before = randomState(shape, 0.4, 1);
  ReferenceNet reference(mlp(shape), dataFor(shape), plainSgd());
  reference.restore(before);
  const auto slope = [&](double& parameter) {
    constexpr double kStep = 1e-5;
    const double at = parameter;
    parameter = at + kStep;
    const double above = reference.sums(Split::Train, samples).loss;
    parameter = at - kStep;
    const double below = reference.sums(Split::Train, samples).loss;
    parameter = at;
    return (above - below) / (2 * kStep * static_cast<double>(samples.size()));
  };
  onEveryIsa([&] {
    auto engine = engineFor(shape, plainSgd(), before);
    step(*engine, samples, 1.0f);
    const EngineState after = engine->state();
    for (size_t l = 0; l < before.layers.size(); ++l) {
      const auto positions = before.layers[l].active.positions();
      for (size_t i = 0; i < positions.size(); i += 5) {
        const double gradient = static_cast<double>(before.layers[l].weights[i]) - after.layers[l].weights[i];
        QVERIFY(std::abs(gradient - slope(reference.layers[l].weights[static_cast<size_t>(positions[i])])) < 2e-6);
      }
      for (size_t i = 0; i < before.layers[l].bias.size(); ++i) {
        const double gradient = static_cast<double>(before.layers[l].bias[i]) - after.layers[l].bias[i];
        QVERIFY(std::abs(gradient - slope(reference.layers[l].bias[i])) < 2e-6);
      }
    }
  });
}

void TestSparseEngine::stepsAgainstReference() {
  struct Variant {
    MlpShape shape;
    double density;
    bool nesterov;
    const char* optimizer = kSgd;
    double smoothing = 0;
  };
  MlpShape oneLayer{{3, 5, 4}, {7}}, deep{{1, 4, 9}, {20, 33, 16, 12, 3}}, linear{{1, 6, 5}, {12, 6}};
  deep.bias = false;
  linear.relu = false;
  const Variant variants[] = {{MlpShape{}, 0.3, true},
                              {MlpShape{}, 1.0, true},
                              {MlpShape{}, 0.3, false},
                              {oneLayer, 0.5, true},
                              {deep, 0.2, true},
                              {linear, 0.6, false},
                              {MlpShape{}, 0.3, true, kAdam},
                              {MlpShape{}, 1.0, true, kAdam, 0.1},
                              {deep, 0.2, true, kSgd, 0.2}};
  onEveryIsa([&] {
    for (const Variant& v : variants) {
      Config config;
      config.nesterov = v.nesterov;
      config.weight_decay = 0.01;
      config.optimizer = v.optimizer;
      config.adam_epsilon = 1e-3;
      config.label_smoothing = v.smoothing;
      EngineState start = randomState(v.shape, v.density, 2);
      for (LayerState& layer : start.layers)
        if (config.optimizer == kAdam) layer.momentum.clear(), layer.biasMomentum.clear();
      auto engine = engineFor(v.shape, config, start);
      ReferenceNet reference(mlp(v.shape), dataFor(v.shape), config);
      reference.restore(start);
      for (const int64_t batch : {1, 2, 15, 16, 17, 127, 128, 129, 300}) {
        const auto samples = samplesFrom(static_cast<int32_t>(batch), batch);
        const Sums expected = reference.trainingSums(samples), sums = step(*engine, samples, 0.05f).sums;
        QVERIFY(std::abs(sums.loss - expected.loss) < 1e-5 * (1 + expected.loss));
        reference.step(samples, 0.05f);
        QVERIFY(largestDifference(engine->state(), reference.state()) < 2e-5);
      }
    }
  });
}

void TestSparseEngine::sumsAndEvaluationAgainstReference() {
  const MlpShape shape;
  onEveryIsa([&] {
    auto engine = engineFor(shape, plainSgd(), randomState(shape, 0.3, 3));
    ReferenceNet reference(mlp(shape), dataFor(shape), plainSgd());
    reference.restore(randomState(shape, 0.3, 3));
    const auto compare = [](const Sums& sums, const Sums& expected) {
      QCOMPARE(sums.samples, expected.samples);
      QCOMPARE(sums.correct, expected.correct);
      QVERIFY(std::abs(sums.loss - expected.loss) < 1e-5 * expected.loss);
    };
    for (const Split split : {Split::Train, Split::Validation, Split::Test})
      compare(engine->evaluate(split), reference.evaluate(split));
    const auto samples = samplesFrom(5, 37);
    const Sums expected = reference.sums(Split::Train, samples);
    compare(step(*engine, samples, 0.1f).sums, expected);
  });
}

void TestSparseEngine::spansAreSteps() {
  const MlpShape shape;
  auto apart = engineFor(shape, Config{}, randomState(shape, 0.3, 5));
  auto together = engineFor(shape, Config{}, randomState(shape, 0.3, 5));
  const auto first = samplesFrom(0, 32), second = samplesFrom(9, 20);
  const Sums a = step(*apart, first, 0.1f).sums, b = step(*apart, second, 0.05f).sums;
  Span span;
  span.steps = {{first, 0.1f}, {second, 0.05f}};
  together->submit(span);
  const SpanResult result = together->collect();
  QVERIFY(!result.topology);
  QCOMPARE(result.sums.samples, 52);
  QCOMPARE(result.sums.correct, a.correct + b.correct);
  QCOMPARE(result.sums.loss, a.loss + b.loss);
  QVERIFY(apart->state() == together->state());
}

void TestSparseEngine::lossesAddUpInAnyOrder() {
  const MlpShape shape;
  auto engine = engineFor(shape, Config{}, randomState(shape, 0.3, 5));
  for (int i = 0; i < 20; ++i) {
    // Multiples of 2^-30 and far below 2^23: their sums in double are exact.
    const double loss = step(*engine, samplesFrom(i, 20 + i), 0.05f).sums.loss;
    QVERIFY(std::ldexp(loss, 30) == std::nearbyint(std::ldexp(loss, 30)));
  }
}

void TestSparseEngine::stateRoundTrip() {
  for (const bool bias : {true, false}) {
    MlpShape shape;
    shape.bias = bias;
    const EngineState state = randomState(shape, 0.3, 6);
    auto engine = engineFor(shape, Config{}, state);
    QVERIFY(engine->state() == state);
    auto other = engineFor(shape, Config{}, randomState(shape, 0.5, 7));
    step(*engine, samplesFrom(0, 30), 0.1f);
    other->restore(engine->state());
    step(*engine, samplesFrom(1, 30), 0.1f);
    step(*other, samplesFrom(1, 30), 0.1f);
    QVERIFY(engine->state() == other->state());
  }
}

void TestSparseEngine::emptyMomentumIsZero() {
  const MlpShape shape;
  EngineState zeros = randomState(shape, 0.3, 6), empty = zeros;
  for (size_t l = 0; l < zeros.layers.size(); ++l) {
    std::fill(zeros.layers[l].momentum.begin(), zeros.layers[l].momentum.end(), 0.0f);
    std::fill(zeros.layers[l].biasMomentum.begin(), zeros.layers[l].biasMomentum.end(), 0.0f);
    empty.layers[l].momentum.clear();
    empty.layers[l].biasMomentum.clear();
  }
  QVERIFY(engineFor(shape, Config{}, empty)->state() == zeros);
}

void TestSparseEngine::wrongStateIsRefused() {
  const MlpShape shape, wider{{1, 6, 5}, {25, 17, 5}}, deeper{{1, 6, 5}, {24, 17, 8, 5}};
  auto engine = engineFor(shape, Config{}, randomState(shape, 0.3, 6));
  QVERIFY_THROWS_EXCEPTION(std::invalid_argument, engine->restore(randomState(wider, 0.3, 6)));
  QVERIFY_THROWS_EXCEPTION(std::invalid_argument, engine->restore(randomState(deeper, 0.3, 6)));
  EngineState missing = randomState(shape, 0.3, 6);
  missing.layers[1].weights.pop_back();
  QVERIFY_THROWS_EXCEPTION(std::invalid_argument, engine->restore(missing));
}

/// After updates a second moment is zero exactly where a weight has just been grown, and the others go on.
void TestSparseEngine::secondMomentsStayWithTheirWeights() {
  const EngineState after = afterTraining(1, kAdam);
  QCOMPARE(after.optimizerSteps, int64_t(24));
  for (const LayerState& layer : after.layers) {
    QCOMPARE(layer.secondMoment.size(), layer.weights.size());
    for (size_t i = 0; i < layer.weights.size(); ++i) {
      QCOMPARE(layer.secondMoment[i] == 0, layer.momentum[i] == 0);
      if (layer.secondMoment[i] == 0) QCOMPARE(layer.weights[i], 0.0f);
    }
  }
  const MlpShape shape;
  Config config;
  config.optimizer = kAdam;
  auto first = engineFor(shape, config, after), second = engineFor(shape, config, after);
  QVERIFY(first->state() == after);
  step(*first, samplesFrom(1, 30), 0.1f);
  step(*second, samplesFrom(1, 30), 0.1f);
  QVERIFY(first->state() == second->state());
}

void TestSparseEngine::threadsDoNotChangeBits() {
  const EngineState one = afterTraining(1);
  QVERIFY(one == afterTraining(2));
  QVERIFY(one == afterTraining(3));
}

void TestSparseEngine::repeatsBitForBitBesideAnother() {
  const EngineState alone = afterTraining(1);
  EngineState left, right;
  std::thread other([&] { left = afterTraining(1); });
  right = afterTraining(1);
  other.join();
  QVERIFY(alone == left);
  QVERIFY(alone == right);
}

void TestSparseEngine::divergenceIsSeen() {
  const MlpShape shape;
  onEveryIsa([&] {
    auto engine = engineFor(shape, Config{}, randomState(shape, 0.3, 6));
    const auto samples = samplesFrom(0, 32);
    double loss = 0;
    for (int i = 0; i < 30 && std::isfinite(loss); ++i) loss = step(*engine, samples, 1e10f).sums.loss;
    QVERIFY(!std::isfinite(loss));
  });
}

void TestSparseEngine::refusals() {
  const EngineInfo info = sparseEngine();
  const MlpShape shape;
  QCOMPARE(info.refusal(mlp(shape), Config{}), std::string());
  QVERIFY(info.sparseArithmetic);

  NetworkSpec convolution = mlp(shape);
  convolution.ops.insert(convolution.ops.begin(), Op{OpKind::Conv2d, "conv1", {kNetworkInput}, 4, 3});
  for (size_t i = 1; i < convolution.ops.size(); ++i) convolution.ops[i].inputs = {static_cast<int>(i) - 1};
  QVERIFY(info.refusal(convolution, Config{}).find("conv1") != std::string::npos);

  NetworkSpec branch = mlp(shape);
  branch.ops.back().inputs = {0};
  QVERIFY(info.refusal(branch, Config{}).find("fc3") != std::string::npos);

  NetworkSpec rectified = mlp(shape);
  rectified.ops.push_back(Op{OpKind::ReLU, "last", {static_cast<int>(rectified.ops.size()) - 1}});
  QVERIFY(!info.refusal(rectified, Config{}).empty());
}

void TestSparseEngine::unknownInstructionSetIsRefused() {
  qputenv("ITOPLAB_ISA", "avx1024");
  const std::string why = sparseEngine().refusal(mlp(MlpShape{}), Config{});
  qunsetenv("ITOPLAB_ISA");
  QVERIFY(why.find("avx1024") != std::string::npos);
  QVERIFY(why.find("portable") != std::string::npos);
}

void TestSparseEngine::registryChooses() {
  EngineInfo any;
  any.name = "any";
  any.refusal = [](const NetworkSpec&, const Config&) { return std::string(); };
  EngineRegistry registry;
  registry.add(sparseEngine());
  registry.add(any);
  Config config;
  const auto chosen = [&](const NetworkSpec& network) {
    const auto choice = registry.choose(network, config);
    return choice.ok() ? choice.value().engine->name : "refused: " + choice.problems().front().message;
  };
  const NetworkSpec network = mlp(MlpShape{});
  NetworkSpec rectified = network;
  rectified.ops.push_back(Op{OpKind::ReLU, "last", {static_cast<int>(rectified.ops.size()) - 1}});

  QCOMPARE(chosen(network), std::string("sparse"));
  QCOMPARE(chosen(rectified), std::string("any"));
  config.method = "dense";
  QCOMPARE(chosen(network), std::string("any"));
  config.engine = "sparse";
  QCOMPARE(chosen(network), std::string("sparse"));
  QVERIFY(chosen(rectified).find("does not end in a linear layer") != std::string::npos);
  config.engine = "abacus";
  QVERIFY(chosen(network).find("'abacus'") != std::string::npos);
  QVERIFY(registry.find("abacus") == nullptr);
}

QTEST_APPLESS_MAIN(TestSparseEngine)
#include "tst_sparse_engine.moc"
