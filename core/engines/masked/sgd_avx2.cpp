// Eight weights at a time. Compiled with AVX2 and FMA.
#include "engines/masked/sgd.h"

#include <immintrin.h>

namespace lab::masked {

namespace {

/// All bits of lane j are bit j of `bits`.
__m256i lanesOf(uint32_t bits) {
  const __m256i each = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), each), each);
}

void run(const SgdTensor& t, const SgdStep& step) {
  const __m256 weightDecay = _mm256_set1_ps(step.weightDecay), momentum = _mm256_set1_ps(step.momentum);
  const __m256 gradientRate = _mm256_set1_ps(step.gradientRate), momentumRate = _mm256_set1_ps(step.momentumRate);
  for (int64_t i = 0; i < t.size; i += 8) {
    const int64_t rest = t.size - i;
    uint32_t bits = rest < 8 ? (1u << rest) - 1 : 0xFFu;
    if (t.active != nullptr) bits &= static_cast<uint32_t>(t.active[i / 64] >> (i % 64));
    if (bits == 0) continue;
    const __m256i active = lanesOf(bits);
    const __m256 w = _mm256_maskload_ps(t.weight + i, active);
    const __m256 g = _mm256_fmadd_ps(weightDecay, w, _mm256_maskload_ps(t.gradient + i, active));
    const __m256 m = _mm256_fmadd_ps(momentum, _mm256_maskload_ps(t.momentum + i, active), g);
    const __m256 moved = _mm256_fnmadd_ps(momentumRate, m, _mm256_fnmadd_ps(gradientRate, g, w));
    _mm256_maskstore_ps(t.momentum + i, active, m);
    _mm256_maskstore_ps(t.weight + i, active, moved);
  }
}

}  // namespace

const SgdKernel kAvx2Sgd{"avx2", run,
                         [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }};

}  // namespace lab::masked
