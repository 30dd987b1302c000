#pragma once
// Masks as pictures: what is the case in each block of a layer's weight matrix.

#include "live/mask_layout.h"
#include "plots/colour_maps.h"
#include "topology/mask.h"

#include <QImage>

#include <cstdint>
#include <vector>

namespace lab::ui {

/// Rows [top, top + rows) × columns [left, left + columns) of a matrix.
struct MatrixPart {
  int64_t top = 0, left = 0, rows = 0, columns = 0;
  bool operator==(const MatrixPart&) const = default;
};

/// Counts of ones in blocks of `blockRows` × `blockColumns`, row by row; the last block of a line may be smaller.
struct BlockCounts {
  MatrixPart part;
  int64_t blockRows = 1, blockColumns = 1;
  int64_t height = 0, width = 0;  ///< in blocks
  std::vector<uint32_t> counts;
  int64_t area(int64_t y, int64_t x) const;  ///< weights in a block
};

/// Block sizes >= 1; `part` within the matrix; mask.size() == shape.rows * shape.columns.
BlockCounts countBlocks(const lab::Mask& mask, MatrixShape shape, MatrixPart part, int64_t blockRows,
                        int64_t blockColumns);

/// A pixel a block; `top` is the density drawn with the last colour.
QImage densityImage(const BlockCounts& blocks, double top, const ColourTable& colours);

/// A pixel a block: gains less losses of equal blocks; ± `top` (a share of the block) has the end colours.
QImage changeImage(const BlockCounts& gains, const BlockCounts& losses, double top, const ColourTable& colours);

/// A pixel a block of `counts`: the mean of the values that fall into it, 0..1; `ground` where there are none.
QImage meanImage(const BlockCounts& counts, const std::vector<double>& sums, const ColourTable& colours,
                 QRgb ground);

}  // namespace lab::ui
