#include "engines/sparse/sparse_matrix.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace lab::sparse {

SparseMatrix::SparseMatrix(int64_t rows, int64_t columns)
    : rows_(rows),
      columns_(columns),
      rowStart_(static_cast<size_t>(rows + 1)),
      columnStart_(static_cast<size_t>(columns + 1)),
      nextRowStart_(static_cast<size_t>(rows + 1)) {}

int64_t SparseMatrix::longestRow() const {
  int32_t longest = 0;
  for (size_t r = 0; r + 1 < rowStart_.size(); ++r) longest = std::max(longest, rowStart_[r + 1] - rowStart_[r]);
  return longest;
}

void SparseMatrix::assign(const Mask& active, std::span<const float> weights, std::span<const float> momentum) {
  const auto count = static_cast<size_t>(active.count());
  if (active.size() != rows_ * columns_ || weights.size() != count ||
      (!momentum.empty() && momentum.size() != count) || count > std::numeric_limits<int32_t>::max())
    throw std::invalid_argument("a layer's state does not fit the layer");
  weights_.assign(weights.begin(), weights.end());
  momentum_.assign(momentum.begin(), momentum.end());
  momentum_.resize(count);
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
  const size_t size = weights_.size() - places.size() + positions.size();
  nextColumn_.resize(size);
  nextWeights_.resize(size);
  nextMomentum_.resize(size);
  constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();
  auto dropped = places.begin();
  auto grown = positions.begin();
  int64_t nextDropped = dropped == places.end() ? kEnd : *dropped;
  int64_t nextGrown = grown == positions.end() ? kEnd : *grown;
  size_t to = 0;
  const auto add = [&](int64_t column, float weight, float momentum) {
    nextColumn_[to] = static_cast<int32_t>(column);
    nextWeights_[to] = weight;
    nextMomentum_[to++] = momentum;
  };
  for (int64_t r = 0; r < rows_; ++r) {
    const int64_t first = r * columns_;
    const auto growBefore = [&](int64_t position) {
      for (; nextGrown < position; nextGrown = ++grown == positions.end() ? kEnd : *grown)
        add(nextGrown - first, 0, 0);
    };
    for (int32_t k = rowStart_[static_cast<size_t>(r)]; k < rowStart_[static_cast<size_t>(r + 1)]; ++k) {
      if (k == nextDropped) {
        nextDropped = ++dropped == places.end() ? kEnd : *dropped;
        continue;
      }
      const auto from = static_cast<size_t>(k);
      growBefore(first + column_[from]);
      add(column_[from], weights_[from], momentum_[from]);
    }
    growBefore(first + columns_);
    nextRowStart_[static_cast<size_t>(r + 1)] = static_cast<int32_t>(to);
  }
  rowStart_.swap(nextRowStart_);
  column_.swap(nextColumn_);
  weights_.swap(nextWeights_);
  momentum_.swap(nextMomentum_);
  indexColumns();
}

/// Counting sort of the entries by column.
void SparseMatrix::indexColumns() {
  row_.resize(column_.size());
  place_.resize(column_.size());
  std::fill(columnStart_.begin(), columnStart_.end(), 0);
  for (const int32_t c : column_) ++columnStart_[static_cast<size_t>(c)];
  int32_t sum = 0;
  for (int32_t& start : columnStart_) start = sum += start;
  // Each start is now the end of its column; filling from the back moves it to the beginning.
  for (int64_t r = rows_; r-- > 0;)
    for (int32_t k = rowStart_[static_cast<size_t>(r + 1)]; k-- > rowStart_[static_cast<size_t>(r)];) {
      const auto at = static_cast<size_t>(--columnStart_[static_cast<size_t>(column_[static_cast<size_t>(k)])]);
      row_[at] = static_cast<int32_t>(r);
      place_[at] = k;
    }
}

}  // namespace lab::sparse
