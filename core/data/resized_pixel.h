#pragma once
// One pixel of a resized plane, for processor and GPU; see resize.h.

#include "data/resize.h"
#include "host_device.h"

#include <algorithm>

namespace lab {

/// Σ of from's row over output column `x` of `width`, each source pixel weighted by how much of it the output
/// pixel covers, in units of 1/width pixel. The weights of one output pixel add up to from.width.
LAB_HD inline int64_t coveredSum(const uint8_t* row, int64_t fromWidth, int64_t width, int64_t x) {
  const int64_t begin = x * fromWidth, end = begin + fromWidth;
  int64_t sum = 0;
  for (int64_t i = begin / width; i * width < end; ++i)
    sum += row[i] * (std::min((i + 1) * width, end) - std::max(i * width, begin));
  return sum;
}

LAB_HD inline uint8_t shrunkPixel(const PlaneView& from, int64_t height, int64_t width, int64_t y, int64_t x) {
  const int64_t area = from.height * from.width, begin = y * from.height, end = begin + from.height;
  int64_t sum = 0;
  for (int64_t i = begin / height; i * height < end; ++i)
    sum += coveredSum(from.pixels + i * from.stride, from.width, width, x) *
           (std::min((i + 1) * height, end) - std::max(i * height, begin));
  return static_cast<uint8_t>((sum + area / 2) / area);
}

/// Where output pixel `at` of `size` lies among `from` source pixels: the one below it and how far beyond its
/// centre, in 256ths.
struct SourcePlace {
  int64_t first, second, fraction;
};

LAB_HD inline SourcePlace sourcePlace(int64_t at, int64_t size, int64_t from) {
  // Centres: (at + 1/2) from / size - 1/2, in 2^-16 pixels.
  const int64_t position = std::max<int64_t>(0, ((2 * at + 1) * from * 32768) / size - 32768);
  const int64_t first = std::min(position >> 16, from - 1);
  return {first, std::min(first + 1, from - 1), (position & 0xFFFF) >> 8};
}

LAB_HD inline uint8_t interpolatedPixel(const PlaneView& from, const SourcePlace& row, const SourcePlace& column) {
  const uint8_t *upper = from.pixels + row.first * from.stride, *lower = from.pixels + row.second * from.stride;
  const int64_t left = upper[column.first] * (256 - row.fraction) + lower[column.first] * row.fraction;
  const int64_t right = upper[column.second] * (256 - row.fraction) + lower[column.second] * row.fraction;
  return static_cast<uint8_t>((left * (256 - column.fraction) + right * column.fraction + 32768) >> 16);
}

/// Whether a plane shrinks in both directions, which takes means instead of interpolating.
LAB_HD inline bool shrinks(const PlaneView& from, int64_t height, int64_t width) {
  return from.height >= height && from.width >= width;
}

LAB_HD inline uint8_t resizedPixel(const PlaneView& from, int64_t height, int64_t width, int64_t y, int64_t x) {
  return shrinks(from, height, width)
             ? shrunkPixel(from, height, width, y, x)
             : interpolatedPixel(from, sourcePlace(y, height, from.height), sourcePlace(x, width, from.width));
}

}  // namespace lab
