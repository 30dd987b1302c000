#include "data/dataset.h"

#include "data/idx.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <iterator>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kValidation = 5000;
constexpr Shape kMnistShape{1, 28, 28};
constexpr double kMomentTolerance = 0.01;

struct Row {
  DatasetInfo info;
  float mean, deviation;  // of pixel / 255 over the training images
  std::string_view howToGet;
};

constexpr std::array<Row, 2> kRows{{
    {{"fashion-mnist", "70,000 grey images of clothes, 28 × 28, ten classes", "Xiao, Rasul, Vollgraf 2017",
      kMnistShape, 10, 60000 - kValidation},
     .2860f,
     .3530f,
     "install the Debian package dataset-fashion-mnist, or put its four IDX files there"},
    {{"mnist", "70,000 handwritten digits, 28 × 28, ten classes", "LeCun, Cortes, Burges 1998", kMnistShape, 10,
      60000 - kValidation},
     .1307f,
     .3081f,
     "put its four IDX files (train-images-idx3-ubyte and so on, plain or .gz) there"},
}};

constexpr std::array<DatasetInfo, 2> kInfos{{kRows[0].info, kRows[1].info}};

constexpr std::array<std::string_view, 4> kFiles{"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                 "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

const Row* findRow(std::string_view name) {
  const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.info.name == name; });
  return row == kRows.end() ? nullptr : &*row;
}

/// The file with or without .gz; empty when neither is there.
fs::path present(const fs::path& folder, std::string_view file) {
  std::error_code ignored;
  for (const char* ending : {".gz", ""})
    if (const fs::path path = folder / (std::string(file) + ending); fs::is_regular_file(path, ignored))
      return path;
  return {};
}

std::vector<std::string_view> absentFiles(const fs::path& folder) {
  std::vector<std::string_view> absent;
  std::copy_if(kFiles.begin(), kFiles.end(), std::back_inserter(absent),
               [&](std::string_view file) { return present(folder, file).empty(); });
  return absent;
}

Problem missing(const Row& row, const std::string& root) {
  std::string places, parts;
  for (const fs::path& folder : dataFolders(row.info.name, root)) {
    places += fmt::format("\n  {}", folder.string());
    const auto absent = absentFiles(folder);
    if (absent.size() < kFiles.size())
      parts += fmt::format("\n{} lacks {}.", folder.string(), fmt::join(absent, ", "));
  }
  return {"dataset", fmt::format("the data set {} is not in any of these folders:{}{}\nTo get it, {}.",
                                 row.info.name, places, parts, row.howToGet)};
}

struct Part {
  Samples samples;
  std::map<std::string, std::string> checksums;
};

Result<Part> readPart(const fs::path& folder, const Row& row, std::string_view imageFile,
                      std::string_view labelFile) {
  const fs::path imagePath = present(folder, imageFile), labelPath = present(folder, labelFile);
  auto images = readIdx(imagePath, 3), labels = readIdx(labelPath, 1);
  if (!images) return images.problems();
  if (!labels) return labels.problems();
  const auto fail = [](const fs::path& file, const std::string& what) {
    return Problem{file.string(), fmt::format("{}: {}", file.string(), what)};
  };
  const auto& sizes = images.value().sizes;
  if (sizes[1] != row.info.shape.height || sizes[2] != row.info.shape.width)
    return fail(imagePath, fmt::format("holds images of {} × {}, {} × {} would be right", sizes[1], sizes[2],
                                       row.info.shape.height, row.info.shape.width));
  if (sizes[0] != labels.value().sizes[0])
    return fail(labelPath, fmt::format("holds {} labels for {} images", labels.value().sizes[0], sizes[0]));
  const auto largest = *std::max_element(labels.value().values.begin(), labels.value().values.end());
  if (largest >= row.info.classes)
    return fail(labelPath,
                fmt::format("holds the label {}, 0 to {} would be right", largest, row.info.classes - 1));
  Part part;
  const auto& classes = labels.value().values;
  part.samples = {sizes[0], std::move(images.value().values), {classes.begin(), classes.end()}};
  part.checksums[imagePath.filename().string()] = images.value().checksum;
  part.checksums[labelPath.filename().string()] = labels.value().checksum;
  return part;
}

