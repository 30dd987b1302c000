// The whole engine on a device against the masked engine, which computes the same on the processor.

#include "engines/cuda/gpu_engine.h"
#include "engines/masked/masked_engine.h"
#include "gpu_checks.h"
#include "network_fixture.h"
#include "parameters/config_builder.h"
#include "training/initial_state.h"

namespace lab::test {

namespace {

constexpr int64_t kTrain = 200;

std::shared_ptr<const Dataset> dataFor(const NetworkSpec& network, int64_t classes) {
  return syntheticDataset(network.input, classes, kTrain, 30, 90, 8);
}

struct Pair {
  std::unique_ptr<Engine> gpu, masked;
  Pair(const EngineState& state, const EngineSetup& setup, const SharedDevice& device)
      : gpu(gpuEngineIn(state, setup, device)), masked(engineIn(state, maskedEngine(), setup)) {}
};

/// Ten steps, the last with a short batch, in spans of several.
void trainBoth(const Pair& pair, const EngineSetup& setup) {
  const float rate = setup.config.optimizer == kAdam ? 0.001f : 0.02f;
  std::vector<std::vector<int32_t>> batches;
  for (int step = 0; step < 10; ++step) batches.push_back(someSamples(step % 5 == 4 ? 11 : 32, kTrain, step * 32));
  for (size_t first = 0; first < batches.size(); first += 5) {
    Span span;
    for (size_t i = first; i < first + 5; ++i)
      span.steps.push_back({batches[i], rate, static_cast<int64_t>(first), i + 1 == first + 5});
    pair.gpu->submit(span);
    pair.masked->submit(span);
    const SpanResult gpu = pair.gpu->collect(), masked = pair.masked->collect();
    LAB_CHECK(gpu.sums.samples == masked.sums.samples);
    LAB_CHECK(std::abs(gpu.sums.loss - masked.sums.loss) < 1e-3 * (1 + masked.sums.loss));
    LAB_CHECK(std::abs(gpu.sums.correct - masked.sums.correct) <= 1);
    LAB_CHECK(std::abs(*gpu.gradientNorm - *masked.gradientNorm) < 1e-3 * (1 + *masked.gradientNorm));
  }
  LAB_CHECK(distance(pair.gpu->state(), pair.masked->state()) < 1e-3);
  const int64_t steps = pair.gpu->state().optimizerSteps;
  LAB_CHECK(steps == pair.masked->state().optimizerSteps);
  for (const Split split : {Split::Validation, Split::Test}) {
    const Sums gpu = pair.gpu->evaluate(split), masked = pair.masked->evaluate(split);
    LAB_CHECK(gpu.samples == setup.data->split(split).count);
    LAB_CHECK(std::abs(gpu.loss - masked.loss) < 1e-3 * (1 + masked.loss));
  }
}

void trainsAPerceptron(const SharedDevice& device) {
  for (const char* optimizer : {kSgd, kAdam}) {
    EngineSetup setup{perceptron({1, 9, 8}, {61, 37, 5}), Config{}, {}};
    setup.config.optimizer = optimizer;
    setup.config.label_smoothing = 0.1;
    setup.data = dataFor(setup.network, 5);
    EngineState state = randomState(setup.network, 0.3, 3);
    if (setup.config.optimizer == kAdam)  // a first moment without a second makes steps of any size
      for (LayerState& layer : state.layers) {
        layer.momentum.clear();
        layer.biasMomentum.clear();
      }
    trainBoth(Pair(state, setup, device), setup);
  }
}

void trainsAResidualNetwork(const SharedDevice& device) {
  EngineSetup setup{residual(), Config{}, {}};
  setup.config.augmentation = "crop-flip";
  setup.config.weight_decay_on_norms = false;
  setup.data = dataFor(setup.network, 4);
  trainBoth(Pair(randomState(setup.network, 0.4, 3), setup, device), setup);
}

void learnsThresholds(const SharedDevice& device) {
  for (const NetworkSpec& network : {perceptron({1, 9, 8}, {61, 37, 5}), residual()}) {
    EngineSetup setup{network, defaultsFor("str"), {}};
    setup.config.threshold_start = -3;
    setup.data = dataFor(network, network.ops.size() > 8 ? 4 : 5);
    std::vector<Mask> full;
    for (const WeightLayer& layer : weightLayers(network)) full.emplace_back(layer.weights, true);
    const Pair pair(initialState(network, full, setup.config), setup, device);
    TopologyPlan plan = planFor(GrowRule::None, 0, 1);
    plan.rules = rulesFor({"str"}).take();
    int64_t changes = 0;
    for (int step = 0; step < 20; ++step) {
      plan.update = step + 1;
      const auto samples = someSamples(32, kTrain, step * 32);
      const auto gpu = runUpdate(*pair.gpu, samples, 0.05f, plan), masked = runUpdate(*pair.masked, samples, 0.05f, plan);
      for (size_t l = 0; l < gpu.layers.size(); ++l) {
        // Rounding may move a weight across its threshold a step earlier or later.
        LAB_CHECK(std::abs(static_cast<double>(gpu.layers[l].dropped.size()) - static_cast<double>(masked.layers[l].dropped.size())) <= 2);
        changes += static_cast<int64_t>(gpu.layers[l].dropped.size() + gpu.layers[l].grown.size());
      }
    }
    LAB_CHECK(changes > 100);
    const EngineState gpu = pair.gpu->state(), masked = pair.masked->state();
    for (size_t l = 0; l < gpu.layers.size(); ++l) {
      LAB_CHECK(std::abs(gpu.thresholds[l] - masked.thresholds[l]) < 1e-4f);
      LAB_CHECK(std::abs(gpu.thresholdMomentum[l] - masked.thresholdMomentum[l]) < 1e-3f);
      LAB_CHECK(gpu.thresholds[l] != -3);
    }
    LAB_CHECK(distance(gpu, masked) < 1e-3);
    const auto again = gpuEngineIn(gpu, setup, device);
    LAB_CHECK(again->state() == gpu);
    const auto samples = someSamples(32, kTrain);
    runStep(*again, samples, 0.05f);
    runStep(*pair.gpu, samples, 0.05f);
    LAB_CHECK(again->state() == pair.gpu->state());
    LAB_CHECK(std::abs(pair.gpu->evaluate(Split::Test).loss - again->evaluate(Split::Test).loss) < 1e-9);
  }
}

void aStateComesBack(const SharedDevice& device) {
  EngineSetup setup{residual(), Config{}, {}};
  setup.config.optimizer = kAdam;
  setup.data = dataFor(setup.network, 4);
  const EngineState start = randomState(setup.network, 0.4, 3);
  const auto engine = gpuEngineIn(start, setup, device);
  const auto samples = someSamples(32, kTrain);
  for (int step = 0; step < 3; ++step) runStep(*engine, samples, 0.01f);
  const EngineState middle = engine->state();
  LAB_CHECK(!(middle == start));
  runStep(*engine, samples, 0.01f);
  const EngineState end = engine->state();
  const auto other = gpuEngineIn(middle, setup, device);
  LAB_CHECK(other->state() == middle);
  runStep(*other, samples, 0.01f);
  LAB_CHECK(other->state() == end);  // bit for bit, recorded or not
}

/// An update in place of the step, on exactly the weights of a state.
void updatesByEveryRule(const SharedDevice& device) {
  EngineSetup setup{perceptron({1, 9, 8}, {61, 37, 5}), Config{}, {}};
  setup.data = dataFor(setup.network, 5);
  const EngineState state = randomState(setup.network, 0.2, 6);
  const auto samples = someSamples(32, kTrain);
  for (const DropRule drop : {DropRule::Magnitude, DropRule::Sign, DropRule::Threshold, DropRule::Soft})
    for (const GrowRule grow : {GrowRule::None, GrowRule::Random, GrowRule::ExploreFirst})
      for (const UpdateOrder order : {UpdateOrder::Rigl, UpdateOrder::Itop}) {
        TopologyPlan plan = planFor(grow, 0.4, 2);
        plan.rules.drop = drop;
        plan.dropThreshold = 0.05;
        plan.temperature = 0.3;
        plan.order = order;
        if (grow == GrowRule::None && drop != DropRule::Threshold) plan.keep = {100, 100, 20};
        const Pair pair(state, setup, device);
        const auto gpu = runUpdate(*pair.gpu, samples, 0.0f, plan), masked = runUpdate(*pair.masked, samples, 0.0f, plan);
        for (size_t l = 0; l < state.layers.size(); ++l) {
          LAB_CHECK(gpu.layers[l].dropped == masked.layers[l].dropped);
          LAB_CHECK(gpu.layers[l].grown == masked.layers[l].grown);
        }
        LAB_CHECK(distance(pair.gpu->state(), pair.masked->state()) < 1e-4);
      }
}

/// Many spans in flight: nothing but collecting a result waits for the device.
void waitsForNothing(const SharedDevice& device) {
  EngineSetup setup{perceptron({1, 9, 8}, {61, 37, 5}), Config{}, {}};
  setup.data = dataFor(setup.network, 5);
  const auto engine = gpuEngineIn(randomState(setup.network, 0.2, 6), setup, device);
  const auto samples = someSamples(32, kTrain);
  const auto inFlight = [&](int64_t update) {
    for (int i = 0; i < engine->spansInFlight(); ++i)
      engine->submit({{{samples, 0.01f}, {samples, 0.01f}}, planFor(GrowRule::Gradient, 0.2, update + i)});
  };
  for (int time = 0; time < 2; ++time) {
    inFlight(1 + 10 * time);
    for (int i = 0; i < engine->spansInFlight(); ++i) engine->collect();
  }
  const int64_t waits = device->waits(), recordings = device->recordings();
  inFlight(50);
  LAB_CHECK(device->waits() == waits);
  for (int i = 0; i < engine->spansInFlight(); ++i) LAB_CHECK(engine->collect().topology.has_value());
  LAB_CHECK(device->waits() == waits + engine->spansInFlight());
  LAB_CHECK(device->recordings() == recordings);
}

void trainsInBfloat16(const SharedDevice& device) {
  EngineSetup setup{residual(), Config{}, {}};
  setup.data = dataFor(setup.network, 4);
  const EngineState state = randomState(setup.network, 0.4, 3);
  const auto exact = gpuEngineIn(state, setup, device);
  setup.config.precision = kBfloat16;
  const auto rounded = gpuEngineIn(state, setup, device);
  const auto samples = someSamples(64, kTrain);
  double first = 0, last = 0;
  for (int step = 0; step < 30; ++step) {
    const double loss = runStep(*rounded, samples, 0.02f).sums.loss, reference = runStep(*exact, samples, 0.02f).sums.loss;
    if (step == 0) {
      first = loss;
      LAB_CHECK(std::abs(loss - reference) < 0.05 * reference);
    }
    last = loss;
  }
  LAB_CHECK(last < 0.5 * first);
}

}  // namespace

std::unique_ptr<Engine> gpuEngineIn(const EngineState& state, const EngineSetup& setup, const SharedDevice& device) {
  auto engine = cuda::makeGpuEngine(setup, device);
  engine->restore(state);
  return engine;
}

std::vector<GpuCheck> engineChecks() {
  return {{"a perceptron is trained as the masked engine does it", trainsAPerceptron},
          {"a residual network is trained as the masked engine does it", trainsAResidualNetwork},
          {"thresholds are learned as the masked engine does it", learnsThresholds},
          {"a state comes back, and training goes on from it bit for bit", aStateComesBack},
          {"updates by every rule are those of the masked engine", updatesByEveryRule},
          {"steps and updates wait for nothing", waitsForNothing},
          {"bfloat16 learns what float32 does", trainsInBfloat16}};
}

std::vector<GpuCheck> allGpuChecks() {
  std::vector<GpuCheck> checks = kernelChecks();
  for (const auto& more : {topologyChecks(), engineChecks(), packedChecks()}) checks.insert(checks.end(), more.begin(), more.end());
  return checks;
}

}  // namespace lab::test
