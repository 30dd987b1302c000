#pragma once
// The truly sparse CPU engine: multilayer perceptrons of any widths, no zero stored or multiplied.

#include "engines/engine.h"

namespace lab {

/// What to register: name "sparse", detail: the instruction set found.
EngineInfo sparseEngine();

}  // namespace lab
