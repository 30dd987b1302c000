#pragma once
// How all parameters of a network lie in memory: one array for each kind of value, in segments, so that one launch
// serves all tensors. A kernel's block covers kBlock consecutive elements, which belong to one segment.

#include "host_device.h"

#include <cstdint>

namespace lab::cuda {

inline constexpr int64_t kBlock = 1024;  ///< elements; segments begin and end at multiples of it
inline constexpr int64_t kWord = 64;     ///< elements a word of a bit mask

/// The weights of a layer, its bias, or scale or shift of a batch norm.
struct Segment {
  int64_t begin = 0, size = 0;       ///< elements from `begin` on; the rest up to the next segment is padding
  int64_t firstBlock = 0, blocks = 0;
  int32_t layer = -1;                ///< of weights, in the order of weightLayers(); -1: no mask covers it
  int32_t channels = 0, area = 1;    ///< of a convolution's weights [out][channels][area]; area 1: nothing to reorder
  bool decays = true;                ///< whether weight decay applies
  int32_t run = 0;                   ///< whose it is, where the arena holds several

  /// Where element `i` of the segment lies in the copy that products are computed with: channels innermost.
  LAB_HD int64_t computePlace(int64_t i) const {
    if (area == 1) return i;
    const int64_t pixel = i % area, channel = i / area % channels, out = i / area / channels;
    return (out * area + pixel) * channels + channel;
  }
};

LAB_HD inline bool testBit(const uint64_t* words, int64_t i) { return (words[i / kWord] >> (i % kWord) & 1) != 0; }

/// Precondition: word != 0.
LAB_HD inline int64_t lowestBit(uint64_t word) {
#ifdef __CUDA_ARCH__
  return __ffsll(static_cast<long long>(word)) - 1;
#else
  return __builtin_ctzll(word);
#endif
}

/// A bfloat16 in memory. Rounds to nearest, ties to even, as every library does.
struct Bfloat16 {
  uint16_t bits;
};

LAB_HD inline void store(float value, float& out) { out = value; }
LAB_HD inline void store(float value, Bfloat16& out) {
  union {
    float number;
    uint32_t bits;
  } from{value};
  const bool nan = (from.bits & 0x7FFFFFFFu) > 0x7F800000u;
  out.bits = nan ? uint16_t{0x7FC0} : static_cast<uint16_t>((from.bits + 0x7FFFu + (from.bits >> 16 & 1)) >> 16);
}

LAB_HD inline float load(float value) { return value; }
LAB_HD inline float load(Bfloat16 value) {
  union {
    uint32_t bits;
    float number;
  } to{static_cast<uint32_t>(value.bits) << 16};
  return to.number;
}

/// An array of float or Bfloat16, known at run time.
struct Numbers {
  void* data = nullptr;
  bool bfloat16 = false;

  LAB_HD void set(int64_t i, float value) const {
    if (bfloat16)
      store(value, static_cast<Bfloat16*>(data)[i]);
    else
      store(value, static_cast<float*>(data)[i]);
  }
  LAB_HD float at(int64_t i) const {
    return bfloat16 ? load(static_cast<const Bfloat16*>(data)[i]) : static_cast<const float*>(data)[i];
  }
};

}  // namespace lab::cuda
