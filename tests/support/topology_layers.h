#pragma once
// A few layers of random weights, gradients and momenta, and an update of them.

#include "random/keyed_random.h"
#include "state_layer.h"

#include <cmath>
#include <vector>

namespace lab::test {

struct SomeLayers {
  std::vector<LayerState> states;
  std::vector<int64_t> rows;
  std::vector<std::vector<float>> gradients, momenta;
  double threshold = 0;

  /// One layer a pair of rows and columns, each of this density; of several values only when `tied`.
  SomeLayers(const std::vector<std::pair<int64_t, int64_t>>& shapes, double density, uint64_t seed, bool tied = false) {
    uint32_t layer = 0;
    for (const auto& [r, c] : shapes) {
      const auto value = [&, size = r * c](uint32_t purpose, int64_t i) {
        const double normal = normalAt({seed, Purpose::SyntheticData, layer, purpose}, static_cast<uint64_t>(i % size));
        return static_cast<float>(tied ? std::round(2 * normal) : normal);
      };
      LayerState state;
      state.active = Mask(r * c);
      for (int64_t i = 0; i < r * c; ++i)
        if (i == 0 || uniformAt({seed, Purpose::InitialMask, layer, 0}, static_cast<uint64_t>(i)) < density)
          state.active.set(i);
      state.explored = state.active;
      forEachOne(state.active, [&](int64_t i) {
        state.weights.push_back(value(0, i));
        state.momentum.push_back(value(1, i));
      });
      gradients.emplace_back();
      momenta.emplace_back();
      for (int64_t i = 0; i < r * c; ++i) {
        gradients.back().push_back(value(2, i));
        momenta.back().push_back(value(1, i));
      }
      states.push_back(std::move(state));
      rows.push_back(r);
      ++layer;
    }
  }

  TopologyEvent update(const TopologyPlan& plan) {
    std::vector<StateLayer> layers;
    for (size_t l = 0; l < states.size(); ++l) layers.emplace_back(states[l], rows[l], gradients[l], momenta[l]);
    std::vector<TopologyLayer*> pointers;
    for (StateLayer& layer : layers) pointers.push_back(&layer);
    return updateTopology(plan, pointers, threshold);
  }

  int64_t active() const {
    int64_t sum = 0;
    for (const LayerState& state : states) sum += state.active.count();
    return sum;
  }
};

inline TopologyPlan planOf(DropRule drop, GrowRule grow, double rate) {
  TopologyPlan plan;
  plan.update = 1;
  plan.step = 10;
  plan.pruneRate = rate;
  plan.rules = {drop, grow, Rounding::Up};
  plan.seed = 3;
  plan.dropThreshold = 0.5;
  plan.temperature = 0.5;
  return plan;
}

}  // namespace lab::test
