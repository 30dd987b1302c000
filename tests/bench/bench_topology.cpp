// A topology update as the sparse engine does it, on all layers, against sorting every layer.
#include "benchmarks.h"
#include "engines/sparse/isa.h"
#include "engines/sparse/mlp.h"
#include "engines/sparse/topology_step.h"
#include "paired.h"
#include "topology/select.h"
#include "torch_loop.h"

#include <fmt/format.h>

namespace lab::bench {

namespace {

constexpr double kPruneRate = 0.5;

struct Network {
  EngineState start;
  sparse::Mlp mlp;
  TopologyPlan plan;
  std::vector<sparse::SparseTopologyLayer> layers;
  std::vector<TopologyLayer*> topology;
  double threshold = 0;

  Network(const Fixture& fixture, GrowRule grow)
      : start(initialState(fixture)),
        mlp(sparse::layerChain(fixture.network), fixture.data, *sparse::chooseKernels().kernels, 1) {
    plan.pruneRate = kPruneRate;
    plan.rules = {DropRule::Magnitude, grow, Rounding::Up};
    for (size_t l = 0; l < start.layers.size(); ++l) layers.emplace_back(mlp, l);
    for (auto& layer : layers) topology.push_back(&layer);
    restore();
    Batches batches(fixture);
    mlp.forward(Split::Train, batches.next());
    mlp.backward(nullptr);
  }

  void restore() {
    for (size_t l = 0; l < start.layers.size(); ++l) mlp.layers()[l].restore(start.layers[l]);
  }

  void update() {
    ++plan.update;
    updateTopology(plan, topology, threshold);
  }
};

/// One update from the initial weights: grown weights are zero, and a second update would find them at once.
Contender updateContender(std::string name, const Fixture& fixture, GrowRule grow) {
  auto network = std::make_shared<Network>(fixture, grow);
  return {std::move(name), [=](int64_t) { network->update(); }, [=] { network->restore(); }, 1};
}

Contender selectionContender(const Fixture& fixture) {
  auto state = std::make_shared<EngineState>(initialState(fixture));
  return {"drop selection alone", [=](int64_t times) {
            for (int64_t i = 0; i < times; ++i)
              for (const LayerState& layer : state->layers)
                smallestMagnitude(layer.weights, dropCount(Rounding::Up, kPruneRate, layer.active.count()));
          }};
}

}  // namespace

void benchTopologyUpdate() {
  fmt::print("{:>9} {:>24} {:>11} {:>11} {:>24}\n", "sparsity", "update", "ms", "sorts ms", "sorts / update");
  for (const double sparsity : {0.90, 0.98}) {
    const Fixture fixture = makeFixture(sparsity);
    std::vector<int64_t> sizes;
    for (const WeightLayer& layer : weightLayers(fixture.network)) sizes.push_back(layer.weights);
    auto sorts = std::make_shared<TorchSorts>(sizes);
    const auto timings = alternate({{"two sorts a layer",
                                     [=](int64_t times) {
                                       while (times-- > 0) sorts->run();
                                     }},
                                    selectionContender(fixture),
                                    updateContender("SET", fixture, GrowRule::Random),
                                    updateContender("explore-first", fixture, GrowRule::ExploreFirst),
                                    updateContender("RigL", fixture, GrowRule::Gradient)});
    for (size_t t = 1; t < timings.size(); ++t)
      fmt::print("{:>9} {:>24} {:>11.3f} {:>11.2f} {:>24}\n", sparsity, timings[t].name,
                 1e3 * timings[t].seconds.median, 1e3 * timings[0].seconds.median,
                 text(ratio(timings[0], timings[t])));
  }
  fmt::print("prune rate {}; target: at least 100 times faster than the sorts\n", kPruneRate);
}

}  // namespace lab::bench
