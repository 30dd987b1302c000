#include "random/keyed_permutation.h"

#include <bit>
#include <stdexcept>

namespace lab {

namespace {

/// The finaliser of SplitMix64: every output bit depends on every input bit.
uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

}  // namespace

KeyedPermutation::KeyedPermutation(const RandomKey& key, uint64_t size) : size_(size) {
  if (size == 0 || size >> 40 != 0) throw std::invalid_argument("a keyed permutation needs 1 to 2^40 elements");
  const int bits = size == 1 ? 2 : static_cast<int>(std::bit_width(size - 1));
  halfBits_ = (bits + 1) / 2;
  halfMask_ = (uint64_t{1} << halfBits_) - 1;
  for (size_t round = 0; round < kRounds; round += 2) {
    const Block block = randomBlock(key, round / 2);
    roundKeys_[round] = uint64_t{block[0]} << 32 | block[1];
    roundKeys_[round + 1] = uint64_t{block[2]} << 32 | block[3];
  }
}

uint64_t KeyedPermutation::forward(uint64_t value) const {
  uint64_t left = value >> halfBits_, right = value & halfMask_;
  for (const uint64_t roundKey : roundKeys_) {
    const uint64_t next = left ^ (mix(right ^ roundKey) & halfMask_);
    left = right;
    right = next;
  }
  return left << halfBits_ | right;
}

uint64_t KeyedPermutation::backward(uint64_t value) const {
  uint64_t left = value >> halfBits_, right = value & halfMask_;
  for (size_t round = kRounds; round-- > 0;) {
    const uint64_t before = right ^ (mix(left ^ roundKeys_[round]) & halfMask_);
    right = left;
    left = before;
  }
  return left << halfBits_ | right;
}

uint64_t KeyedPermutation::at(uint64_t place) const {
  uint64_t value = place;
  do value = forward(value);
  while (value >= size_);  // cycle walking: the cycle through `place` comes back into the range
  return value;
}

uint64_t KeyedPermutation::placeOf(uint64_t element) const {
  uint64_t value = element;
  do value = backward(value);
  while (value >= size_);
  return value;
}

}  // namespace lab
