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
constexpr int64_t kRows = 32;  ///< whose dense gradients exist at a time, as in an update

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

/// What no growth by gradients can do without: the arithmetic of a dense product.
Contender gradientContender(const Fixture& fixture) {
  auto network = std::make_shared<Network>(fixture, GrowRule::None);
  auto gradient = std::make_shared<sparse::AlignedVector<float>>();
  return {"dense gradients alone", [=](int64_t times) {
            while (times-- > 0)
              for (size_t l = 0; l < network->start.layers.size(); ++l) {
                const auto& shape = network->mlp.layers()[l].shape;
                gradient->resize(static_cast<size_t>(kRows * shape.columns + 8));
                for (int64_t first = 0; first < shape.rows; first += kRows)
                  network->mlp.denseGradient(l, {first, std::min(first + kRows, shape.rows)}, gradient->data());
              }
          }};
}

Contender peerContender(std::string name, std::shared_ptr<TorchUpdate> peer, void (TorchUpdate::*update)()) {
  return {std::move(name), [=](int64_t times) {
            while (times-- > 0) (peer.get()->*update)();
          }};
}

}  // namespace

void benchTopologyUpdate() {
  fmt::print("{:>9} {:>24} {:>9} {:>26} {:>32}\n", "sparsity", "", "ms", "two sorts a layer / it",
             "dense gradients and sorts / it");
  for (const double sparsity : {0.90, 0.98}) {
    const Fixture fixture = makeFixture(sparsity);
    auto peer = std::make_shared<TorchUpdate>(weightLayers(fixture.network), fixture.config.batch_size);
    const auto timings =
        alternate({peerContender("two sorts a layer", peer, &TorchUpdate::sorts),
                   peerContender("LibTorch's RigL", peer, &TorchUpdate::gradientsAndSorts),
                   selectionContender(fixture), updateContender("SET", fixture, GrowRule::Random),
                   updateContender("explore-first", fixture, GrowRule::ExploreFirst),
                   updateContender("RigL", fixture, GrowRule::Gradient), gradientContender(fixture)},
                  Clock::Thread);
    for (const Timing& timing : timings)
      fmt::print("{:>9} {:>24} {:>9.3f} {:>26} {:>32}\n", sparsity, timing.name, 1e3 * timing.seconds.median,
                 text(ratio(timings[0], timing)), text(ratio(timings[1], timing)));
  }
  fmt::print("prune rate {}; target: at least 100 times faster than the sorts\n", kPruneRate);
}

}  // namespace lab::bench
