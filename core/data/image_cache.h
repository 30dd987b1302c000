#pragma once
// Decoded images of a data set in one file below the data home, so that photographs are decoded once. It holds a
// header that says what it was made of, labels, pixels, and a SHA-256 of both: one that is damaged is as good as
// none.

#include "data/dataset.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

/// The parts of a data set that are kept together.
struct DecodedImages {
  Samples train, validation, test;
  std::string checksum;  ///< SHA-256 of labels and pixels, the same wherever and whenever they were decoded
};

/// `key`: hexadecimal digits of a digest of all that decides what the pixels are.
std::filesystem::path imageCacheFile(std::string_view dataset, int64_t side, const std::string& key);

/// `sizes` has the counts of the images wanted and no content. Empty: there is no such file, or it is damaged.
std::optional<DecodedImages> readImageCache(const std::filesystem::path& file, const std::string& key,
                                            int64_t imageSize, const DecodedImages& sizes);

/// Sets the checksum and writes the file, whole or not at all. Problem: it cannot be written; with the reason.
Problems writeImageCache(const std::filesystem::path& file, const std::string& key, DecodedImages& images);

/// Removes all caches of a data set, also what processes that were killed have left of them; returns how many
/// files.
int64_t removeImageCaches(std::string_view dataset);

}  // namespace lab
