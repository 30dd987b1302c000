#pragma once
// The table of data sets: what they hold, and where their files are looked for.

#include "network/network_spec.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class DataFormat { Idx, CifarBinary, ImageFolder, Synthetic };

/// A data set as it comes. Of the synthetic one, sizes are the configuration's and these are only its defaults.
struct DatasetInfo {
  std::string_view name;
  std::string_view help;
  std::string_view source;
  DataFormat format;
  Shape shape;
  int64_t classes;
  int64_t trainImages;  ///< the validation set is cut off from them
  int64_t testImages;
  /// Per channel, of pixel / 255 over the training images.
  std::array<float, 3> mean, deviation;
  std::string_view folder;                    ///< the one that its archive unpacks to; empty: none of its own
  std::vector<std::string_view> train, test;  ///< files, in order; of IDX: images, labels; image folders: folders
  std::string_view howToGet;                  ///< "To get it, ..."
  /// Classes and images are as many as its folder has; the numbers of the row stand in until it is there.
  bool anyClasses = false;
};

std::span<const DatasetInfo> datasets();
const DatasetInfo* findDataset(std::string_view name);
std::vector<std::string> datasetNames();

/// Where the home of data is: ITOPLAB_HOME, else XDG_DATA_HOME, else HOME. Downloads go there, a folder each.
std::filesystem::path dataHome();

/// Where `info` is looked for, in order: below `root` when one is given (a folder of its name, in it the one of its
/// archive, the latter alone, `root` itself), and then nowhere else; otherwise below ITOPLAB_DATA, the data home, the distribution's
/// package.
std::vector<std::filesystem::path> dataFolders(const DatasetInfo& info, const std::string& root);

/// The first folder that holds all files of the data set; empty when none does.
std::filesystem::path findData(const DatasetInfo& info, const std::string& root);

/// `file` in `folder`, plain or gzipped (IDX only); empty when it is not there.
std::filesystem::path dataFile(const DatasetInfo& info, const std::filesystem::path& folder,
                               std::string_view file);

/// The files of the data set that `folder` does not hold.
std::vector<std::string_view> absentFiles(const DatasetInfo& info, const std::filesystem::path& folder);

}  // namespace lab
