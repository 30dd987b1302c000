#include "training/initial_state.h"

#include "random/keyed_random.h"

#include <cmath>
#include <utility>

namespace lab {

namespace {

constexpr std::string_view kSparseFanIn = "sparse-fan-in";
constexpr std::string_view kDenseFanIn = "dense-fan-in";

float uniformWithin(double bound, const RandomKey& key, int64_t index) {
  return static_cast<float>(bound * (2 * uniformAt(key, static_cast<uint64_t>(index)) - 1));
}

}  // namespace

std::vector<std::string> initializationNames() { return {std::string(kSparseFanIn), std::string(kDenseFanIn)}; }

EngineState initialState(const NetworkSpec& network, std::vector<Mask> masks, const Config& config) {
  EngineState state;
  const auto layers = weightLayers(network);
  const auto seed = static_cast<uint64_t>(config.seed);
  const bool denseFanIn = config.initialization == kDenseFanIn;
  for (size_t l = 0; l < layers.size(); ++l) {
    const auto index = static_cast<uint32_t>(l);
    const RandomKey weightKey{seed, Purpose::InitialWeights, index, 0};
    const RandomKey biasKey{seed, Purpose::InitialBias, index, 0};
    const auto fanIn = static_cast<double>(layers[l].columns());
    const int64_t active = masks[l].count();
    const double density = static_cast<double>(active) / static_cast<double>(layers[l].weights);
    const double bound = 1 / std::sqrt(fanIn);
    const double deviation = std::sqrt(2 / (density * fanIn));

    LayerState layer;
    layer.explored = masks[l];
    layer.active = std::move(masks[l]);
    layer.weights.reserve(static_cast<size_t>(active));
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
  for (const NormLayer& norm : normLayers(network)) {
    const auto channels = static_cast<size_t>(norm.channels);
    const std::vector<float> zeros(channels), ones(channels, 1.0f);
    state.norms.push_back({ones, zeros, zeros, ones, {}, {}, {}, {}});
  }
  return state;
}

}  // namespace lab
