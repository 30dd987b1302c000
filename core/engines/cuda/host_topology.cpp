#include "engines/cuda/host_topology.h"

#include "engines/cuda/arena_state.h"

namespace lab::cuda {

CopiedLayer::CopiedLayer(int64_t rows, const LayerState& state, std::vector<float> gradient,
                         std::vector<float> momentum)
    : rows_(rows),
      active_(state.active),
      explored_(state.explored),
      weights_(state.weights),
      gradient_(std::move(gradient)),
      momentum_(std::move(momentum)) {}

std::vector<float> CopiedLayer::atActive(Score score) {
  std::vector<float> values;
  forEachOne(active_, [&](int64_t i) { values.push_back(scores(score)[static_cast<size_t>(i)]); });
  return values;
}

std::vector<int64_t> CopiedLayer::positionsOf(std::span<const int64_t> places) const {
  return onesAt(active_, places);
}

TopologyCounts countsOf(const EngineState& state) {
  TopologyCounts counts{{}, state.dropThreshold};
  for (const LayerState& layer : state.layers) counts.active.push_back(layer.active.count());
  return counts;
}

TopologyEvent chooseOnHost(const TopologyPlan& plan, Device& device, const Arena& arena, int64_t run,
                           const std::vector<WeightLayer>& layers, bool denseMomentum, TopologyCounts& counts) {
  const ArenaCopy copy = download(device, arena, run);
  const EngineState state = stateOf(arena.plan(), copy, denseMomentum);
  std::vector<CopiedLayer> copies;
  copies.reserve(layers.size());
  std::vector<TopologyLayer*> pointers;
  for (size_t l = 0; l < layers.size(); ++l) {
    const Segment& weight = arena.plan().weight(l);
    copies.emplace_back(layers[l].rows(), state.layers[l], segmentOf(copy.gradient, weight),
                        segmentOf(copy.momentum, weight));
    pointers.push_back(&copies.back());
  }
  TopologyEvent event = updateTopology(plan, pointers, counts.dropThreshold);
  for (size_t l = 0; l < layers.size(); ++l)
    counts.active[l] += static_cast<int64_t>(event.layers[l].grown.size()) -
                        static_cast<int64_t>(event.layers[l].dropped.size());
  return event;
}

}  // namespace lab::cuda