/// The files of all data sets of this format have the same names: those in a wrong folder show by their grey
/// levels.
Problems checkMoments(const Row& row, const Samples& samples, const fs::path& folder) {
  std::array<int64_t, 256> histogram{};
  for (const uint8_t pixel : samples.pixels) ++histogram[pixel];
  double mean = 0, square = 0;
  for (size_t value = 0; value < histogram.size(); ++value) {
    const double share = static_cast<double>(histogram[value]) / static_cast<double>(samples.pixels.size());
    const double x = static_cast<double>(value) / 255;
    mean += share * x;
    square += share * x * x;
  }
  const double deviation = std::sqrt(square - mean * mean);
  if (std::abs(mean - row.mean) < kMomentTolerance && std::abs(deviation - row.deviation) < kMomentTolerance)
    return {};
  return {
      {"dataset", fmt::format("{} does not hold {}: its images have mean {:.4f} and deviation {:.4f}, {:.4f} and "
                              "{:.4f} would be right",
                              folder.string(), row.info.name, mean, deviation, row.mean, row.deviation)}};
}

/// Cuts the samples from `begin` on off `from`.
Samples cutOff(Samples& from, int64_t begin, int64_t imageSize) {
  Samples tail;
  tail.count = from.count - begin;
  tail.pixels.assign(from.pixels.begin() + begin * imageSize, from.pixels.end());
  tail.labels.assign(from.labels.begin() + begin, from.labels.end());
  from.count = begin;
  from.pixels.resize(static_cast<size_t>(begin * imageSize));
  from.labels.resize(static_cast<size_t>(begin));
  return tail;
}

fs::path environmentPath(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? fs::path() : fs::path(value);
}

fs::path dataHome() {
  if (const fs::path home = environmentPath("ITOPLAB_HOME"); !home.empty()) return home / "data";
  if (const fs::path xdg = environmentPath("XDG_DATA_HOME"); !xdg.empty()) return xdg / "itoplab" / "data";
  return environmentPath("HOME") / ".local" / "share" / "itoplab" / "data";
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

std::span<const DatasetInfo> datasets() { return kInfos; }

const DatasetInfo* findDataset(std::string_view name) {
  const Row* row = findRow(name);
  return row == nullptr ? nullptr : &row->info;
}

std::vector<std::string> datasetNames() {
  std::vector<std::string> names;
  for (const Row& row : kRows) names.emplace_back(row.info.name);
  return names;
}

std::vector<fs::path> dataFolders(std::string_view name, const std::string& root) {
  if (!root.empty()) return {fs::path(root) / name, fs::path(root)};
  std::vector<fs::path> folders;
  if (const fs::path data = environmentPath("ITOPLAB_DATA"); !data.empty())
    folders.insert(folders.end(), {data / name, data});
  folders.push_back(dataHome() / name);
  folders.push_back(fs::path("/usr/share/datasets") / name);
  return folders;
}

fs::path findData(std::string_view name, const std::string& root) {
  for (const fs::path& folder : dataFolders(name, root))
    if (absentFiles(folder).empty()) return folder;
  return {};
}

Result<std::shared_ptr<const Dataset>> loadDataset(std::string_view name, const std::string& root) {
  const Row* row = findRow(name);
  if (row == nullptr) return Problem{"dataset", fmt::format("dataset '{}' is unknown", name)};
  const fs::path folder = findData(name, root);
  if (folder.empty()) return missing(*row, root);
  auto train = readPart(folder, *row, kFiles[0], kFiles[1]), test = readPart(folder, *row, kFiles[2], kFiles[3]);
  if (!train) return train.problems();
  if (!test) return test.problems();
  if (train.value().samples.count <= kValidation)
    return Problem{"dataset", fmt::format("{} holds {} training images, more than {} would be right",
                                          folder.string(), train.value().samples.count, kValidation)};
  if (auto problems = checkMoments(*row, train.value().samples, folder); !problems.empty()) return problems;
  auto data = std::make_shared<Dataset>();
  data->name = row->info.name;
  data->shape = row->info.shape;
  data->classes = row->info.classes;
  data->mean = {row->mean};
  data->deviation = {row->deviation};
  data->train = std::move(train.value().samples);
  data->validation = cutOff(data->train, data->train.count - kValidation, data->shape.size());
  data->test = std::move(test.value().samples);
  data->checksums = std::move(train.value().checksums);
  data->checksums.merge(test.value().checksums);
  return std::shared_ptr<const Dataset>(std::move(data));
}

}  // namespace lab
