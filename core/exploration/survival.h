#pragma once
// Survival of lives by age after Kaplan and Meier (J. Am. Stat. Assoc. 53, 1958).

#include "exploration/exploration_tracker.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lab {

/// `ended[a]`, `censored[a]`: how many lives ended, or are still going on, at age a (optimizer steps). A life
/// censored at an age is still at risk at that age. The first point is age 0 before anything ended; the others are
/// the ages at which lives ended.
std::vector<SurvivalPoint> kaplanMeier(std::span<const int64_t> ended, std::span<const int64_t> censored);

}  // namespace lab
