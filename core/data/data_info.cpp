#include "data/data_info.h"

#include "data/image_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace lab {

namespace {

constexpr int64_t kLargestSide = 1024;
constexpr int64_t kMostBytes = int64_t{1} << 34;  // of made data, which nobody downloads and anybody can mistype

Problem tooMany(std::string_view key, int64_t asked, int64_t have, const std::string& of) {
  return {std::string(key),
          fmt::format("{} {} is more than there are: {} has {}; it must be from 1 to {}, or 0 for all", key, asked,
                      of, have, have)};
}

Problems tooLarge(const DataInfo& info) {
  const int64_t samples = info.trainSamples + info.validationSamples + info.testSamples;
  if (samples <= kMostBytes / info.shape.size()) return {};
  return {{"synthetic_shape", fmt::format("{} synthetic images of {} pixels would fill more than {} GiB: fewer or "
                                          "smaller ones would be right",
                                          samples, info.shape.size(), kMostBytes >> 30)}};
}

/// The row with the numbers of its folder where they are its own. What is wrong with the folder, loadDataset() says.
DatasetInfo asFound(DatasetInfo row, const Config& config) {
  if (row.format != DataFormat::ImageFolder) return row;
  row.shape.height = row.shape.width = imageFolderSide(config, row);
  const auto folder = row.anyClasses ? findData(row, config.data_root) : std::filesystem::path();
  if (folder.empty()) return row;
  const auto listing = listImageFolder(folder);
  if (!listing) return row;
  row.classes = static_cast<int64_t>(listing.value().classes.size());
  row.trainImages = static_cast<int64_t>(listing.value().train.size());
  row.testImages = static_cast<int64_t>(listing.value().test.size());
  return row;
}

}  // namespace

Result<SplitSizes> splitSizes(const Config& config, int64_t trainImages, int64_t testImages) {
  const int64_t rest = trainImages - config.validation_samples;
  if (rest < 1)
    return Problem{"validation_samples",
                   fmt::format("validation_samples {} leaves none of the {} training images of {} to train on: it "
                               "must be at most {}",
                               config.validation_samples, trainImages, config.dataset, trainImages - 1)};
  Problems problems;
  if (config.train_samples > rest)
    problems.push_back(
        tooMany("train_samples", config.train_samples, rest,
                fmt::format("{} without {} validation images", config.dataset, config.validation_samples)));
  if (config.test_samples > testImages)
    problems.push_back(tooMany("test_samples", config.test_samples, testImages, config.dataset));
  if (!problems.empty()) return problems;
  return SplitSizes{config.train_samples > 0 ? config.train_samples : rest, config.validation_samples,
                    config.test_samples > 0 ? config.test_samples : testImages};
}

Result<Shape> fittedShape(const Config& config, Shape from) {
  Shape to = from;
  if (config.image_channels != "auto") {
    to.channels = config.image_channels == "1" ? 1 : 3;
    if (from.channels != 1 && from.channels != 3)
      return Problem{"image_channels", fmt::format("image_channels {} is not possible: images of {} channels are "
                                                   "neither grey nor colour; auto would be right",
                                                   config.image_channels, from.channels)};
  }
  if (config.image_size == 0) return to;
  if (config.image_fit == "pad" && config.image_size < std::max(from.height, from.width))
    return Problem{"image_size", fmt::format("image_size {} is not possible with image_fit pad: images of {} × {} "
                                             "cannot be padded to fewer pixels; image_fit resize would be right",
                                             config.image_size, from.height, from.width)};
  to.height = to.width = config.image_size;
  return to;
}

Result<Shape> parseShape(std::string_view text) {
  const Problem problem{
      "synthetic_shape",
      fmt::format("synthetic_shape '{}' is not possible: it must be channels, height and width, each "
                  "from 1 to {}, such as 3x32x32",
                  text, kLargestSide)};
  std::array<int64_t, 3> sizes{};
  const char *at = text.data(), *end = text.data() + text.size();
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (d > 0 && (at == end || *at++ != 'x')) return problem;
    const auto [stop, error] = std::from_chars(at, end, sizes[d]);
    if (error != std::errc{} || sizes[d] < 1 || sizes[d] > kLargestSide) return problem;
    at = stop;
  }
  if (at != end) return problem;
  return Shape{sizes[0], sizes[1], sizes[2]};
}

int64_t imageFolderSide(const Config& config, const DatasetInfo& info) {
  return config.image_size > 0 ? config.image_size : info.shape.height;
}

Result<DataInfo> dataInfoFor(const Config& config) {
  const DatasetInfo* known = findDataset(config.dataset);
  if (known == nullptr) return Problem{"dataset", fmt::format("dataset '{}' is unknown", config.dataset)};
  const DatasetInfo row = asFound(*known, config);
  const bool made = row.format == DataFormat::Synthetic;
  // Made data have as many samples as are asked for.
  const auto enough = [&](int64_t asked, int64_t usual) { return made && asked > 0 ? asked : usual; };
  const int64_t trainImages =
      made ? enough(config.train_samples, row.trainImages) + config.validation_samples : row.trainImages;
  const auto sizes = splitSizes(config, trainImages, enough(config.test_samples, row.testImages));
  const auto raw = made ? parseShape(config.synthetic_shape) : Result<Shape>(row.shape);
  if (!raw) return raw.problems();
  const auto shape = fittedShape(config, raw.value());
  if (!sizes) return sizes.problems();
  if (!shape) return shape.problems();
  const DataInfo info{shape.value(), made ? config.synthetic_classes : row.classes, sizes.value().train,
                      sizes.value().validation, sizes.value().test};
  if (auto problems = tooLarge(info); made && !problems.empty()) return problems;
  return info;
}

}  // namespace lab
