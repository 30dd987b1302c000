#include "gpu_bench.h"

#include "../bench/paired.h"
#include "eager_loop.h"
#include "engines/cuda/gpu_engine.h"
#include "engines/cuda/packed_engine.h"
#include "network/models.h"
#include "network_fixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace lab::bench {

namespace {

using test::SharedDevice;

constexpr int64_t kBatch = 128, kUpdateInterval = 100;
constexpr double kDensity = 0.1;

/// One of our engines with a plan of its own, as a contender.
struct Own {
  std::unique_ptr<Engine> engine;
  std::vector<int32_t> samples;
  bool updates = false;
  int64_t step = 0, update = 0;

  Own(const EngineSetup& setup, double density, bool withUpdates, const SharedDevice& device)
      : Own(cuda::makeGpuEngine(setup, device), setup, density, withUpdates) {}

  Own(std::unique_ptr<Engine> own, const EngineSetup& setup, double density, bool withUpdates)
      : engine(std::move(own)), samples(test::someSamples(kBatch, setup.data->train.count)), updates(withUpdates) {
    engine->restore(test::randomState(setup.network, density, 3));
  }

  void train(int64_t steps) {
    int64_t inFlight = 0;
    for (int64_t done = 0; done < steps;) {
      Span span;
      const int64_t untilUpdate = kUpdateInterval - step % kUpdateInterval;
      const int64_t count = std::min(untilUpdate, steps - done);
      for (int64_t i = 0; i < count; ++i) span.steps.push_back({samples, 0.001f, 0, false});
      done += count;
      step += count;
      if (updates && count == untilUpdate) span.topology = test::planFor(GrowRule::Gradient, 0.1, ++update);
      engine->submit(span);
      if (++inFlight == engine->spansInFlight()) {
        engine->collect();
        --inFlight;
      }
    }
    while (inFlight-- > 0) engine->collect();
  }

