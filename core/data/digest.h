#pragma once
// Checksums of data files: SHA-256 for the record of which data a run has seen, MD5 where a source publishes only
// that.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace lab {

/// A checksum of bytes that come in parts.
class Digest {
 public:
  enum class Kind { Sha256, Md5 };
  explicit Digest(Kind kind = Kind::Sha256);
  ~Digest();

  void add(std::span<const uint8_t> bytes);

  /// Lower-case hexadecimal digits: 64 of SHA-256, 32 of MD5. Nothing can be added afterwards.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256(std::span<const uint8_t> bytes);

}  // namespace lab
