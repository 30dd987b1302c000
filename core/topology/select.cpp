#include "topology/select.h"

#include "random/keyed_permutation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <utility>

namespace lab {

namespace {

// Finite magnitudes order like their bit patterns without the sign; the patterns above infinity are the NaNs.
uint32_t magnitudeBits(float value) { return std::bit_cast<uint32_t>(value) & 0x7FFFFFFFu; }

constexpr int kBucketBits = 12;  // exponent and four bits of mantissa: 4,096 buckets stay in L1
constexpr int kBucketShift = 31 - kBucketBits;
constexpr size_t kBuckets = size_t{1} << kBucketBits;

/// The k-th smallest key (k >= 1) and how many of those equal to it belong to the k smallest.
struct Threshold {
  uint32_t key = 0;
  int64_t ties = 0;
};

template <class Key>
Threshold kthSmallest(std::span<const float> values, int64_t k, Key key) {
  std::array<uint32_t, kBuckets> histogram{};
  for (const float value : values) ++histogram[key(value) >> kBucketShift];
  size_t bucket = 0;
  int64_t below = 0;
  while (below + histogram[bucket] < k) below += histogram[bucket++];

  std::vector<uint32_t> inside;
  inside.reserve(histogram[bucket]);
  for (const float value : values)
    if (const uint32_t bits = key(value); bits >> kBucketShift == bucket) inside.push_back(bits);
  const auto kth = inside.begin() + (k - below - 1);
  std::nth_element(inside.begin(), kth, inside.end());
  const int64_t less = below + std::count_if(inside.begin(), kth, [&](uint32_t bits) { return bits < *kth; });
  return {*kth, k - less};
}

template <class Key>
std::vector<int64_t> selectSmallest(std::span<const float> values, int64_t k, Key key) {
  const auto size = static_cast<int64_t>(values.size());
  if (k < 0 || k > size) throw std::invalid_argument("selection of more values than there are");
  std::vector<int64_t> places;
  if (k == 0) return places;
  Threshold threshold = kthSmallest(values, k, key);
  // Which values are chosen looks random to a branch predictor: every place is written, and kept by counting it.
  places.resize(static_cast<size_t>(k) + 1);
  size_t chosen = 0;
  for (int64_t i = 0; i < size; ++i) {
    const uint32_t bits = key(values[static_cast<size_t>(i)]);
    const bool tie = bits == threshold.key && threshold.ties-- > 0;
    places[chosen] = i;
    chosen += static_cast<size_t>(bits < threshold.key) | static_cast<size_t>(tie);
  }
  places.pop_back();
  return places;
}

template <class IsCandidate>
void walk(const KeyedPermutation& order, int64_t k, IsCandidate isCandidate, std::vector<int64_t>& taken) {
  std::array<uint64_t, KeyedPermutation::kBatch> batch;
  for (uint64_t place = 0;; place += batch.size()) {
    const std::span<uint64_t> elements(batch.data(), std::min<uint64_t>(batch.size(), order.size() - place));
    order.at(place, elements);
    for (const uint64_t element : elements)
      if (const auto position = static_cast<int64_t>(element); isCandidate(position)) {
        taken.push_back(position);
        if (--k == 0) return;
      }
  }
}

template <class IsCandidate>
void rank(const KeyedPermutation& order, int64_t candidates, int64_t k, IsCandidate isCandidate,
          std::vector<int64_t>& taken) {
  std::vector<std::pair<uint64_t, int64_t>> ranked;
  ranked.reserve(static_cast<size_t>(candidates));
  for (int64_t position = 0; position < static_cast<int64_t>(order.size()); ++position)
    if (isCandidate(position)) ranked.emplace_back(order.placeOf(static_cast<uint64_t>(position)), position);
  std::nth_element(ranked.begin(), ranked.begin() + (k - 1), ranked.end());
  for (int64_t i = 0; i < k; ++i) taken.push_back(ranked[static_cast<size_t>(i)].second);
}

/// The first k candidates in the order of the permutation. Two ways to the same set: walking the order costs
/// k / (share of candidates) steps, ranking all candidates by their place costs one step a candidate.
template <class IsCandidate>
void takeFirst(const RandomKey& key, int64_t size, int64_t candidates, int64_t k, IsCandidate isCandidate,
               std::vector<int64_t>& taken) {
  k = std::min(k, candidates);
  if (k <= 0) return;
  const double expectedWalk = static_cast<double>(k) * static_cast<double>(size) / static_cast<double>(candidates);
  const double steps = std::min(expectedWalk, static_cast<double>(candidates));
  const KeyedPermutation order(key, static_cast<uint64_t>(size), static_cast<uint64_t>(steps));
  if (expectedWalk < static_cast<double>(candidates))
    walk(order, k, isCandidate, taken);
  else
    rank(order, candidates, k, isCandidate, taken);
}

/// Sorts positions below `size` through a bitset where that is cheaper than comparing them.
void sortPositions(std::vector<int64_t>& positions, int64_t size) {
  if (static_cast<int64_t>(positions.size()) < size / 1024) return std::sort(positions.begin(), positions.end());
  Mask mask(size);
  for (const int64_t position : positions) mask.set(position);
  positions.clear();
  forEachOne(mask, [&](int64_t position) { positions.push_back(position); });
}

int64_t countOf(const Mask* mask) { return mask == nullptr ? 0 : mask->count(); }

}  // namespace

std::vector<int64_t> smallestMagnitude(std::span<const float> values, int64_t k) {
  return selectSmallest(values, k, magnitudeBits);
}

std::vector<int64_t> largestMagnitude(std::span<const float> values, int64_t k) {
  return selectSmallest(values, k, [](float value) { return 0x7FFFFFFFu - magnitudeBits(value); });
}

std::vector<int64_t> growRandom(const Mask& active, const Mask* barred, int64_t k, const RandomKey& key) {
  std::vector<int64_t> taken;
  if (active.size() == 0) return taken;
  taken.reserve(static_cast<size_t>(k));
  takeFirst(
      key, active.size(), active.size() - active.count() - countOf(barred), k,
      [&](int64_t i) { return !active.test(i) && (barred == nullptr || !barred->test(i)); }, taken);
  sortPositions(taken, active.size());
  return taken;
}

std::vector<int64_t> growExploreFirst(const Mask& active, const Mask& explored, const Mask* barred, int64_t k,
                                      const RandomKey& key) {
  std::vector<int64_t> taken;
  if (active.size() == 0) return taken;
  taken.reserve(static_cast<size_t>(k));
  const int64_t fresh = active.size() - explored.count();
  takeFirst(
      key, active.size(), fresh, k, [&](int64_t i) { return !explored.test(i); }, taken);
  const int64_t others = explored.count() - active.count() - countOf(barred);
  takeFirst(
      key, active.size(), others, k - static_cast<int64_t>(taken.size()),
      [&](int64_t i) { return explored.test(i) && !active.test(i) && (barred == nullptr || !barred->test(i)); },
      taken);
  sortPositions(taken, active.size());
  return taken;
}

}  // namespace lab
