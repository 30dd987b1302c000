#include "store/safetensors.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace lab {

using nlohmann::ordered_json;

namespace {

constexpr size_t kLength = sizeof(uint64_t), kAlignment = 8;
constexpr const char* kMetadata = "__metadata__";

size_t width(TensorType type) { return type == TensorType::F32 ? sizeof(float) : 1; }
const char* name(TensorType type) { return type == TensorType::F32 ? "F32" : "BOOL"; }

size_t elements(const std::vector<int64_t>& shape) {
  size_t count = 1;
  for (const int64_t extent : shape) {
    if (extent < 0 || (extent > 0 && count > (size_t{1} << 48) / static_cast<size_t>(extent)))
      throw std::out_of_range("a shape of impossible size");
    count *= static_cast<size_t>(extent);
  }
  return count;
}

Tensor unpackTensor(const std::string& name, const ordered_json& entry, std::string_view data) {
  Tensor tensor;
  tensor.name = name;
  const auto type = entry.at("dtype").get<std::string>();
  if (type != "F32" && type != "BOOL") throw std::invalid_argument(name + " is of type " + type);
  tensor.type = type == "F32" ? TensorType::F32 : TensorType::Bool;
  entry.at("shape").get_to(tensor.shape);
  const auto begin = entry.at("data_offsets").at(0).get<uint64_t>();
  const auto end = entry.at("data_offsets").at(1).get<uint64_t>();
  if (begin > end || end > data.size() || end - begin != elements(tensor.shape) * width(tensor.type))
    throw std::out_of_range(name + " lies outside the data");
  tensor.bytes = data.substr(begin, end - begin);
  return tensor;
}

}  // namespace

Tensor floatTensor(std::string name, std::vector<int64_t> shape, const std::vector<float>& values) {
  Tensor tensor{std::move(name), TensorType::F32, std::move(shape), {}};
  tensor.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return tensor;
}

std::string packSafetensors(const Tensors& tensors) {
  std::vector<const Tensor*> order;
  for (const Tensor& tensor : tensors.tensors) order.push_back(&tensor);
  std::ranges::stable_sort(order, std::ranges::greater(), [](const Tensor* t) { return width(t->type); });

  ordered_json header = ordered_json::object();
  if (!tensors.metadata.empty()) header[kMetadata] = tensors.metadata;
  size_t size = 0;
  for (const Tensor* tensor : order) {
    header[tensor->name] = {{"dtype", name(tensor->type)},
                            {"shape", tensor->shape},
                            {"data_offsets", {size, size + tensor->bytes.size()}}};
    size += tensor->bytes.size();
  }
  std::string text = header.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');

  const uint64_t length = text.size();
  std::string out(kLength, '\0');
  std::memcpy(out.data(), &length, kLength);
  out.reserve(kLength + text.size() + size);
  out += text;
  for (const Tensor* tensor : order) out += tensor->bytes;
  return out;
}

Result<Tensors> unpackSafetensors(std::string_view content, const std::string& where) {
  try {
    uint64_t length = 0;
    if (content.size() < kLength) throw std::out_of_range("it is cut off");
    std::memcpy(&length, content.data(), kLength);
    if (length > content.size() - kLength) throw std::out_of_range("its header is cut off");
    const auto header = ordered_json::parse(content.substr(kLength, length));
    Tensors result;
    for (const auto& [key, entry] : header.items()) {
      if (key == kMetadata)
        entry.get_to(result.metadata);
      else
        result.tensors.push_back(unpackTensor(key, entry, content.substr(kLength + length)));
    }
    return result;
  } catch (const std::exception& error) {
    return Problem{where, fmt::format("{} is no safetensors file of this program: {}", where, error.what())};
  }
}

}  // namespace lab