  /// Updates alone.
  void update_(int64_t times) {
    for (int64_t i = 0; i < times; ++i) {
      engine->submit({{}, test::planFor(GrowRule::Gradient, 0.1, ++update)});
      engine->collect();
    }
  }
};

struct Bench {
  std::string name;
  NetworkSpec network;
  std::shared_ptr<const Dataset> data;
};

std::string row(const Bench& bench, const Timing& other, const Timing& base, const std::string& aim) {
  return fmt::format("| {} | {} / {} | {:.3f} / {:.3f} ms | {} | {} |\n", bench.name, other.name, base.name,
                     1e3 * other.seconds.median, 1e3 * base.seconds.median, text(ratio(other, base)), aim);
}

std::string steps(const Bench& bench, const SharedDevice& device, double slice, const std::string& costAim,
                  const std::string& officialAim, const std::string& bareAim) {
  const auto setup = [&](const char* precision) {
    EngineSetup made{bench.network, Config{}, bench.data};
    made.config.precision = precision;
    return made;
  };
  const bool gpu = device->isGpu();
  Own dense(setup(kBfloat16), 1, false, device), sparse(setup(kBfloat16), kDensity, true, device);
  Own exact(setup(kFloat32), kDensity, true, device);
  EagerLoop bare(bench.network, *bench.data, kBatch, {gpu, true, false, kDensity});
  EagerLoop official(bench.network, *bench.data, kBatch, {gpu, true, true, kDensity});
  EagerLoop bareExact(bench.network, *bench.data, kBatch, {gpu, false, false, kDensity});
  const auto t = alternate({{"own dense", [&](int64_t n) { dense.train(n); }},
                            {"own RigL, ΔT = 100", [&](int64_t n) { sparse.train(n); }},
                            {"LibTorch eager", [&](int64_t n) { bare.train(n); }},
                            {"official-style masks", [&](int64_t n) { official.train(n); }},
                            {"own RigL, float32", [&](int64_t n) { exact.train(n); }},
                            {"LibTorch eager, float32", [&](int64_t n) { bareExact.train(n); }}},
                           Clock::Wall, slice);
  return row(bench, t[1], t[0], costAim) + row(bench, t[3], t[1], officialAim) + row(bench, t[2], t[1], bareAim) +
         row(bench, t[5], t[4], "");
}

std::string updates(const Bench& bench, const SharedDevice& device, double slice, const std::string& aim) {
  EngineSetup setup{bench.network, Config{}, bench.data};
  Own own(setup, kDensity, true, device);
  EagerLoop official(bench.network, *bench.data, kBatch, {device->isGpu(), false, true, kDensity});
  own.train(3);
  official.train(3);
  const auto t = alternate({{"two sorts a layer", [&](int64_t n) { while (n-- > 0) official.updateBySorting(); }},
                            {"own RigL update", [&](int64_t n) { own.update_(n); }}},
                           Clock::Wall, slice);
  return row(bench, t[0], t[1], aim);
}

/// How often the host waits for the device, and records for it, once training is under way: only for results.
std::string waits(const Bench& bench, const SharedDevice& device) {
  constexpr int64_t kSpans = 3;
  Own own({bench.network, Config{}, bench.data}, kDensity, true, device);
  own.train(kSpans * kUpdateInterval);
  const int64_t waited = device->waits(), recorded = device->recordings();
  own.train(kSpans * kUpdateInterval);
  return fmt::format("| {} | {} steps, {} updates | host waits: {}, graphs recorded: {} | | {} (a result each) and 0 |\n",
                     bench.name, kSpans * kUpdateInterval, kSpans, device->waits() - waited,
                     device->recordings() - recorded, kSpans);
}

/// Steps of many runs at once, and of each after the other.
std::string packed(const Bench& bench, const SharedDevice& device, double slice, const std::string& aim) {
  constexpr size_t kRuns = 16;
  std::vector<EngineSetup> setups(kRuns, {bench.network, Config{}, bench.data});
  for (EngineSetup& setup : setups) setup.config.precision = kBfloat16;
  std::vector<std::unique_ptr<Own>> alone, together;
  for (const EngineSetup& setup : setups) alone.push_back(std::make_unique<Own>(setup, kDensity, true, device));
  auto engines = cuda::makePackedEngines(setups, device);
  for (size_t run = 0; run < kRuns; ++run)
    together.push_back(std::make_unique<Own>(std::move(engines[run]), setups[run], kDensity, true));
  const auto t = alternate({{"16 runs, one after the other",
                             [&](int64_t n) {
                               for (const auto& own : alone) own->train(n);
                             }},
                            {"16 packed runs",
                             [&](int64_t n) {
                               std::vector<std::jthread> threads;
                               for (const auto& own : together) threads.emplace_back([&own, n] { own->train(n); });
                             }}},
                           Clock::Wall, slice);
  return row(bench, t[0], t[1], aim);
}

Bench benchOf(const std::string& name, const std::string& model, Shape shape, int64_t classes, int64_t train) {
  Config config;
  config.model = model;
  auto network = makeNetwork(config, shape, classes);
  if (!network) throw std::invalid_argument(describe(network.problems()));
  return {name, network.take(), syntheticDataset(shape, classes, train, classes, classes, 1)};
}

}  // namespace

std::string gpuTable(const SharedDevice& device, bool small) {
  std::string table = "| network, batch 128 | compared | a step or an update | ratio | aim |\n|---|---|---|---|---|\n";
  const Bench mlp = benchOf("MLP 784-1024-512-10", small ? "lenet-300-100" : "mlp", {1, 28, 28}, 10, 12800);
  table += steps(mlp, device, small ? 0.01 : 0.1, "", "", "a step of 0.030 ms");
  table += waits(mlp, device);
  table += packed(mlp, device, small ? 0.01 : 0.1, small ? "" : "≥ 4");
  if (small) return table + updates(mlp, device, 0.01, "");
  const Bench resnet = benchOf("ResNet-34, 32 × 32, 100 classes", "resnet-34", {3, 32, 32}, 100, 12800);
  table += steps(resnet, device, 0.5, "≤ 1.003", "≥ 5", "≥ 1.5");
  return table + updates(resnet, device, 0.1, "≥ 50 and ≤ 0.25 ms");
}

}  // namespace lab::bench
