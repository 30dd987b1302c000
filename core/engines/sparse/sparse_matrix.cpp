#include "engines/sparse/sparse_matrix.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

namespace lab::sparse {

namespace {

/// +0 where `condition` is 1, `value` where it is 0.
float zeroIf(uint32_t condition, float value) {
  return std::bit_cast<float>(std::bit_cast<uint32_t>(value) & (condition - 1));
}

}  // namespace

SparseMatrix::SparseMatrix(int64_t rows, int64_t columns, bool secondMoments)
    : rows_(rows),
      columns_(columns),
      keepsSecond_(secondMoments),
      rowStart_(static_cast<size_t>(rows + 1)),
      columnStart_(static_cast<size_t>(columns + 1)) {}

int64_t SparseMatrix::longestRow() const {
  int32_t longest = 0;
  for (size_t r = 0; r + 1 < rowStart_.size(); ++r) longest = std::max(longest, rowStart_[r + 1] - rowStart_[r]);
  return longest;
}

void SparseMatrix::assign(const Mask& active, std::span<const float> weights, std::span<const float> momentum,
                          std::span<const float> secondMoment) {
  const auto count = static_cast<size_t>(active.count());
  if (active.size() != rows_ * columns_ || weights.size() != count ||
      (!momentum.empty() && momentum.size() != count) || (!secondMoment.empty() && secondMoment.size() != count) || count > std::numeric_limits<int32_t>::max())
    throw std::invalid_argument("a layer's state does not fit the layer");
  weights_.assign(weights.begin(), weights.end());
  momentum_.assign(momentum.begin(), momentum.end());
  momentum_.resize(count);
  if (keepsSecond_) {
    secondMoment_.assign(secondMoment.begin(), secondMoment.end());
    secondMoment_.resize(count);
  }
  column_.resize(count);
  std::fill(rowStart_.begin(), rowStart_.end(), 0);
  size_t place = 0;
  forEachOne(active, [&](int64_t position) {
    column_[place++] = static_cast<int32_t>(position % columns_);
    ++rowStart_[static_cast<size_t>(position / columns_ + 1)];
  });
  for (size_t r = 1; r < rowStart_.size(); ++r) rowStart_[r] += rowStart_[r - 1];
  indexColumns();
}

std::vector<int64_t> SparseMatrix::positionsOf(std::span<const int64_t> places) const {
  std::vector<int64_t> positions(places.size());
  size_t row = 0;
  for (size_t i = 0; i < places.size(); ++i) {
    while (rowStart_[row + 1] <= places[i]) ++row;
    positions[i] = static_cast<int64_t>(row) * columns_ + column_[static_cast<size_t>(places[i])];
  }
  return positions;
}

void SparseMatrix::replace(std::span<const int64_t> places, std::span<const int64_t> positions) {
  drop(places);
  grow(positions);
  indexColumns();
}

// Which entries go, and which come, looks random to a branch predictor, so the loops below do not branch on it.

/// Every entry is written where the next one that stays belongs, and stays by being counted.
void SparseMatrix::drop(std::span<const int64_t> places) {
  stays_.assign(weights_.size(), 1);
  for (const int64_t place : places) stays_[static_cast<size_t>(place)] = 0;
  const uint8_t* stays = stays_.data();
  int32_t* column = column_.data();
  float *weight = weights_.data(), *momentum = momentum_.data();
  float* second = keepsSecond_ ? secondMoment_.data() : nullptr;
  int32_t to = 0, k = 0;
  for (size_t r = 1; r < rowStart_.size(); ++r) {
    for (const int32_t end = rowStart_[r]; k < end; ++k) {
      column[to] = column[k];
      weight[to] = weight[k];
      momentum[to] = momentum[k];
      if (second != nullptr) second[to] = second[k];
      to += stays[k];
    }
    rowStart_[r] = to;
  }
}

/// Merges from the back, where there is room.
void SparseMatrix::grow(std::span<const int64_t> positions) {
  auto left = static_cast<int64_t>(positions.size());  // still to be placed
  const auto size = static_cast<size_t>(rowStart_.back() + left);
  column_.resize(size);
  weights_.resize(size);
  momentum_.resize(size);
  if (keepsSecond_) secondMoment_.resize(size);
  int32_t* column = column_.data();
  float *weight = weights_.data(), *momentum = momentum_.data();
  float* second = keepsSecond_ ? secondMoment_.data() : nullptr;
  for (int64_t r = rows_; r-- > 0 && left > 0;) {
    const int64_t first = r * columns_;
    const int64_t begin = rowStart_[static_cast<size_t>(r)];
    int64_t k = rowStart_[static_cast<size_t>(r + 1)];
    rowStart_[static_cast<size_t>(r + 1)] = static_cast<int32_t>(k + left);
    const auto grown = [&] { return static_cast<int32_t>(positions[static_cast<size_t>(left - 1)] - first); };
    while (k > begin && left > 0 && grown() >= 0) {
      const int64_t to = k + left - 1;
      const uint32_t takesGrown = grown() > column[k - 1];
      column[to] = std::max(grown(), column[k - 1]);
      weight[to] = zeroIf(takesGrown, weight[k - 1]);
      momentum[to] = zeroIf(takesGrown, momentum[k - 1]);
      if (second != nullptr) second[to] = zeroIf(takesGrown, second[k - 1]);
      k -= 1 - takesGrown;
      left -= takesGrown;
    }
    for (; left > 0 && grown() >= 0; --left) {
      const int64_t to = k + left - 1;
      column[to] = grown();
      weight[to] = momentum[to] = 0;
      if (second != nullptr) second[to] = 0;
    }
    std::copy_backward(column + begin, column + k, column + k + left);
    std::copy_backward(weight + begin, weight + k, weight + k + left);
    std::copy_backward(momentum + begin, momentum + k, momentum + k + left);
    if (second != nullptr) std::copy_backward(second + begin, second + k, second + k + left);
  }
}

/// Counting sort of the entries by column.
void SparseMatrix::indexColumns() {
  row_.resize(column_.size());
  place_.resize(column_.size());
  std::fill(columnStart_.begin(), columnStart_.end(), 0);
  int32_t *start = columnStart_.data(), *row = row_.data(), *place = place_.data();
  const int32_t* column = column_.data();
  for (const int32_t c : column_) ++start[c + 1];
  for (size_t c = 1; c < columnStart_.size(); ++c) columnStart_[c] += columnStart_[c - 1];
  for (int64_t r = 0; r < rows_; ++r)
    for (int32_t k = rowStart_[static_cast<size_t>(r)]; k < rowStart_[static_cast<size_t>(r + 1)]; ++k) {
      const int32_t at = start[column[k]]++;
      row[at] = static_cast<int32_t>(r);
      place[at] = k;
    }
  // Filling has moved each start to its column's end, which is the start of the next.
  std::copy_backward(columnStart_.begin(), columnStart_.end() - 1, columnStart_.end());
  columnStart_.front() = 0;
}

}  // namespace lab::sparse
