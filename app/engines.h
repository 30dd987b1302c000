#pragma once
// The one place that knows which engines a program has.

#include "engines/engine.h"

namespace lab {

/// Every engine built in, in order of preference.
EngineRegistry makeEngines();

}  // namespace lab
