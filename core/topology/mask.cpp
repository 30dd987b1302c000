#include "topology/mask.h"

#include <bit>
#include <stdexcept>

namespace lab {

namespace {

void requireEqualSizes(const Mask& a, const Mask& b) {
  if (a.size() != b.size()) throw std::invalid_argument("masks of different sizes");
}

/// The bits of word `index` that lie in [begin, end).
uint64_t rangeBits(int64_t index, int64_t begin, int64_t end) {
  const int64_t first = index * 64;
  uint64_t bits = ~uint64_t{0};
  if (begin > first) bits &= ~uint64_t{0} << (begin - first);
  if (end < first + 64) bits &= ~(~uint64_t{0} << (end - first));
  return bits;
}

/// Without a population count instruction the library's function is several times slower than this, which the
/// compiler turns into vector code.
int64_t onesOf(uint64_t x) {
  x -= x >> 1 & 0x5555555555555555u;
  x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
  x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
  return static_cast<int64_t>(x * 0x0101010101010101u >> 56);
}

}  // namespace

Mask::Mask(int64_t size, bool value)
    : size_(size), words_(static_cast<size_t>((size + 63) / 64), value ? ~uint64_t{0} : 0) {
  if (value && size % 64 != 0) words_.back() = (uint64_t{1} << (size % 64)) - 1;
}

int64_t Mask::count() const {
  int64_t ones = 0;
  for (const uint64_t word : words_) ones += onesOf(word);
  return ones;
}

int64_t Mask::count(int64_t begin, int64_t end) const {
  if (begin >= end) return 0;
  int64_t ones = 0;
  for (int64_t w = begin / 64; w <= (end - 1) / 64; ++w)
    ones += std::popcount(words_[static_cast<size_t>(w)] & rangeBits(w, begin, end));
  return ones;
}

bool Mask::any(int64_t begin, int64_t end) const {
  if (begin >= end) return false;
  for (int64_t w = begin / 64; w <= (end - 1) / 64; ++w)
    if (words_[static_cast<size_t>(w)] & rangeBits(w, begin, end)) return true;
  return false;
}

Mask& Mask::operator|=(const Mask& other) {
  requireEqualSizes(*this, other);
  for (size_t w = 0; w < words_.size(); ++w) words_[w] |= other.words_[w];
  return *this;
}

Mask& Mask::operator&=(const Mask& other) {
  requireEqualSizes(*this, other);
  for (size_t w = 0; w < words_.size(); ++w) words_[w] &= other.words_[w];
  return *this;
}

std::vector<int64_t> Mask::positions() const {
  std::vector<int64_t> ones;
  ones.reserve(static_cast<size_t>(count()));
  forEachOne(*this, [&](int64_t i) { ones.push_back(i); });
  return ones;
}

std::vector<int64_t> onesAt(const Mask& mask, std::span<const int64_t> places) {
  std::vector<int64_t> positions;
  positions.reserve(places.size());
  auto next = places.begin();
  int64_t place = 0;
  forEachOne(mask, [&](int64_t position) {
    if (next != places.end() && *next == place++) {
      positions.push_back(position);
      ++next;
    }
  });
  return positions;
}

}  // namespace lab
