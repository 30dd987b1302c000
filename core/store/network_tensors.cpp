#include "store/network_tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace lab {

namespace {

std::vector<int64_t> sizeOf(const std::vector<float>& values) { return {static_cast<int64_t>(values.size())}; }

/// One value a position: of layers whose arrays hold only the active ones, the others are 0.
std::vector<float> dense(const LayerState& layer) {
  const auto size = static_cast<size_t>(layer.active.size());
  if (layer.weights.size() == size) return layer.weights;
  std::vector<float> values(size);
  size_t next = 0;
  forEachOne(layer.active, [&](int64_t i) { values[static_cast<size_t>(i)] = layer.weights[next++]; });
  return values;
}

Tensor maskTensor(const LayerInfo& layer, const Mask& mask) {
  Tensor tensor{layer.name + ".mask", TensorType::Bool, layer.shape,
                std::string(static_cast<size_t>(mask.size()), '\0')};
  forEachOne(mask, [&](int64_t i) { tensor.bytes[static_cast<size_t>(i)] = 1; });
  return tensor;
}

}  // namespace

std::vector<Tensor> weightTensors(const std::vector<LayerInfo>& layers, const EngineState& state) {
  std::vector<Tensor> tensors;
  for (size_t l = 0; l < layers.size(); ++l) {
    const LayerState& layer = state.layers[l];
    tensors.push_back(floatTensor(layers[l].name + ".weight", layers[l].shape, dense(layer)));
    if (!layer.bias.empty())
      tensors.push_back(floatTensor(layers[l].name + ".bias", sizeOf(layer.bias), layer.bias));
    tensors.push_back(maskTensor(layers[l], layer.active));
  }
  for (size_t n = 0; n < state.norms.size(); ++n) {
    const NormState& norm = state.norms[n];
    const std::pair<const char*, const std::vector<float>&> parts[] = {
        {"weight", norm.scale}, {"bias", norm.shift}, {"running_mean", norm.mean}, {"running_var", norm.variance}};
    for (const auto& [part, values] : parts)
      tensors.push_back(floatTensor(fmt::format("norm{}.{}", n + 1, part), sizeOf(values), values));
  }
  if (!state.thresholds.empty())
    tensors.push_back(floatTensor("thresholds", sizeOf(state.thresholds), state.thresholds));
  return tensors;
}

std::filesystem::path weightsFile(const std::filesystem::path& run) {
  return run / "weights" / "final.safetensors";
}

std::string packWeights(const std::vector<LayerInfo>& layers, const EngineState& state, int64_t step) {
  return packSafetensors(
      {weightTensors(layers, state), {{"format", "pt"}, {"program", "itoplab"}, {"step", std::to_string(step)}}});
}

Result<std::vector<std::vector<float>>> unpackActiveWeights(std::string_view content,
                                                            const std::vector<LayerInfo>& layers,
                                                            const std::vector<Mask>& active) {
  const auto file = unpackSafetensors(content, "the weights");
  if (!file) return file.problems();
  std::vector<std::vector<float>> weights;
  for (size_t l = 0; l < layers.size(); ++l) {
    const std::string name = layers[l].name + ".weight";
    const auto tensor = std::ranges::find(file.value().tensors, name, &Tensor::name);
    if (tensor == file.value().tensors.end() || tensor->type != TensorType::F32 ||
        tensor->shape != layers[l].shape)
      return Problem{name, fmt::format("the weights have no tensor {} of this network's shape", name)};
    auto& values = weights.emplace_back();
    forEachOne(active[l], [&](int64_t i) {
      float value;
      std::memcpy(&value, tensor->bytes.data() + static_cast<size_t>(i) * sizeof value, sizeof value);
      values.push_back(value);
    });
  }
  return weights;
}

std::vector<Tensor> maskTensors(const std::vector<LayerInfo>& layers, const std::vector<Mask>& masks) {
  std::vector<Tensor> tensors;
  for (size_t l = 0; l < layers.size(); ++l) tensors.push_back(maskTensor(layers[l], masks[l]));
  return tensors;
}

}  // namespace lab
