#pragma once
// A pseudo-random permutation of 0..size-1 that needs no memory: a balanced Feistel network over the next even
// number of bits, with cycle walking back into the range.

#include "random/feistel.h"
#include "random/keyed_random.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lab {

class KeyedPermutation {
 public:
  /// size >= 1, below 2^40. `expectedUse`: about how many elements will be asked for. A round depends on half of
  /// an element's bits only, so where many are asked for, the rounds of all halves are tabulated first.
  KeyedPermutation(const RandomKey& key, uint64_t size, uint64_t expectedUse = 0);

  uint64_t size() const { return network_.size; }

  /// The same permutation as plain data.
  const Feistel& network() const { return network_; }

  /// The element at place `place` < size.
  uint64_t at(uint64_t place) const;

  /// at(first), at(first + 1), ... Several times faster than one by one: the rounds of one element wait for each
  /// other, those of different elements do not. At most kBatch elements, all at places below size().
  void at(uint64_t first, std::span<uint64_t> elements) const;
  static constexpr size_t kBatch = 64;

  /// The place of `element`: at(placeOf(e)) == e.
  uint64_t placeOf(uint64_t element) const { return network_.placeOf(element); }

 private:
  uint64_t roundOf(size_t round, uint64_t half) const;
  void tabulate();
  uint64_t forward(uint64_t value) const;
  void forwardAll(std::span<uint64_t> values) const;

  Feistel network_;
  std::vector<uint16_t> table_;  ///< [round][half]; empty: not tabulated
};

}  // namespace lab
