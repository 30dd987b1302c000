#include "data/dataset.h"

#include "data/data_info.h"
#include "data/fit_images.h"
#include "data/load_progress.h"
#include "data/readers.h"
#include "data/samples.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kSyntheticSeed = 1;  // not the run's: runs of different seeds train on the same images

Problem missing(const DatasetInfo& info, const std::string& root) {
  std::string places, parts;
  for (const fs::path& folder : dataFolders(info, root)) {
    places += fmt::format("\n  {}", folder.string());
    const auto absent = absentFiles(info, folder);
    if (absent.size() < info.train.size() + info.test.size())
      parts += fmt::format("\n{} lacks {}.", folder.string(), fmt::join(absent, ", "));
  }
  return {"dataset", fmt::format("the data set {} is not in any of these folders:{}{}\nTo get it, {}.", info.name,
                                 places, parts, info.howToGet)};
}

Result<Dataset> readFiles(const Config& config, const DatasetInfo& info, const LoadProgress& progress) {
  const fs::path folder = findData(info, config.data_root);
  if (folder.empty()) return missing(info, config.data_root);
  if (info.format == DataFormat::ImageFolder) return readImageFolder(config, info, folder, progress);
  auto read = info.format == DataFormat::Idx ? readIdxImages(info, folder) : readCifar(info, folder);
  if (!read) return read.problems();
  RawImages& raw = read.value();
  const auto sizes = splitSizes(config, raw.train.count, raw.test.count);
  if (!sizes) return sizes.problems();

  const int64_t size = info.shape.size();
  Dataset data;
  data.name = info.name;
  data.shape = info.shape;
  data.classes = info.classes;
  data.mean.assign(info.mean.begin(), info.mean.begin() + info.shape.channels);
  data.deviation.assign(info.deviation.begin(), info.deviation.begin() + info.shape.channels);
  data.checksums = std::move(raw.checksums);
  data.validation = cutOff(raw.train, sizes.value().validation, size);
  data.train = sizes.value().train == raw.train.count
                   ? std::move(raw.train)
                   : balancedSubset(raw.train, sizes.value().train, size, info.classes);
  data.test = sizes.value().test == raw.test.count
                  ? std::move(raw.test)
                  : balancedSubset(raw.test, sizes.value().test, size, info.classes);
  return data;
}

/// Gives the images another shape. What the network sees stays normalised: grey made of colour is measured anew.
void fit(Dataset& data, Shape to, bool pad) {
  const Shape from = data.shape;
  const Shape recoloured{to.channels, from.height, from.width};
  const bool resize = recoloured != to;
  for (Samples* part : {&data.train, &data.validation, &data.test}) {
    *part = withChannels(std::move(*part), from, to.channels);
    if (resize)
      *part =
          pad ? padded(std::move(*part), recoloured, to.height) : resized(std::move(*part), recoloured, to.height);
  }
  data.shape = to;
  if (to.channels > from.channels) {
    data.mean.resize(static_cast<size_t>(to.channels), data.mean[0]);
    data.deviation.resize(static_cast<size_t>(to.channels), data.deviation[0]);
  } else if (to.channels < from.channels) {
    const Moments moments = channelMoments(data.train, to);
    data.mean = moments.mean;
    data.deviation = moments.deviation;
  }
}

}  // namespace

const Samples& Dataset::split(Split which) const {
  switch (which) {
    case Split::Train:
      return train;
    case Split::Validation:
      return validation;
    case Split::Test:
      break;
  }
  return test;
}

Result<std::shared_ptr<const Dataset>> loadDataset(const Config& config) { return loadDatasetTelling(config, {}); }

Result<std::shared_ptr<const Dataset>> loadDatasetTelling(const Config& config, const LoadProgress& progress) {
  const auto info = dataInfoFor(config);
  if (!info) return info.problems();
  const DatasetInfo& row = *findDataset(config.dataset);
  Dataset data;
  if (row.format == DataFormat::Synthetic) {
    data = *syntheticDataset(parseShape(config.synthetic_shape).value(), info.value().classes,
                             info.value().trainSamples, info.value().validationSamples, info.value().testSamples,
                             kSyntheticSeed);
  } else {
    auto read = readFiles(config, row, progress);
    if (!read) return read.problems();
    data = read.take();
  }
  fit(data, info.value().shape, config.image_fit == "pad");
  return std::make_shared<const Dataset>(std::move(data));
}

Problems missingData(const Config& config) {
  const DatasetInfo& info = *findDataset(config.dataset);
  if (info.format == DataFormat::Synthetic || !findData(info, config.data_root).empty()) return {};
  return {missing(info, config.data_root)};
}

std::string dataKey(const Config& config) {
  return fmt::format("{} {} {} {} {} {} {} {} {}/{}", config.dataset, config.train_samples,
                     config.validation_samples, config.test_samples, config.image_size, config.image_fit,
                     config.image_channels, config.synthetic_classes, config.synthetic_shape, config.data_root);
}

}  // namespace lab
