#include "data/dataset_table.h"

#include <algorithm>
#include <cstdlib>

namespace lab {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string_view> kIdxTrain{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
const std::vector<std::string_view> kIdxTest{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

const std::vector<DatasetInfo>& rows() {
  static const std::vector<DatasetInfo> kDatasets{
      {"fashion-mnist",
       "70,000 grey images of clothes, 28 × 28, ten classes",
       "Xiao, Rasul, Vollgraf 2017",
       DataFormat::Idx,
       {1, 28, 28},
       10,
       60000,
       10000,
       {.2860f},
       {.3530f},
       "",
       kIdxTrain,
       kIdxTest,
       "run itoplab datasets download fashion-mnist, install the Debian package dataset-fashion-mnist, or put its "
       "four IDX files there"},
      {"mnist",
       "70,000 handwritten digits, 28 × 28, ten classes",
       "LeCun, Cortes, Burges 1998",
       DataFormat::Idx,
       {1, 28, 28},
       10,
       60000,
       10000,
       {.1307f},
       {.3081f},
       "",
       kIdxTrain,
       kIdxTest,
       "run itoplab datasets download mnist, or put its four IDX files (train-images-idx3-ubyte and so on, plain "
       "or .gz) there"},
      {"cifar10",
       "60,000 colour photographs, 32 × 32, ten classes",
       "Krizhevsky 2009",
       DataFormat::CifarBinary,
       {3, 32, 32},
       10,
       50000,
       10000,
       {.4914f, .4822f, .4465f},
       {.2023f, .1994f, .2010f},  // as is customary: the mean of the deviations of single images
       "cifar-10-batches-bin",
       {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
       {"test_batch.bin"},
       "run itoplab datasets download cifar10, or put the files of its binary version (data_batch_1.bin and so "
       "on) there"},
      {"cifar100",
       "60,000 colour photographs, 32 × 32, a hundred classes",
       "Krizhevsky 2009",
       DataFormat::CifarBinary,
       {3, 32, 32},
       100,
       50000,
       10000,
       {.5071f, .4865f, .4409f},
       {.2673f, .2564f, .2762f},
       "cifar-100-binary",
       {"train.bin"},
       {"test.bin"},
       "run itoplab datasets download cifar100, or put the files of its binary version (train.bin, test.bin) "
       "there"},
      {"imagenet",
       "1.28 million photographs of any size, cut to squares of 224 × 224, a thousand classes (ILSVRC 2012)",
       "Russakovsky et al. 2015",
       DataFormat::ImageFolder,
       {3, 224, 224},
       1000,
       1281167,
       50000,
       {.485f, .456f, .406f},
       {.229f, .224f, .225f},
       "ILSVRC2012",
       {"train"},
       {"val"},
       "register at image-net.org and put its images there as train/CLASS/*.JPEG and val/CLASS/*.JPEG"},
      {"image-folder",
       "photographs of your own in folders, any number of classes, cut to squares of 224 × 224",
       "yours",
       DataFormat::ImageFolder,
       {3, 224, 224},
       1000,
       1281167,
       50000,
       {.485f, .456f, .406f},
       {.229f, .224f, .225f},
       "",
       {"train"},
       {"val"},
       "put JPEG images there as train/CLASS/*.jpg and val/CLASS/*.jpg, or say with data_root where they are",
       true},
      {"synthetic",
       "noisy prototypes, of any shape and any number of classes: made, not read",
       "made here",
       DataFormat::Synthetic,
       {1, 28, 28},
       10,
       10000,
       2000,
       {.5f, .5f, .5f},
       {.3f, .3f, .3f},
       "",
       {},
       {},
       ""},
  };
  return kDatasets;
}

fs::path environmentPath(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? fs::path() : fs::path(value);
}

/// The folder of its name, where an archive may have been unpacked.
void addNamed(std::vector<fs::path>& folders, const fs::path& root, const DatasetInfo& info) {
  folders.push_back(root / info.name);
  if (!info.folder.empty()) folders.push_back(root / info.name / info.folder);
}

void addBelow(std::vector<fs::path>& folders, const fs::path& root, const DatasetInfo& info) {
  addNamed(folders, root, info);
  if (!info.folder.empty()) folders.push_back(root / info.folder);
  folders.push_back(root);
}

}  // namespace

std::span<const DatasetInfo> datasets() { return rows(); }

const DatasetInfo* findDataset(std::string_view name) {
  const auto row =
      std::find_if(rows().begin(), rows().end(), [&](const DatasetInfo& r) { return r.name == name; });
  return row == rows().end() ? nullptr : &*row;
}

std::vector<std::string> datasetNames() {
  std::vector<std::string> names;
  for (const DatasetInfo& row : rows()) names.emplace_back(row.name);
  return names;
}

fs::path dataHome() {
  if (const fs::path home = environmentPath("ITOPLAB_HOME"); !home.empty()) return home / "data";
  if (const fs::path xdg = environmentPath("XDG_DATA_HOME"); !xdg.empty()) return xdg / "itoplab" / "data";
  return environmentPath("HOME") / ".local" / "share" / "itoplab" / "data";
}

std::vector<fs::path> dataFolders(const DatasetInfo& info, const std::string& root) {
  std::vector<fs::path> folders;
  if (!root.empty()) {
    addBelow(folders, root, info);
    return folders;
  }
  if (const fs::path data = environmentPath("ITOPLAB_DATA"); !data.empty()) addBelow(folders, data, info);
  addNamed(folders, dataHome(), info);
  folders.push_back(fs::path("/usr/share/datasets") / info.name);
  return folders;
}

fs::path findData(const DatasetInfo& info, const std::string& root) {
  if (info.format == DataFormat::Synthetic) return {};
  for (const fs::path& folder : dataFolders(info, root))
    if (absentFiles(info, folder).empty()) return folder;
  return {};
}

fs::path dataFile(const DatasetInfo& info, const fs::path& folder, std::string_view file) {
  std::error_code ignored;
  if (info.format == DataFormat::Idx)
    if (const fs::path packed = folder / (std::string(file) + ".gz"); fs::is_regular_file(packed, ignored))
      return packed;
  const fs::path plain = folder / file;
  if (info.format == DataFormat::ImageFolder) return fs::is_directory(plain, ignored) ? plain : fs::path();
  return fs::is_regular_file(plain, ignored) ? plain : fs::path();
}

std::vector<std::string_view> absentFiles(const DatasetInfo& info, const fs::path& folder) {
  std::vector<std::string_view> absent;
  for (const auto* files : {&info.train, &info.test})
    for (const std::string_view file : *files)
      if (dataFile(info, folder, file).empty()) absent.push_back(file);
  return absent;
}

}  // namespace lab
