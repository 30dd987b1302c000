#include "store/replay_state.h"

namespace lab {

void stepForward(LayerMoment& layer, const LayerStep& step, uint32_t moment) {
  for (const uint32_t position : step.off) layer.active.clear(position);
  for (const uint32_t position : step.on) {
    layer.active.set(position);
    layer.born[position] = moment;
  }
  for (const uint32_t position : step.fresh) layer.explored.set(position);
}

void stepBack(LayerMoment& layer, const LayerStep& step) {
  for (const uint32_t position : step.on) layer.active.clear(position);
  for (size_t i = 0; i < step.off.size(); ++i) {
    layer.active.set(step.off[i]);
    layer.born[step.off[i]] = step.bornOff[i];
  }
  for (const uint32_t position : step.fresh) layer.explored.clear(position);
}

Keyframe::Keyframe(size_t moment, const std::vector<LayerMoment>& layers) : moment_(moment) {
  for (const LayerMoment& layer : layers) {
    Layer& kept = layers_.emplace_back(Layer{layer.active, layer.explored, {}});
    kept.born.reserve(static_cast<size_t>(layer.active.count()));
    forEachOne(layer.active, [&](int64_t i) { kept.born.push_back(layer.born[static_cast<size_t>(i)]); });
  }
}

size_t Keyframe::bytes() const {
  size_t sum = 0;
  for (const Layer& layer : layers_) sum += 16 * layer.active.words().size() + 4 * layer.born.size();
  return sum;
}

void Keyframe::restore(std::vector<LayerMoment>& layers) const {
  for (size_t l = 0; l < layers_.size(); ++l) {
    layers[l].active = layers_[l].active;
    layers[l].explored = layers_[l].explored;
    size_t place = 0;
    forEachOne(layers_[l].active,
               [&](int64_t i) { layers[l].born[static_cast<size_t>(i)] = layers_[l].born[place++]; });
  }
}

}  // namespace lab
