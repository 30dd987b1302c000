#pragma once
// Where the images of a batch lie: in the data set itself, or, augmented, in memory of their own.

#include "data/augmentation.h"
#include "data/dataset.h"

#include <memory>
#include <span>
#include <vector>

namespace lab {

class BatchImages {
 public:
  BatchImages(std::shared_ptr<const Dataset> data, const Augmentation& augmentation);

  /// One image [channels][height][width] a sample, valid until the next call. Training images are those of the epoch
  /// after `epoch` whole ones; the others are as they are, but for validation images whose augmentation is asked for.
  std::span<const uint8_t* const> find(Split split, std::span<const int32_t> samples, int64_t epoch);

 private:
  std::shared_ptr<const Dataset> data_;
  Augmentation augmentation_;
  std::vector<const uint8_t*> images_;
  std::vector<uint8_t> augmented_;
};

}  // namespace lab
