#pragma once
// A network as named tensors, as PyTorch names them: LAYER.weight (dense, zero where inactive), LAYER.bias, and
// LAYER.mask beside them. Batch normalisations are norm1, norm2, ...: weight, bias, running_mean, running_var.

#include "engines/engine.h"
#include "store/safetensors.h"
#include "training/run_observer.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

std::vector<Tensor> weightTensors(const std::vector<LayerInfo>& layers, const EngineState& state);

/// Where a run directory keeps those of the finished network.
std::filesystem::path weightsFile(const std::filesystem::path& run);

/// A safetensors file of them, with the step they are from.
std::string packWeights(const std::vector<LayerInfo>& layers, const EngineState& state, int64_t step);

/// From the content of such a file: the weights at the active positions of each layer, ascending. Problem:
/// damaged, or of other layers.
Result<std::vector<std::vector<float>>> unpackActiveWeights(std::string_view content,
                                                            const std::vector<LayerInfo>& layers,
                                                            const std::vector<Mask>& active);

/// LAYER.mask alone.
std::vector<Tensor> maskTensors(const std::vector<LayerInfo>& layers, const std::vector<Mask>& masks);

}  // namespace lab
