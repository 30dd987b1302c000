#pragma once
// Numbers of any size in as few bytes as they need: seven bits a byte, the lowest first, the top bit set in all
// bytes but the last. Mask histories and the protocol buffers of TensorBoard hold them.

#include <cstdint>
#include <string>

namespace lab {

inline constexpr int kVarintBytes = 10;  ///< at most

/// Returns the place after the last byte. `at` has room for kVarintBytes.
inline char* putVarint(char* at, uint64_t value) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
  *at++ = static_cast<char>(value);
  return at;
}

inline void appendVarint(std::string& out, uint64_t value) {
  char bytes[kVarintBytes];
  out.append(bytes, putVarint(bytes, value));
}

}  // namespace lab
