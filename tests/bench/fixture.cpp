#include "fixture.h"

#include "network/models.h"
#include "random/keyed_permutation.h"
#include "training/initial_masks.h"
#include "training/initial_state.h"

namespace lab::bench {

namespace {

constexpr float kLearningRate = 0.01f;

std::shared_ptr<const Dataset> realSizeData() {
  static const auto data = [] {
    if (auto real = loadDataset(Config{})) return real.take();
    return syntheticDataset({1, 28, 28}, 10, 55000, 5000, 10000, 1);
  }();
  return data;
}

}  // namespace

Fixture makeFixture(double sparsity) {
  Fixture fixture;
  fixture.data = realSizeData();
  fixture.config.sparsity = sparsity;
  if (sparsity == 0) fixture.config.method = "dense";
  fixture.network = makeNetwork(fixture.config, fixture.data->shape, fixture.data->classes).take();
  return fixture;
}

EngineState initialState(const Fixture& fixture) {
  const auto densities = configuredDensities(fixture.network, fixture.config).take();
  const auto masks = firstMasks(fixture.network, densities.start, fixture.config, fixture.data, {});
  return lab::initialState(fixture.network, masks, fixture.config);
}

std::unique_ptr<Engine> makeEngine(const EngineInfo& info, const Fixture& fixture) {
  auto engine = info.make({fixture.network, fixture.config, fixture.data});
  engine->restore(initialState(fixture));
  return engine;
}

Batches::Batches(const Fixture& fixture) : batch_(static_cast<size_t>(fixture.config.batch_size)) {
  const KeyedPermutation shuffle({1, Purpose::SampleOrder, 0, 0},
                                 static_cast<uint64_t>(fixture.data->train.count));
  for (uint64_t i = 0; i < shuffle.size(); ++i) order_.push_back(static_cast<int32_t>(shuffle.at(i)));
}

std::span<const int32_t> Batches::next() {
  if (at_ + batch_ > order_.size()) at_ = 0;
  at_ += batch_;
  return {order_.data() + at_ - batch_, batch_};
}

void train(Engine& engine, Batches& batches, int64_t steps) {
  for (int64_t step = 0; step < steps; ++step) {
    engine.submit({{{batches.next(), kLearningRate}}, {}});
    engine.collect();
  }
}

}  // namespace lab::bench
