#pragma once
// A data set in memory: images as they came (u8), labels, split into training, validation and test.
// Immutable once loaded and shared by all runs of a process.

#include "network/network_spec.h"
#include "result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class Split { Train, Validation, Test };

using Label = uint16_t;  ///< of a class, counted from 0: ImageNet has a thousand

struct Samples {
  int64_t count = 0;
  std::vector<uint8_t> pixels;  ///< [count][channels][height][width]
  std::vector<Label> labels;    ///< [count], below Dataset::classes
};

struct Dataset {
  std::string name;
  Shape shape;
  int64_t classes = 0;
  /// Per channel, of pixel / 255: what a network sees is (pixel / 255 - mean) / deviation.
  std::vector<float> mean;
  std::vector<float> deviation;
  Samples train, validation, test;
  std::map<std::string, std::string> checksums;  ///< file name to SHA-256

  const Samples& split(Split which) const;
};

struct DatasetInfo {
  std::string_view name;
  std::string_view help;
  std::string_view source;
  Shape shape;
  int64_t classes;
  int64_t trainSamples;  ///< without the validation set
};

std::span<const DatasetInfo> datasets();
const DatasetInfo* findDataset(std::string_view name);
std::vector<std::string> datasetNames();

/// Where `name` is looked for, in order: `root`/name and `root` when a root is given, and then nowhere else;
/// otherwise ITOPLAB_DATA/name, ITOPLAB_DATA, the data home (ITOPLAB_HOME, XDG), the distribution's package.
std::vector<std::filesystem::path> dataFolders(std::string_view name, const std::string& root);

/// The first folder that holds all files of the data set; empty when none does.
std::filesystem::path findData(std::string_view name, const std::string& root);

/// Loads and checks, grey levels included, since the files of different data sets have the same names. Problems
/// name the file and what is wrong with it. Splits: the last 5,000 training images are the validation set
/// (disjoint from training and from test).
Result<std::shared_ptr<const Dataset>> loadDataset(std::string_view name, const std::string& root);

/// A small synthetic data set (classes are noisy prototypes), a function of `seed`. For tests and benchmarks.
std::shared_ptr<const Dataset> syntheticDataset(Shape shape, int64_t classes, int64_t train, int64_t validation,
                                                int64_t test, uint64_t seed);

}  // namespace lab
