#include "data/data_file.h"
#include "data/idx.h"
#include "data/readers.h"
#include "data/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr double kMomentTolerance = 0.01;

Result<Samples> readPart(const DatasetInfo& info, const fs::path& folder,
                         const std::vector<std::string_view>& files,
                         std::map<std::string, std::string>& checksums) {
  const fs::path imagePath = dataFile(info, folder, files[0]), labelPath = dataFile(info, folder, files[1]);
  auto images = readIdx(imagePath, 3), labels = readIdx(labelPath, 1);
  if (!images) return images.problems();
  if (!labels) return labels.problems();
  const auto& sizes = images.value().sizes;
  if (sizes[1] != info.shape.height || sizes[2] != info.shape.width)
    return fileProblem(imagePath, fmt::format("holds images of {} × {}, {} × {} would be right", sizes[1],
                                              sizes[2], info.shape.height, info.shape.width));
  if (sizes[0] != labels.value().sizes[0])
    return fileProblem(labelPath, fmt::format("holds {} labels for {} images", labels.value().sizes[0], sizes[0]));
  const auto& classes = labels.value().values;
  const auto largest = *std::max_element(classes.begin(), classes.end());
  if (largest >= info.classes)
    return fileProblem(labelPath,
                       fmt::format("holds the label {}, 0 to {} would be right", largest, info.classes - 1));
  checksums[imagePath.filename().string()] = images.value().checksum;
  checksums[labelPath.filename().string()] = labels.value().checksum;
  return Samples{sizes[0], std::move(images.value().values), {classes.begin(), classes.end()}};
}

Problems checkMoments(const DatasetInfo& info, const Samples& samples, const fs::path& folder) {
  const Moments found = channelMoments(samples, info.shape);
  const float mean = found.mean[0], deviation = found.deviation[0];
  if (std::abs(mean - info.mean[0]) < kMomentTolerance &&
      std::abs(deviation - info.deviation[0]) < kMomentTolerance)
    return {};
  return {
      {"dataset", fmt::format("{} does not hold {}: its images have mean {:.4f} and deviation {:.4f}, {:.4f} and "
                              "{:.4f} would be right",
                              folder.string(), info.name, mean, deviation, info.mean[0], info.deviation[0])}};
}

}  // namespace

Result<RawImages> readIdxImages(const DatasetInfo& info, const fs::path& folder) {
  RawImages raw;
  auto train = readPart(info, folder, info.train, raw.checksums),
       test = readPart(info, folder, info.test, raw.checksums);
  if (!train) return train.problems();
  if (!test) return test.problems();
  if (auto problems = checkMoments(info, train.value(), folder); !problems.empty()) return problems;
  raw.train = train.take();
  raw.test = test.take();
  return raw;
}

}  // namespace lab
