#pragma once
// What all benchmarks share: data of real size, the network of the targets, engines in their initial state.

#include "engines/engine.h"

#include <memory>
#include <vector>

namespace lab::bench {

struct Fixture {
  Config config;  ///< MLP 784-1024-512-10, batch 128, ERK, one thread
  NetworkSpec network;
  std::shared_ptr<const Dataset> data;
};

/// Fashion-MNIST where it is installed, else as many synthetic images.
Fixture makeFixture(double sparsity);

EngineState initialState(const Fixture& fixture);
std::unique_ptr<Engine> makeEngine(const EngineInfo& info, const Fixture& fixture);

/// The batches of an epoch in a shuffled order, over and over.
class Batches {
 public:
  explicit Batches(const Fixture& fixture);
  std::span<const int32_t> next();

 private:
  std::vector<int32_t> order_;
  size_t batch_, at_ = 0;
};

/// `steps` optimizer steps, each a span of its own.
void train(Engine& engine, Batches& batches, int64_t steps);

}  // namespace lab::bench
