#pragma once
// What connections are worth before training, by LibTorch's automatic differentiation. No Torch type crosses this
// header.

#include "engines/engine.h"

namespace lab {

/// For EngineRegistry::setScorer. Snip and Grasp in float32 over the task's samples in batches; SynFlow in double, where
/// deep networks of absolute weights do not overflow. Batch norm is in training mode for the first two and, being at
/// its start, the identity for SynFlow.
SaliencyScorer maskedSaliency();

}  // namespace lab
