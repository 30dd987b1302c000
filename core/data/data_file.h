#pragma once
// Reading the files of data sets.

#include "result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lab {

using Bytes = std::vector<uint8_t>;

/// A damaged header may promise any size; no file read whole here is larger (the largest, of CIFAR-100, has 154
/// MB).
inline constexpr int64_t kLargestDataFile = int64_t{1} << 28;

/// "FILE: WHAT", under the key FILE.
Problem fileProblem(const std::filesystem::path& file, const std::string& what);

/// A whole file. Problem: it cannot be read, with the system's reason, or is larger than kLargestDataFile.
Result<Bytes> readDataFile(const std::filesystem::path& file);

}  // namespace lab
