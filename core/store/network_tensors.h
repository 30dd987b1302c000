#pragma once
// A network as named tensors, as PyTorch names them: LAYER.weight (dense, zero where inactive), LAYER.bias, and
// LAYER.mask beside them. Batch normalisations are norm1, norm2, ...: weight, bias, running_mean, running_var.

#include "engines/engine.h"
#include "store/safetensors.h"
#include "training/run_observer.h"

namespace lab {

std::vector<Tensor> weightTensors(const std::vector<LayerInfo>& layers, const EngineState& state);

/// A safetensors file of them, with the step they are from.
std::string packWeights(const std::vector<LayerInfo>& layers, const EngineState& state, int64_t step);

/// LAYER.mask alone.
std::vector<Tensor> maskTensors(const std::vector<LayerInfo>& layers, const std::vector<Mask>& masks);

}  // namespace lab
