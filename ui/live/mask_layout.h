#pragma once
// Where a layer's weights lie in its picture: a row an output unit, a column an input. A convolution is a grid of
// filters × channels whose cells are the kernels.

#include "topology/mask.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace lab::ui {

/// Rows × columns of a matrix.
struct MatrixShape {
  int64_t rows = 0, columns = 0;
};

/// A layer's weights as a matrix: a row an output (unit or filter), the columns all its inputs (channel × ky × kx
/// for a convolution), as they lie in memory.
MatrixShape matrixShape(const std::vector<int64_t>& shape);

struct MaskLayout {
  MatrixShape picture;                        ///< in weights
  int64_t kernelRows = 1, kernelColumns = 1;  ///< of a convolution

  MaskLayout() = default;
  /// `shape` of the weight tensor: [out][in], [out][in][ky][kx], or [n].
  explicit MaskLayout(const std::vector<int64_t>& shape);

  bool convolution() const { return kernelRows * kernelColumns > 1; }
  int64_t outputs() const { return picture.rows / kernelRows; }
  int64_t inputs() const { return picture.columns / kernelColumns; }

  struct Place {
    int64_t row = 0, column = 0;
  };
  Place placeOf(int64_t weight) const;
  int64_t weightAt(Place place) const;
  /// The mask row by row as the picture has it.
  lab::Mask arranged(const lab::Mask& mask) const;
};

}  // namespace lab::ui
