#pragma once
// Folders of images as ImageNet comes: train/CLASS/*.jpg and val/CLASS/*.jpg. The classes are the folders of train
// in the order of their names (bytes), and labels count them from 0.

#include "data/dataset.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lab {

struct ImageFile {
  std::filesystem::path path;
  Label label = 0;
};

struct ImageListing {
  std::vector<std::string> classes;
  std::vector<ImageFile> train, test;  ///< by class, then by name
};

/// Looks at names only. Hidden files are passed over. Problems: no images; a file that is not called .jpg or
/// .jpeg; a class of val that train does not have; more classes than labels can count.
Result<ImageListing> listImageFolder(const std::filesystem::path& folder);

}  // namespace lab
