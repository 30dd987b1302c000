#pragma once
// Four rounds of byte interleaving transpose 16 samples × 16 pixels in registers.

#include "engines/sparse/kernel_common.h"

#include <immintrin.h>

#include <cstdint>

namespace lab::sparse {
namespace {

/// tile[i][s] = sample[s][first + i]
inline void transposeBytes(const uint8_t* const* sample, int64_t first, uint8_t (&tile)[16][16]) {
  __m128i rows[16], next[16];
  LAB_UNROLL for (int s = 0; s < 16; ++s) rows[s] =
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(sample[s] + first));
  LAB_UNROLL for (int round = 0; round < 4; ++round) {
    LAB_UNROLL for (int i = 0; i < 8; ++i) {
      next[2 * i] = _mm_unpacklo_epi8(rows[i], rows[i + 8]);
      next[2 * i + 1] = _mm_unpackhi_epi8(rows[i], rows[i + 8]);
    }
    LAB_UNROLL for (int i = 0; i < 16; ++i) rows[i] = next[i];
  }
  LAB_UNROLL for (int i = 0; i < 16; ++i) _mm_store_si128(reinterpret_cast<__m128i*>(tile[i]), rows[i]);
}

}  // namespace
}  // namespace lab::sparse
