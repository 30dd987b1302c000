#pragma once
// A data set in memory: images as a network takes them (u8), labels, split into training, validation and test.
// Immutable once loaded and shared by all runs of a process.

#include "network/network_spec.h"
#include "result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lab {

struct Config;

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

/// The data of a configuration: read and checked, split, cut down to its samples, and fitted to its image size and
/// channels. Problems name the file and what is wrong with it. The last `validation_samples` of the training
/// images are the validation set, disjoint from training and from test; `train_samples` and `test_samples` keep
/// the first images of each class.
Result<std::shared_ptr<const Dataset>> loadDataset(const Config& config);

/// Where the data of a configuration were looked for and what to put there; empty when they are there, or made.
Problems missingData(const Config& config);

/// Equal keys: loadDataset gives equal data.
std::string dataKey(const Config& config);

/// Noisy prototypes, one a class, a function of `seed`; sample i is of class i modulo `classes`.
std::shared_ptr<const Dataset> syntheticDataset(Shape shape, int64_t classes, int64_t train, int64_t validation,
                                                int64_t test, uint64_t seed);

}  // namespace lab
