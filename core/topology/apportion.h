#pragma once
// Whole numbers in proportion to shares.

#include <cstdint>
#include <span>
#include <vector>

namespace lab {

/// Splits `total` in proportion to `shares` (>= 0), each part at most its cap, by largest remainder; what a cap turns
/// away goes to the others in proportion, and evenly where all shares left are zero. The sum is exactly
/// min(total, Σ caps). Ties go to the lower index.
std::vector<int64_t> apportion(int64_t total, std::span<const double> shares, std::span<const int64_t> caps);

}  // namespace lab
