#pragma once
// What augmentation.h does to one image as inline functions, for processor and GPU.

#include "data/augmentation.h"
#include "data/resized_pixel.h"
#include "host_device.h"
#include "random/philox.h"

#include <array>
#include <cmath>

namespace lab {

inline constexpr int64_t kAspectRatioCount = 64;
inline constexpr int64_t kFixedOne = 65536;

/// From 3/4 to 4/3 in equal steps of the logarithm, as multiples of 1/kFixedOne: a table, so that no device has to
/// compute the same exponential.
using AspectRatios = std::array<int64_t, kAspectRatioCount>;
const AspectRatios& aspectRatios();

/// Uniform from 0 to count - 1.
LAB_HD inline int64_t below(uint32_t random, int64_t count) {
  return static_cast<int64_t>((uint64_t{random} * static_cast<uint64_t>(count)) >> 32);
}

/// Rounded down.
LAB_HD inline int64_t squareRoot(int64_t value) {
  auto root = static_cast<int64_t>(sqrt(static_cast<double>(value)));
  while (root * root > value) --root;
  while ((root + 1) * (root + 1) <= value) ++root;
  return root;
}

LAB_HD inline void drawResizedCrop(ImageChange& change, Shape shape, RandomKey key, uint64_t sample,
                                   const int64_t* ratios) {
  constexpr int kAttempts = 10;
  const int64_t area = shape.height * shape.width, least = area * 8 / 100;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    ++key.layer;
    const Block random = blockAt(key, sample);
    const int64_t wanted = least + below(random[0], area - least + 1);
    const int64_t ratio = ratios[below(random[1], kAspectRatioCount)];
    const int64_t width = squareRoot(wanted * ratio / kFixedOne), height = squareRoot(wanted * kFixedOne / ratio);
    if (width < 1 || height < 1 || width > shape.width || height > shape.height) continue;
    change.height = height;
    change.width = width;
    change.top = below(random[2], shape.height - height + 1);
    change.left = below(random[3], shape.width - width + 1);
    return;
  }
}

/// drawChange() of augmentation.h. `ratios`: aspectRatios() in memory that the caller can read.
LAB_HD inline ImageChange changeOf(const Augmentation& augmentation, Shape shape, int64_t epoch, int64_t sample,
                                   const int64_t* ratios) {
  const RandomKey key{augmentation.seed, Purpose::Augmentation, 0, static_cast<uint32_t>(epoch)};
  const auto index = static_cast<uint64_t>(sample);
  const Block random = blockAt(key, index);
  ImageChange change;
  change.height = shape.height;
  change.width = shape.width;
  change.mirror = augmentation.flip && random[2] >> 31 != 0;
  if (augmentation.crop == Crop::Shifted) {
    change.top = below(random[0], 2 * kShift + 1) - kShift;
    change.left = below(random[1], 2 * kShift + 1) - kShift;
  } else if (augmentation.crop == Crop::Resized) {
    drawResizedCrop(change, shape, key, index, ratios);
  }
  return change;
}

/// The place within `size` that `at`, up to size - 1 beyond it, is the mirror image of; the edge itself is not
/// repeated.
LAB_HD inline int64_t reflected(int64_t at, int64_t size) {
  if (at < 0) return -at;
  return at < size ? at : 2 * size - 2 - at;
}

/// Pixel (y, x) of the changed plane: what applyChange() of augmentation.h writes there.
LAB_HD inline uint8_t changedPixel(const ImageChange& change, bool reflect, Shape shape, const uint8_t* plane,
                                   int64_t y, int64_t x) {
  if (change.mirror) x = shape.width - 1 - x;
  if (change.height != shape.height || change.width != shape.width)
    return resizedPixel({plane + change.top * shape.width + change.left, shape.width, change.height, change.width},
                        shape.height, shape.width, y, x);
  int64_t row = y + change.top, column = x + change.left;
  const bool outside = row < 0 || row >= shape.height || column < 0 || column >= shape.width;
  if (outside && !reflect) return 0;
  return plane[reflected(row, shape.height) * shape.width + reflected(column, shape.width)];
}

}  // namespace lab
