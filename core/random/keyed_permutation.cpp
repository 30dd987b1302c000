#include "random/keyed_permutation.h"

#include <bit>
#include <stdexcept>
#include <utility>

namespace lab {

namespace {

constexpr int kMostTableBits = 14;  // 256 KiB, which the L2 cache holds

constexpr size_t kRounds = Feistel::kRounds;

}  // namespace

KeyedPermutation::KeyedPermutation(const RandomKey& key, uint64_t size, uint64_t expectedUse) : network_{} {
  if (size == 0 || size >> 40 != 0) throw std::invalid_argument("a keyed permutation needs 1 to 2^40 elements");
  const int bits = size == 1 ? 2 : static_cast<int>(std::bit_width(size - 1));
  network_.size = size;
  network_.halfBits = (bits + 1) / 2;
  network_.halfMask = (uint64_t{1} << network_.halfBits) - 1;
  for (size_t round = 0; round < kRounds; round += 2) {
    const Block block = randomBlock(key, round / 2);
    network_.roundKeys[round] = uint64_t{block[0]} << 32 | block[1];
    network_.roundKeys[round + 1] = uint64_t{block[2]} << 32 | block[3];
  }
  if (expectedUse > network_.halfMask && network_.halfBits <= kMostTableBits) tabulate();
}

uint64_t KeyedPermutation::roundOf(size_t round, uint64_t half) const {
  return table_.empty() ? network_.roundOf(static_cast<int>(round), half) : table_[round << network_.halfBits | half];
}

void KeyedPermutation::tabulate() {
  std::vector<uint16_t> table;
  table.reserve(size_t{kRounds} << network_.halfBits);
  for (size_t round = 0; round < kRounds; ++round)
    for (uint64_t half = 0; half <= network_.halfMask; ++half)
      table.push_back(static_cast<uint16_t>(roundOf(round, half)));
  table_ = std::move(table);
}

uint64_t KeyedPermutation::forward(uint64_t value) const {
  uint64_t left = value >> network_.halfBits, right = value & network_.halfMask;
  for (size_t round = 0; round < kRounds; ++round) {
    const uint64_t next = left ^ roundOf(round, right);
    left = right;
    right = next;
  }
  return left << network_.halfBits | right;
}

void KeyedPermutation::forwardAll(std::span<uint64_t> values) const {
  constexpr size_t kAbreast = 4;  // chains of dependent operations that a processor follows at once
  size_t i = 0;
  for (; i + kAbreast <= values.size(); i += kAbreast) {
    uint64_t left[kAbreast], right[kAbreast];
    for (size_t j = 0; j < kAbreast; ++j) {
      left[j] = values[i + j] >> network_.halfBits;
      right[j] = values[i + j] & network_.halfMask;
    }
    for (size_t round = 0; round < kRounds; ++round)
      for (size_t j = 0; j < kAbreast; ++j) {
        const uint64_t next = left[j] ^ roundOf(round, right[j]);
        left[j] = right[j];
        right[j] = next;
      }
    for (size_t j = 0; j < kAbreast; ++j) values[i + j] = left[j] << network_.halfBits | right[j];
  }
  for (; i < values.size(); ++i) values[i] = forward(values[i]);
}

uint64_t KeyedPermutation::at(uint64_t place) const {
  uint64_t value = place;
  do value = forward(value);
  while (value >= network_.size);  // cycle walking: the cycle through `place` comes back into the range
  return value;
}

void KeyedPermutation::at(uint64_t first, std::span<uint64_t> elements) const {
  std::array<uint64_t, kBatch> walking, slot;  // the elements still out of range, and where they belong
  size_t left = elements.size();
  for (size_t i = 0; i < left; ++i) {
    walking[i] = first + i;
    slot[i] = i;
  }
  while (left > 0) {
    const size_t count = left;
    left = 0;
    forwardAll({walking.data(), count});
    for (size_t i = 0; i < count; ++i) {
      const uint64_t value = walking[i];
      elements[slot[i]] = value;
      walking[left] = value;
      slot[left] = slot[i];
      left += value >= network_.size;
    }
  }
}

}  // namespace lab
