#pragma once
// The active weights of a layer, compressed by rows for the forward pass and the weight gradient, and by columns
// for the input gradient. Entries are in ascending flat order (row × columns + column), as in LayerState.

#include "engines/sparse/aligned.h"
#include "engines/sparse/kernels.h"
#include "topology/mask.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lab::sparse {

class SparseMatrix {
 public:
  /// `secondMoments`: kept beside the momentum.
  SparseMatrix(int64_t rows, int64_t columns, bool secondMoments = false);

  int64_t rows() const { return rows_; }
  int64_t columns() const { return columns_; }
  int64_t size() const { return static_cast<int64_t>(weights_.size()); }
  bool full() const { return size() == rows_ * columns_; }

  std::span<const float> weights() const { return weights_; }
  std::span<const float> momentum() const { return momentum_; }
  std::span<const float> secondMoment() const { return secondMoment_; }  ///< empty where none are kept
  Moments momentsFrom(int64_t place) {
    return {momentum_.data() + place, keepsSecond_ ? secondMoment_.data() + place : nullptr};
  }
  std::span<float> weights() { return weights_; }
  std::span<float> momentum() { return momentum_; }

  RowsView byRows() { return {rowStart_.data(), column_.data(), weights_.data()}; }
  ColumnsView byColumns() const { return {columnStart_.data(), row_.data(), place_.data(), weights_.data()}; }
  int64_t longestRow() const;

  /// `momentum` and `secondMoment` may be empty: all zero. Otherwise there is one value for each active position.
  void assign(const Mask& active, std::span<const float> weights, std::span<const float> momentum,
              std::span<const float> secondMoment = {});

  /// Flat positions of the entries at these (ascending) places.
  std::vector<int64_t> positionsOf(std::span<const int64_t> places) const;

  /// Removes the entries at `places` and adds entries of weight and moments 0 at `positions`; both ascending.
  /// Linear in the number of entries.
  void replace(std::span<const int64_t> places, std::span<const int64_t> positions);

 private:
  void drop(std::span<const int64_t> places);
  void grow(std::span<const int64_t> positions);
  void indexColumns();

  int64_t rows_, columns_;
  bool keepsSecond_;
  std::vector<int32_t> rowStart_, column_;
  AlignedVector<float> weights_, momentum_, secondMoment_;
  std::vector<int32_t> columnStart_, row_, place_;
  std::vector<uint8_t> stays_;  ///< of each entry, during an update: kept, so that it allocates nothing
};

}  // namespace lab::sparse
