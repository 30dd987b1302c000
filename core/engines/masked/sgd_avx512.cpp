// Sixteen weights at a time, a cache line. Compiled with AVX-512F.
#include "engines/masked/sgd.h"

#include <immintrin.h>

namespace lab::masked {

namespace {

void run(const SgdTensor& t, const SgdStep& step) {
  const __m512 weightDecay = _mm512_set1_ps(step.weightDecay), momentum = _mm512_set1_ps(step.momentum);
  const __m512 gradientRate = _mm512_set1_ps(step.gradientRate), momentumRate = _mm512_set1_ps(step.momentumRate);
  for (int64_t i = 0; i < t.size; i += 16) {
    const int64_t rest = t.size - i;
    const auto lanes = static_cast<__mmask16>(rest < 16 ? (1u << rest) - 1 : 0xFFFFu);
    auto active = lanes;
    if (t.active != nullptr) active = static_cast<__mmask16>(t.active[i / 64] >> (i % 64) & lanes);
    if (active == 0) continue;
    const __m512 w = _mm512_maskz_loadu_ps(active, t.weight + i);
    const __m512 g = _mm512_fmadd_ps(weightDecay, w, _mm512_maskz_loadu_ps(active, t.gradient + i));
    const __m512 m = _mm512_fmadd_ps(momentum, _mm512_maskz_loadu_ps(active, t.momentum + i), g);
    const __m512 moved = _mm512_fnmadd_ps(momentumRate, m, _mm512_fnmadd_ps(gradientRate, g, w));
    _mm512_mask_storeu_ps(t.momentum + i, active, m);
    _mm512_mask_storeu_ps(t.weight + i, active, moved);
  }
}

}  // namespace

const SgdKernel kAvx512Sgd{"avx512", run, [] { return __builtin_cpu_supports("avx512f") != 0; }};

}  // namespace lab::masked
