#pragma once
// The figures, one file each.

#include "experiments/figures.h"

namespace lab {

extern const Figure kFigure2, kFigure3, kFigure4, kGrowth, kFigure6, kPruneRate, kThreshold, kResnet34Cifar100,
    kImagenetTable;

}  // namespace lab
