#pragma once
// The k positions largest in score magnitude of a stream, in the memory of 2k. Same order as largestMagnitude() of
// select.h: NaN is the largest, the lower position is first among equals.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lab {

class LargestScores {
 public:
  explicit LargestScores(int64_t k);  ///< k >= 1

  /// False: the score cannot be among the k largest any more.
  bool wants(float score) const { return key(score) >= least_; }

  /// Positions must come in ascending order.
  void add(int64_t position, float score);

  /// The k best (or all, if fewer came), ascending.
  std::vector<int64_t> positions();

 private:
  static uint32_t key(float score) {
    uint32_t bits;
    __builtin_memcpy(&bits, &score, sizeof(bits));
    return bits & 0x7FFFFFFFu;
  }
  void keepBest();

  std::size_t k_;
  uint32_t least_ = 0;
  std::vector<float> scores_;
  std::vector<int64_t> positions_;  ///< of the scores, ascending
};

}  // namespace lab
