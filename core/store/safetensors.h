#pragma once
// Tensors in a file that other programs read (Hugging Face safetensors 0.3 and later): the length of a JSON header
// (64 bits, little endian), the header (name to type, shape and place; padded with spaces to a multiple of 8), the
// data.

#include "result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class TensorType { F32, Bool };  ///< four bytes, little endian; one byte, 0 or 1

struct Tensor {
  std::string name;
  TensorType type = TensorType::F32;
  std::vector<int64_t> shape;  ///< row-major
  std::string bytes;
  bool operator==(const Tensor&) const = default;
};

struct Tensors {
  std::vector<Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

Tensor floatTensor(std::string name, std::vector<int64_t> shape, const std::vector<float>& values);

/// Names must differ. Wide types come first, so that all data are aligned.
std::string packSafetensors(const Tensors& tensors);

/// Problem: damaged, or of a type that this program does not write.
Result<Tensors> unpackSafetensors(std::string_view content, const std::string& where);

}  // namespace lab
