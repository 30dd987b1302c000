#include "data/augmentation.h"

#include "data/image_change.h"
#include "data/resize.h"
#include "parameters/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace lab {

namespace {

struct Row {
  std::string_view name;
  Crop crop;
  bool flip;
};

constexpr std::array<Row, 5> kRows{{
    {"none", Crop::None, false},
    {"flip", Crop::None, true},
    {"crop", Crop::Shifted, false},
    {"crop-flip", Crop::Shifted, true},
    {"resized-crop-flip", Crop::Resized, true},
}};

const Row& rowOf(const Config& config) {
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.name == config.augmentation; });
  return row == kRows.end() ? kRows.front() : *row;
}

/// One row of a shifted plane: the middle is a copy, at most kShift pixels beside it are not.
void shiftRow(const uint8_t* row, int64_t width, int64_t left, bool reflect, uint8_t* out) {
  const int64_t begin = std::clamp<int64_t>(-left, 0, width), end = std::clamp<int64_t>(width - left, 0, width);
  if (begin < end) std::memcpy(out + begin, row + left + begin, static_cast<size_t>(end - begin));
  const auto beside = [&](int64_t x) { return reflect ? row[reflected(x + left, width)] : uint8_t{0}; };
  for (int64_t x = 0; x < begin; ++x) out[x] = beside(x);
  for (int64_t x = end; x < width; ++x) out[x] = beside(x);
}

void shiftPlane(const uint8_t* plane, Shape shape, const ImageChange& change, bool reflect, uint8_t* out) {
  for (int64_t y = 0; y < shape.height; ++y, out += shape.width) {
    int64_t from = y + change.top;
    if (from < 0 || from >= shape.height) {
      if (!reflect) {
        std::fill_n(out, shape.width, uint8_t{0});
        continue;
      }
      from = reflected(from, shape.height);
    }
    shiftRow(plane + from * shape.width, shape.width, change.left, reflect, out);
  }
}

}  // namespace

std::vector<std::string> augmentationNames() {
  std::vector<std::string> names;
  for (const Row& row : kRows) names.emplace_back(row.name);
  return names;
}

std::vector<std::string> augmentationPaddingNames() { return {"reflect", "zero"}; }

Augmentation augmentationOf(const Config& config) {
  const Row& row = rowOf(config);
  return {row.crop, row.flip, config.augmentation_padding == "reflect", static_cast<uint64_t>(config.seed)};
}

bool readsPadding(const Config& config) { return rowOf(config).crop == Crop::Shifted; }

Problems augmentationProblems(const Config& config, Shape shape) {
  if (!readsPadding(config) || config.augmentation_padding != "reflect" ||
      std::min(shape.height, shape.width) > kShift)
    return {};
  return {{"augmentation_padding",
           fmt::format("augmentation_padding reflect is not possible: images of {} × {} have no {} pixels to mirror at "
                       "each edge; zero would be right",
                       shape.height, shape.width, kShift)}};
}

const AspectRatios& aspectRatios() {
  static const AspectRatios kRatios = [] {
    AspectRatios ratios{};
    for (size_t i = 0; i < ratios.size(); ++i)
      ratios[i] = std::llround(static_cast<double>(kFixedOne) * .75 *
                               std::pow(16.0 / 9, (static_cast<double>(i) + .5) / static_cast<double>(ratios.size())));
    return ratios;
  }();
  return kRatios;
}

ImageChange drawChange(const Augmentation& augmentation, Shape shape, int64_t epoch, int64_t sample) {
  return changeOf(augmentation, shape, epoch, sample, aspectRatios().data());
}

void applyChange(const ImageChange& change, bool reflect, Shape shape, const uint8_t* image, uint8_t* out) {
  const int64_t area = shape.height * shape.width;
  const bool whole = change.height == shape.height && change.width == shape.width;
  for (int64_t channel = 0; channel < shape.channels; ++channel, image += area, out += area) {
    if (whole)
      shiftPlane(image, shape, change, reflect, out);
    else
      resizePlane({image + change.top * shape.width + change.left, shape.width, change.height, change.width},
                  shape.height, shape.width, out);
    if (change.mirror)
      for (int64_t y = 0; y < shape.height; ++y) std::reverse(out + y * shape.width, out + (y + 1) * shape.width);
  }
}

}  // namespace lab
