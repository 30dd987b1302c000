#include "data/resize.h"

#include "data/resized_pixel.h"

namespace lab {

void resizePlane(const PlaneView& from, int64_t height, int64_t width, uint8_t* to) {
  const bool means = shrinks(from, height, width);
  for (int64_t y = 0; y < height; ++y) {
    const SourcePlace row = sourcePlace(y, height, from.height);
    for (int64_t x = 0; x < width; ++x)
      *to++ = means ? shrunkPixel(from, height, width, y, x)
                    : interpolatedPixel(from, row, sourcePlace(x, width, from.width));
  }
}

}  // namespace lab
