#pragma once
// SHA-256 (FIPS 180-4), for the record of which data a run has seen.

#include <cstdint>
#include <span>
#include <string>

namespace lab {

/// 64 lower-case hexadecimal digits.
std::string sha256(std::span<const uint8_t> bytes);

}  // namespace lab
