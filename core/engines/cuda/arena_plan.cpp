#include "engines/cuda/arena_plan.h"

namespace lab::cuda {

namespace {

int32_t append(ArenaPlan& plan, Segment segment) {
  segment.begin = plan.size();
  segment.firstBlock = plan.blocks();
  segment.blocks = (segment.size + kBlock - 1) / kBlock;
  const auto index = static_cast<int32_t>(plan.segments.size());
  plan.segments.push_back(segment);
  plan.segmentOf.insert(plan.segmentOf.end(), static_cast<size_t>(segment.blocks), index);
  return index;
}

Segment weightSegment(const WeightLayer& layer, int32_t index) {
  Segment segment;
  segment.size = layer.weights;
  segment.layer = index;
  if (layer.shape.size() < 4) return segment;
  segment.channels = static_cast<int32_t>(layer.shape[1]);
  segment.area = static_cast<int32_t>(layer.shape[2] * layer.shape[3]);
  return segment;
}

Segment vectorSegment(int64_t size, bool decays) {
  Segment segment;
  segment.size = size;
  segment.decays = decays;
  return segment;
}

}  // namespace

ArenaPlan planArena(const NetworkSpec& network, bool decayNorms) {
  ArenaPlan plan;
  const auto layers = weightLayers(network);
  for (size_t l = 0; l < layers.size(); ++l) {
    const int32_t weight = append(plan, weightSegment(layers[l], static_cast<int32_t>(l)));
    plan.layers.push_back({weight, layers[l].bias ? append(plan, vectorSegment(layers[l].rows(), true)) : -1});
  }
  for (const NormLayer& norm : normLayers(network)) {
    const int32_t scale = append(plan, vectorSegment(norm.channels, decayNorms));
    plan.norms.push_back({scale, append(plan, vectorSegment(norm.channels, decayNorms)), plan.channels});
    plan.channels += norm.channels;
  }
  return plan;
}

PackedArena packArena(const ArenaPlan& plan, int64_t runs) {
  PackedArena packed;
  for (int64_t run = 0; run < runs; ++run) {
    const auto first = static_cast<int32_t>(packed.segments.size());
    for (Segment segment : plan.segments) {
      segment.begin += run * plan.size();
      segment.firstBlock += run * plan.blocks();
      segment.run = static_cast<int32_t>(run);
      packed.segments.push_back(segment);
    }
    for (const int32_t segment : plan.segmentOf) packed.segmentOf.push_back(first + segment);
  }
  return packed;
}

}  // namespace lab::cuda
