#pragma once
// The files of a data set as they are, before anything is cut off or fitted.

#include "data/dataset.h"
#include "data/dataset_table.h"
#include "data/load_progress.h"

#include <filesystem>
#include <map>
#include <string>

namespace lab {

struct RawImages {
  Samples train, test;                           ///< of the row's shape
  std::map<std::string, std::string> checksums;  ///< file name to SHA-256
};

/// MNIST and its relatives. `folder` holds all files of the row. Problems name the file and what is wrong with it;
/// grey levels are checked too, since the files of different data sets have the same names.
Result<RawImages> readIdxImages(const DatasetInfo& info, const std::filesystem::path& folder);

/// The binary version of CIFAR: records of a label (CIFAR-100: coarse, then fine; the fine one counts) and the
/// red, green and blue planes of one image (https://www.cs.toronto.edu/~kriz/cifar.html).
Result<RawImages> readCifar(const DatasetInfo& info, const std::filesystem::path& folder);

/// train/CLASS/*.jpg, val/CLASS/*.jpg: squares of image_size (0: the row's) pixels a side, split and cut down to the
/// samples of the configuration already, so that no more is decoded than is used. In an order of chance that is the
/// same for all runs. Decoded once, then read from a cache (image_cache.h). Problems name the file and what is wrong
/// with it, or say that the images fit neither memory nor disk.
Result<Dataset> readImageFolder(const Config& config, const DatasetInfo& info, const std::filesystem::path& folder,
                                const LoadProgress& progress);

}  // namespace lab
