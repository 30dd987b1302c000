#include "engines/cuda/host_topology.h"

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

}  // namespace lab::cuda
