// Folders of images as a data set in memory.

#include "data/data_file.h"
#include "data/data_info.h"
#include "data/digest.h"
#include "data/image_cache.h"
#include "data/image_folder.h"
#include "data/jpeg.h"
#include "data/readers.h"
#include "data/samples.h"
#include "parameters/config.h"
#include "random/keyed_permutation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace lab {

namespace fs = std::filesystem;

namespace {

using ImageFiles = std::vector<ImageFile>;

struct ChosenFiles {
  ImageFiles train, validation, test;
};

/// In an order of chance, the same for all runs, so that the last images are of all classes.
ImageFiles shuffled(const ImageFiles& files) {
  const KeyedPermutation order({.seed = 1, .purpose = Purpose::SampleOrder, .layer = 1}, files.size(),
                               files.size());
  ImageFiles result;
  result.reserve(files.size());
  for (uint64_t place = 0; place < files.size(); ++place) result.push_back(files[order.at(place)]);
  return result;
}

ImageFiles balanced(const ImageFiles& files, int64_t count, int64_t classes) {
  std::vector<Label> labels;
  for (const ImageFile& file : files) labels.push_back(file.label);
  ImageFiles result;
  for (const int64_t i : balancedChoice(labels, count, classes)) result.push_back(files[static_cast<size_t>(i)]);
  return result;
}

ChosenFiles choose(const ImageListing& listing, const SplitSizes& sizes) {
  const auto classes = static_cast<int64_t>(listing.classes.size());
  ImageFiles train = shuffled(listing.train);
  const auto rest = train.end() - sizes.validation;
  ChosenFiles chosen{{}, {rest, train.end()}, balanced(shuffled(listing.test), sizes.test, classes)};
  train.erase(rest, train.end());
  chosen.train = balanced(train, sizes.train, classes);
  return chosen;
}

/// Of all that decides what the decoded images are. The time of a change stands for the content of a file.
std::string keyOf(const ChosenFiles& files, const fs::path& folder, int64_t side) {
  Digest digest;
  const auto add = [&](const std::string& text) {
    digest.add({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  };
  add(fmt::format("square {}\n", side));
  for (const ImageFiles* part : {&files.train, &files.validation, &files.test})
    for (const ImageFile& file : *part) {
      std::error_code unreadable;
      const auto size = fs::file_size(file.path, unreadable);
      const auto time = fs::last_write_time(file.path, unreadable).time_since_epoch().count();
      add(fmt::format("{}\t{}\t{}\t{}\n", file.path.lexically_relative(folder).string(), file.label, size, time));
    }
  return digest.finish();
}

constexpr double kGib = 1 << 30;

Problems needMemory(int64_t bytes, const Config& config) {
  const int64_t memory = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  if (bytes <= memory) return {};
  return {{"image_size",
           fmt::format("the images of {} need {:.1f} GiB of memory and this machine has {:.1f}: a smaller "
                       "image_size or train_samples would be right",
                       config.dataset, static_cast<double>(bytes) / kGib, static_cast<double>(memory) / kGib)}};
}

/// Asked before hours are spent on decoding.
Problems needDisk(int64_t bytes, const Config& config, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const fs::space_info space = fs::space(folder, error);
  if (error || space.available >= static_cast<uintmax_t>(bytes)) return {};
  return {fileProblem(folder, fmt::format("has room for {:.1f} GiB and the decoded images of {} need {:.1f}: "
                                          "ITOPLAB_HOME says where else",
                                          static_cast<double>(space.available) / kGib, config.dataset,
                                          static_cast<double>(bytes) / kGib))};
}

/// Decodes on all cores. The problem is that of the first bad file, whichever thread meets it when. `tell` is
/// called after each image.
Problems decode(const ImageFiles& files, int64_t side, Samples& samples, const std::function<void()>& tell) {
  const auto count = static_cast<int64_t>(files.size()), size = 3 * side * side;
  samples.count = count;
  for (const ImageFile& file : files) samples.labels.push_back(file.label);
  samples.pixels.resize(static_cast<size_t>(count * size));
  std::atomic<int64_t> next = 0, firstBad = count;
  std::mutex mutex;
  Problems problems;
  const auto work = [&] {
    JpegDecoder decoder;
    for (int64_t i = next++; i < firstBad; i = next++) {
      Problems own =
          decoder.readSquare(files[static_cast<size_t>(i)].path, side, samples.pixels.data() + i * size);
      const std::lock_guard lock(mutex);
      tell();
      if (!own.empty() && i < firstBad) firstBad = i, problems = std::move(own);
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned t = 1; t < std::thread::hardware_concurrency(); ++t) threads.emplace_back(work);
  work();
  threads.clear();
  return problems;
}

Result<DecodedImages> decodedImages(const Config& config, const ChosenFiles& files, const fs::path& folder,
                                    int64_t side, const LoadProgress& progress) {
  DecodedImages images;
  images.train.count = static_cast<int64_t>(files.train.size());
  images.validation.count = static_cast<int64_t>(files.validation.size());
  images.test.count = static_cast<int64_t>(files.test.size());
  const int64_t size = 3 * side * side;
  const int64_t count = images.train.count + images.validation.count + images.test.count, bytes = count * size;
  if (auto problems = needMemory(bytes, config); !problems.empty()) return problems;
  const std::string key = keyOf(files, folder, side);
  const fs::path cache = imageCacheFile(config.dataset, side, key);
  if (auto kept = readImageCache(cache, key, size, images)) return *std::move(kept);

  if (auto problems = needDisk(bytes, config, cache.parent_path()); !problems.empty()) return problems;
  int64_t done = 0;
  const auto tell = [&] {
    if (progress) progress(++done, count);
  };
  for (auto [part, samples] : {std::pair{&files.train, &images.train},
                               {&files.validation, &images.validation},
                               {&files.test, &images.test}})
    if (auto problems = decode(*part, side, *samples, tell); !problems.empty()) return problems;
  if (auto problems = writeImageCache(cache, key, images); !problems.empty()) return problems;
  return images;
}

}  // namespace

Result<Dataset> readImageFolder(const Config& config, const DatasetInfo& info, const fs::path& folder,
                                const LoadProgress& progress) {
  const auto listing = listImageFolder(folder);
  if (!listing) return listing.problems();
  const auto classes = static_cast<int64_t>(listing.value().classes.size());
  if (!info.anyClasses && classes != info.classes)
    return fileProblem(folder / "train",
                       fmt::format("holds {} classes, {} would be right for {}: dataset image-folder "
                                   "takes any number",
                                   classes, info.classes, info.name));
  const auto sizes = splitSizes(config, static_cast<int64_t>(listing.value().train.size()),
                                static_cast<int64_t>(listing.value().test.size()));
  if (!sizes) return sizes.problems();
  const int64_t side = imageFolderSide(config, info);
  auto images = decodedImages(config, choose(listing.value(), sizes.value()), folder, side, progress);
  if (!images) return images.problems();

  Dataset data;
  data.name = info.name;
  data.shape = {3, side, side};
  data.classes = classes;
  data.train = std::move(images.value().train);
  data.validation = std::move(images.value().validation);
  data.test = std::move(images.value().test);
  data.checksums["decoded images"] = images.value().checksum;
  data.mean.assign(info.mean.begin(), info.mean.end());
  data.deviation.assign(info.deviation.begin(), info.deviation.end());
  if (info.anyClasses) {
    Moments moments = channelMoments(data.train, data.shape);
    data.mean = std::move(moments.mean);
    data.deviation = std::move(moments.deviation);
  }
  return data;
}

}  // namespace lab
