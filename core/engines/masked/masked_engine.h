#pragma once
// The masked engine: LibTorch's dense kernels under bit masks on the CPU. All networks; the reference for the
// others. No Torch type crosses this header.

#include "engines/engine.h"

namespace lab {

/// What to register: name "masked".
EngineInfo maskedEngine();

}  // namespace lab
