#pragma once
// The IDX format of MNIST and its relatives, plain or gzipped: big-endian magic 0x0000 08 rank, one 32-bit size a
// dimension, then that many bytes (http://yann.lecun.com/exdb/mnist).

#include "result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lab {

struct IdxArray {
  std::vector<int64_t> sizes;
  std::vector<uint8_t> values;
  std::string checksum;  ///< SHA-256 of the file
};

/// Reads a whole file of unsigned bytes of this rank. Problems name the file: cannot be read, not gzip, damaged
/// gzip, wrong magic, wrong rank, too short, too long.
Result<IdxArray> readIdx(const std::filesystem::path& file, size_t rank);

}  // namespace lab
