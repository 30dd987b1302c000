#pragma once
// Plain data as bytes: numbers little endian, lists with their length before them, structs member by member
// through fields(), which names every member or does not compile.

#include "topology/mask.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace lab {

static_assert(std::endian::native == std::endian::little);

template <class T>
concept Number = std::is_arithmetic_v<T>;
template <class T>
concept HasFields = requires(T& value) {
  fields(value);
};

/// What is wrong with bytes that do not hold what they should.
struct BytesDamage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class ByteWriter {
 public:
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

  template <Number T>
  void put(const T& value) {
    raw(&value, sizeof value);
  }
  void put(const std::string& text) {
    length(text.size());
    raw(text.data(), text.size());
  }
  void put(const Mask& mask) {
    put(mask.size());
    raw(mask.words().data(), mask.words().size_bytes());
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    length(values.size());
    if constexpr (Number<T>) {
      raw(values.data(), values.size() * sizeof(T));
    } else {
      for (const T& value : values) put(value);
    }
  }
  template <class... T>
  void put(const std::tuple<T&...>& members) {
    std::apply([this](const auto&... member) { (this->put(member), ...); }, members);
  }
  template <HasFields T>
  void put(const T& value) {
    put(fields(value));
  }

 private:
  void length(size_t count) { put(static_cast<uint64_t>(count)); }
  void raw(const void* data, size_t size) { bytes_.append(static_cast<const char*>(data), size); }

  std::string bytes_;
};

/// Reads what a ByteWriter wrote, in the same order. Throws BytesDamage; never reads or allocates beyond the
/// bytes.
class ByteReader {
 public:
  /// `bytes` must outlive the reader.
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  void end() const {
    if (!rest_.empty()) throw BytesDamage("something after the end");
  }

  template <Number T>
  void get(T& value) {
    raw(&value, sizeof value);
  }
  void get(bool& value) {
    uint8_t byte = 0;
    get(byte);
    if (byte > 1) throw BytesDamage("neither yes nor no");
    value = byte == 1;
  }
  void get(std::string& text) {
    text.resize(length(1));
    raw(text.data(), text.size());
  }
  void get(Mask& mask) {
    int64_t size = 0;
    get(size);
    if (size < 0 || static_cast<uint64_t>(size) / 8 > rest_.size()) throw BytesDamage("a mask of impossible size");
    mask = Mask(size);
    raw(mask.words().data(), mask.words().size_bytes());
    if (size % 64 != 0 && mask.words().back() >> (size % 64) != 0) throw BytesDamage("a mask beyond its end");
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    if (there) {
      get(value.emplace());
    } else {
      value.reset();
    }
  }
  template <class T>
  void get(std::vector<T>& values) {
    if constexpr (Number<T>) {
      values.resize(length(sizeof(T)));
      raw(values.data(), values.size() * sizeof(T));
    } else {
      values.resize(length(1));
      for (T& value : values) get(value);
    }
  }
  template <class... T>
  void get(const std::tuple<T&...>& members) {
    std::apply([this](auto&... member) { (this->get(member), ...); }, members);
  }
  template <HasFields T>
  void get(T& value) {
    get(fields(value));
  }

 private:
  /// A number of elements, each of which takes at least `least` bytes.
  size_t length(size_t least) {
    uint64_t count = 0;
    get(count);
    if (count > rest_.size() / least) throw BytesDamage("a list is cut off");
    return static_cast<size_t>(count);
  }
  void raw(void* data, size_t size) {
    if (size > rest_.size()) throw BytesDamage("cut off");
    if (size > 0) std::memcpy(data, rest_.data(), size);
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
};

}  // namespace lab
