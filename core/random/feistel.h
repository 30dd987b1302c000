#pragma once
// The balanced Feistel network of a keyed permutation as plain data, for processor and GPU.

#include "host_device.h"

#include <cstdint>

namespace lab {

struct Feistel {
  static constexpr int kRounds = 8;  // fewer than six are visibly biased

  uint64_t size;  ///< of the range that cycle walking comes back into
  uint64_t roundKeys[kRounds];
  uint64_t halfMask;
  int halfBits;

  /// The finaliser of SplitMix64: every output bit depends on every input bit.
  LAB_HD static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
  }

  LAB_HD uint64_t roundOf(int round, uint64_t half) const { return mix(half ^ roundKeys[round]) & halfMask; }

  LAB_HD uint64_t backward(uint64_t value) const {
    uint64_t left = value >> halfBits, right = value & halfMask;
    for (int round = kRounds; round-- > 0;) {
      const uint64_t before = right ^ roundOf(round, left);
      right = left;
      left = before;
    }
    return left << halfBits | right;
  }

  /// The place of `element` < size in the permutation.
  LAB_HD uint64_t placeOf(uint64_t element) const {
    uint64_t value = element;
    do value = backward(value);
    while (value >= size);
    return value;
  }
};

}  // namespace lab
