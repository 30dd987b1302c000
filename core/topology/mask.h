#pragma once
// Which connections of a layer exist: one bit a weight, in the flat index order of the weight tensor
// ([out][in] for a linear layer, [out][in][ky][kx] for a convolution).

#include <cstdint>
#include <span>
#include <vector>

namespace lab {

class Mask {
 public:
  Mask() = default;
  explicit Mask(int64_t size, bool value = false);

  int64_t size() const { return size_; }
  bool test(int64_t i) const { return words_[static_cast<size_t>(i >> 6)] >> (i & 63) & 1; }
  void set(int64_t i) { words_[static_cast<size_t>(i >> 6)] |= uint64_t{1} << (i & 63); }
  void clear(int64_t i) { words_[static_cast<size_t>(i >> 6)] &= ~(uint64_t{1} << (i & 63)); }

  int64_t count() const;                            ///< number of ones
  bool any(int64_t begin, int64_t end) const;        ///< whether there is a one in [begin, end); stops at the first
  int64_t count(int64_t begin, int64_t end) const;  ///< ones in [begin, end)
  Mask& operator|=(const Mask& other);              ///< sizes must be equal
  Mask& operator&=(const Mask& other);
  std::vector<int64_t> positions() const;  ///< the ones, ascending

  /// Bits past size() in the last word are zero.
  std::span<const uint64_t> words() const { return words_; }
  std::span<uint64_t> words() { return words_; }

  bool operator==(const Mask&) const = default;

 private:
  int64_t size_ = 0;
  std::vector<uint64_t> words_;
};

/// Calls visit(index) for every one, ascending.
template <class Visit>
void forEachOne(const Mask& mask, Visit&& visit) {
  const auto words = mask.words();
  for (size_t w = 0; w < words.size(); ++w)
    for (uint64_t bits = words[w]; bits != 0; bits &= bits - 1)
      visit(static_cast<int64_t>(w * 64) + __builtin_ctzll(bits));
}

/// The positions of chosen ones: `places` count the ones from zero and ascend.
std::vector<int64_t> onesAt(const Mask& mask, std::span<const int64_t> places);

}  // namespace lab
