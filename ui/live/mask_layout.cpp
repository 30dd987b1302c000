#include "live/mask_layout.h"

namespace lab::ui {

MatrixShape matrixShape(const std::vector<int64_t>& shape) {
  if (shape.empty()) return {};
  MatrixShape matrix{shape.front(), 1};
  for (size_t i = 1; i < shape.size(); ++i) matrix.columns *= shape[i];
  return matrix;
}

MaskLayout::MaskLayout(const std::vector<int64_t>& shape) : picture(matrixShape(shape)) {
  if (shape.size() != 4) return;
  kernelRows = shape[2];
  kernelColumns = shape[3];
  picture = {shape[0] * kernelRows, shape[1] * kernelColumns};
}

MaskLayout::Place MaskLayout::placeOf(int64_t weight) const {
  if (!convolution()) return {weight / picture.columns, weight % picture.columns};
  const int64_t kernel = kernelRows * kernelColumns, cell = weight / kernel, in = weight % kernel;
  return {cell / inputs() * kernelRows + in / kernelColumns, cell % inputs() * kernelColumns + in % kernelColumns};
}

int64_t MaskLayout::weightAt(Place place) const {
  if (!convolution()) return place.row * picture.columns + place.column;
  const int64_t cell = place.row / kernelRows * inputs() + place.column / kernelColumns;
  return cell * kernelRows * kernelColumns + place.row % kernelRows * kernelColumns + place.column % kernelColumns;
}

lab::Mask MaskLayout::arranged(const lab::Mask& mask) const {
  if (!convolution()) return mask;
  lab::Mask result(mask.size());
  forEachOne(mask, [&](int64_t weight) {
    const Place place = placeOf(weight);
    result.set(place.row * picture.columns + place.column);
  });
  return result;
}

}  // namespace lab::ui
