// Topology updates on a device against the update that all engines share, bit for bit.

#include "engines/cuda/arena_state.h"
#include "engines/cuda/device_topology.h"
#include "gpu_checks.h"
#include "network_fixture.h"
#include "state_layer.h"

namespace lab::test {

namespace {

using namespace cuda;

/// Layers of one block, of many, and one that is not sparse.
NetworkSpec network() { return perceptron({1, 9, 8}, {61, 137, 5}); }

/// Scores of few different values, so that many are equal.
std::vector<float> tied(int64_t count, uint32_t stream, int levels) {
  std::vector<float> values;
  for (int64_t i = 0; i < count; ++i) {
    const double normal = normalAt({8, Purpose::Bootstrap, stream, 0}, static_cast<uint64_t>(i));
    values.push_back(static_cast<float>(std::round(normal * levels) / levels));
  }
  return values;
}

struct Case {
  EngineState state;
  ArenaCopy copy;
  std::vector<std::vector<float>> gradients, momenta;  ///< of each layer

  Case(const ArenaPlan& plan, double density, int levels, bool denseMomentum)
      : state(randomState(network(), density, 6)) {
    const auto layers = weightLayers(network());
    LayerState& last = state.layers.back();  // full: nothing to explore
    last.active = last.explored = Mask(layers.back().weights, true);
    last.weights = tied(layers.back().weights, 90, levels);
    last.momentum.clear();
    for (size_t l = 0; l + 1 < layers.size(); ++l) {
      LayerState& layer = state.layers[l];
      layer.weights = tied(static_cast<int64_t>(layer.weights.size()), static_cast<uint32_t>(l), levels);
    }
    for (size_t l = 0; l < layers.size(); ++l) {
      gradients.push_back(tied(layers[l].weights, static_cast<uint32_t>(20 + l), levels));
      momenta.push_back(tied(layers[l].weights, static_cast<uint32_t>(40 + l), levels));
      if (denseMomentum) state.layers[l].momentum = momenta[l];
    }
    copy = copyOf(plan, state, false, denseMomentum);
    for (size_t l = 0; l < layers.size(); ++l)
      std::copy(gradients[l].begin(), gradients[l].end(), copy.gradient.begin() + plan.weight(l).begin);
  }
};

void compare(Device& device, const TopologyPlan& plan, double density, int levels) {
  const bool dense = plan.rules.needsDenseMomentum();
  const Arena arena(device, planArena(network(), true), false, false);
  Case made(arena.plan(), density, levels, dense);
  upload(device, arena, made.copy);
  std::vector<int64_t> counts;
  std::vector<StateLayer> layers;
  std::vector<TopologyLayer*> pointers;
  EngineState expected = made.state;
  for (size_t l = 0; l < made.state.layers.size(); ++l) {
    counts.push_back(made.state.layers[l].active.count());
    if (dense) expected.layers[l].momentum.clear();
    layers.emplace_back(expected.layers[l], weightLayers(network())[l].rows(), made.gradients[l], made.momenta[l]);
  }
  for (StateLayer& layer : layers) pointers.push_back(&layer);

  DeviceTopology topology(device, arena, dense);
  LAB_CHECK(topology.serves(plan));
  const auto staging = device.pinned(topology.stagingBytes()), words = device.pinned(topology.wordBytes());
  // Once as it comes, then recorded, then repeated.
  for (int64_t time = 0; time < 3; ++time) {
    TopologyPlan next = plan;
    next.update += time;
    const RunUpdate update{0, &next, counts};
    topology.update({&update, 1}, staging.get());
    topology.download(words.get());
    device.mark()->wait();
    const auto changes = topology.read(words.get());
    double unused = 0;
    const TopologyEvent event = updateTopology(next, pointers, unused);
    for (size_t l = 0; l < changes.size(); ++l) {
      LAB_CHECK(changes[l].dropped == event.layers[l].dropped);
      LAB_CHECK(changes[l].grown == event.layers[l].grown);
      LAB_CHECK(l + 1 == changes.size() || plan.keepRegrown || !changes[l].dropped.empty());
    }
    const EngineState now = stateOf(arena.plan(), download(device, arena), dense);
    for (size_t l = 0; l < changes.size(); ++l) {
      LAB_CHECK(now.layers[l].active == expected.layers[l].active);
      LAB_CHECK(now.layers[l].explored == expected.layers[l].explored);
      LAB_CHECK(now.layers[l].weights == expected.layers[l].weights);
      LAB_CHECK(dense ? now.layers[l].momentum == made.momenta[l]
                      : expected.layers[l].momentum.empty() || now.layers[l].momentum == expected.layers[l].momentum);
    }
  }
}

void updatesAsTheSharedUpdateDoes(const SharedDevice& device, GrowRule grow) {
  const auto scope = device->enter();
  for (const double density : {0.02, 0.2, 0.8})
    for (const int levels : {2, 1000})  // many ties, and hardly any
      for (const bool regrow : {true, false})
        for (const bool keep : {false, true}) {
          TopologyPlan plan = planFor(grow, 0.4);
          plan.regrowDropped = regrow;
          plan.keepRegrown = keep;
          compare(*device, plan, density, levels);
        }
}

template <GrowRule kGrow>
void updates(const SharedDevice& device) {
  updatesAsTheSharedUpdateDoes(device, kGrow);
}

}  // namespace

std::vector<GpuCheck> topologyChecks() {
  return {{"random growth equals the shared update", updates<GrowRule::Random>},
          {"exploration-first growth equals the shared update", updates<GrowRule::ExploreFirst>},
          {"growth by gradient equals the shared update", updates<GrowRule::Gradient>},
          {"growth by momentum equals the shared update", updates<GrowRule::Momentum>}};
}

}  // namespace lab::test
