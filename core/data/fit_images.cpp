#include "data/fit_images.h"

#include "data/resize.h"

#include <algorithm>

namespace lab {

namespace {

/// Replaces the pixels of all images, `make` being called with each old image and the place of the new one.
template <class Make>
Samples remade(Samples samples, int64_t oldSize, int64_t newSize, Make make) {
  std::vector<uint8_t> pixels(static_cast<size_t>(samples.count * newSize));
  for (int64_t i = 0; i < samples.count; ++i)
    make(samples.pixels.data() + i * oldSize, pixels.data() + i * newSize);
  samples.pixels = std::move(pixels);
  return samples;
}

uint8_t luma(int red, int green, int blue) {
  return static_cast<uint8_t>((77 * red + 150 * green + 29 * blue + 128) >> 8);
}

}  // namespace

Samples withChannels(Samples samples, Shape from, int64_t channels) {
  if (channels == from.channels) return samples;
  const int64_t area = from.height * from.width;
  return remade(std::move(samples), from.size(), channels * area, [&](const uint8_t* old, uint8_t* made) {
    if (from.channels == 1)
      for (int64_t channel = 0; channel < channels; ++channel) std::copy_n(old, area, made + channel * area);
    else
      for (int64_t p = 0; p < area; ++p) made[p] = luma(old[p], old[area + p], old[2 * area + p]);
  });
}

Samples padded(Samples samples, Shape from, int64_t side) {
  const int64_t top = (side - from.height) / 2, left = (side - from.width) / 2;
  const int64_t newSize = from.channels * side * side;
  return remade(std::move(samples), from.size(), newSize, [&](const uint8_t* old, uint8_t* made) {
    for (int64_t channel = 0; channel < from.channels; ++channel)
      for (int64_t y = 0; y < from.height; ++y, old += from.width)
        std::copy_n(old, from.width, made + (channel * side + top + y) * side + left);
  });
}

Samples resized(Samples samples, Shape from, int64_t side) {
  const int64_t area = from.height * from.width, newSize = from.channels * side * side;
  return remade(std::move(samples), from.size(), newSize, [&](const uint8_t* old, uint8_t* made) {
    for (int64_t channel = 0; channel < from.channels; ++channel)
      resizePlane({old + channel * area, from.width, from.height, from.width}, side, side,
                  made + channel * side * side);
  });
}

}  // namespace lab
