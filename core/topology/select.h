#pragma once
// Exact selection, shared by all engines, so that identical weights, scores and masks give the identical next mask.
// Ties are broken by index (the lower index is taken first), so k is always exact.

#include "random/keyed_random.h"
#include "topology/mask.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lab {

/// The places (ascending) of the k values smallest in magnitude. O(n): a histogram over the high bits of the float,
/// then a selection inside one bucket. NaN counts as the largest. 0 <= k <= values.size().
std::vector<int64_t> smallestMagnitude(std::span<const float> values, int64_t k);

/// The places (ascending) of the k values largest in magnitude.
std::vector<int64_t> largestMagnitude(std::span<const float> values, int64_t k);

/// k positions that are zero in `active`, uniform without replacement: the first k candidates in the keyed
/// permutation of all positions. Ascending. `barred` (may be null; disjoint from `active`) are no candidates.
/// Fewer than k when there are fewer candidates. O(k / share of candidates).
std::vector<int64_t> growRandom(const Mask& active, const Mask* barred, int64_t k, const RandomKey& key);

/// The same, but positions never explored come first (in the order of the permutation), then the other zeros.
/// `explored` must include `active` and `barred`.
std::vector<int64_t> growExploreFirst(const Mask& active, const Mask& explored, const Mask* barred, int64_t k,
                                      const RandomKey& key);

}  // namespace lab
