#pragma once
// Figure 3 of the paper: accuracy against exploration, driven by the update interval ΔT.

#include "experiments/figures.h"

namespace lab {

extern const Figure kFigure3;

}  // namespace lab
