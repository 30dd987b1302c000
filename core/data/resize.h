#pragma once
// Images (u8 planes) at other sizes, in whole numbers only, so that every machine and device gets the same pixels.

#include <cstdint>

namespace lab {

/// A rectangle of a plane whose rows lie `stride` pixels apart.
struct PlaneView {
  const uint8_t* pixels;
  int64_t stride, height, width;
};

/// Writes the plane at height × width: by the mean over the area of each new pixel where the plane shrinks in both
/// directions, bilinear (pixel centres, edges repeated) otherwise. The same size: a copy.
void resizePlane(const PlaneView& from, int64_t height, int64_t width, uint8_t* to);

}  // namespace lab
