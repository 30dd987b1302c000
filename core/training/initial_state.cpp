#include "training/initial_state.h"

#include "random/keyed_random.h"
#include "topology/methods.h"
#include "topology/select.h"

#include <cmath>

namespace lab {

namespace {

constexpr std::string_view kSparseFanIn = "sparse-fan-in";
constexpr std::string_view kDenseFanIn = "dense-fan-in";

Mask initialMask(const WeightLayer& layer, int64_t active, const RandomKey& key) {
  if (active == layer.weights) return Mask(layer.weights, true);
  Mask mask(layer.weights);
  for (const int64_t position : growRandom(mask, nullptr, active, key)) mask.set(position);
  return mask;
}

float uniformWithin(double bound, const RandomKey& key, int64_t index) {
  return static_cast<float>(bound * (2 * uniformAt(key, static_cast<uint64_t>(index)) - 1));
}

}  // namespace

std::vector<std::string> initializationNames() { return {std::string(kSparseFanIn), std::string(kDenseFanIn)}; }

EngineState initialState(const NetworkSpec& network, const LayerDensities& densities, const Config& config) {
  EngineState state;
  const auto layers = weightLayers(network);
  const auto seed = static_cast<uint64_t>(config.seed);
  const bool denseFanIn = config.initialization == kDenseFanIn;
  for (size_t l = 0; l < layers.size(); ++l) {
    const auto index = static_cast<uint32_t>(l);
    const RandomKey weightKey{seed, Purpose::InitialWeights, index, 0};
    const RandomKey biasKey{seed, Purpose::InitialBias, index, 0};
    const auto fanIn = static_cast<double>(layers[l].columns());
    const double density = static_cast<double>(densities.active[l]) / static_cast<double>(layers[l].weights);
    const double bound = 1 / std::sqrt(fanIn);
    const double deviation = std::sqrt(2 / (density * fanIn));

    LayerState layer;
    layer.active = initialMask(layers[l], densities.active[l], {seed, Purpose::InitialMask, index, 0});
    layer.explored = layer.active;
    layer.weights.reserve(static_cast<size_t>(densities.active[l]));
    forEachOne(layer.active, [&](int64_t i) {
      layer.weights.push_back(denseFanIn
                                  ? uniformWithin(bound, weightKey, i)
                                  : static_cast<float>(deviation * normalAt(weightKey, static_cast<uint64_t>(i))));
    });
    if (layers[l].bias) {
      layer.bias.resize(static_cast<size_t>(layers[l].rows()));
      if (denseFanIn)
        for (int64_t i = 0; i < layers[l].rows(); ++i)
          layer.bias[static_cast<size_t>(i)] = uniformWithin(bound, biasKey, i);
    }
    state.layers.push_back(std::move(layer));
  }
  return state;
}

Result<LayerDensities> configuredDensities(const NetworkSpec& network, const Config& config) {
  const Method* method = findMethod(config.method);
  const auto layers = weightLayers(network);
  if (method != nullptr && !method->sparse) return layerDensities("uniform", layers, 1.0);
  return layerDensities(config.distribution, layers, config.density());
}

}  // namespace lab
