// Sixteen weights at a time, a cache line. Compiled with AVX-512F.
#include "engines/masked/optimizer.h"

#include <immintrin.h>

namespace lab::masked {

namespace {

/// Calls body(first index, active lanes) where a lane is active.
template <class Body>
inline void forActive(const OptimizerTensor& t, const Body& body) {
  for (int64_t i = 0; i < t.size; i += 16) {
    const int64_t rest = t.size - i;
    const auto lanes = static_cast<__mmask16>(rest < 16 ? (1u << rest) - 1 : 0xFFFFu);
    auto active = lanes;
    if (t.active != nullptr) active = static_cast<__mmask16>(t.active[i / 64] >> (i % 64) & lanes);
    if (active != 0) body(i, active);
  }
}

void sgd(const OptimizerTensor& t, const OptimizerStep& step) {
  const __m512 weightDecay = _mm512_set1_ps(step.weightDecay), momentum = _mm512_set1_ps(step.momentum);
  const __m512 gradientRate = _mm512_set1_ps(step.gradientRate), momentumRate = _mm512_set1_ps(step.momentumRate);
  forActive(t, [&](int64_t i, __mmask16 active) {
    const __m512 w = _mm512_maskz_loadu_ps(active, t.weight + i);
    const __m512 g = _mm512_fmadd_ps(weightDecay, w, _mm512_maskz_loadu_ps(active, t.gradient + i));
    const __m512 m = _mm512_fmadd_ps(momentum, _mm512_maskz_loadu_ps(active, t.momentum + i), g);
    const __m512 moved = _mm512_fnmadd_ps(momentumRate, m, _mm512_fnmadd_ps(gradientRate, g, w));
    _mm512_mask_storeu_ps(t.momentum + i, active, m);
    _mm512_mask_storeu_ps(t.weight + i, active, moved);
  });
}

void adam(const OptimizerTensor& t, const OptimizerStep& step) {
  const __m512 weightDecay = _mm512_set1_ps(step.weightDecay), rate = _mm512_set1_ps(step.momentumRate);
  const __m512 beta1 = _mm512_set1_ps(step.momentum), new1 = _mm512_set1_ps(1 - step.momentum);
  const __m512 beta2 = _mm512_set1_ps(step.secondMomentum), new2 = _mm512_set1_ps(1 - step.secondMomentum);
  const __m512 rootScale = _mm512_set1_ps(step.rootScale), epsilon = _mm512_set1_ps(step.epsilon);
  forActive(t, [&](int64_t i, __mmask16 active) {
    const __m512 w = _mm512_maskz_loadu_ps(active, t.weight + i);
    const __m512 g = _mm512_fmadd_ps(weightDecay, w, _mm512_maskz_loadu_ps(active, t.gradient + i));
    const __m512 m = _mm512_fmadd_ps(beta1, _mm512_maskz_loadu_ps(active, t.momentum + i), _mm512_mul_ps(new1, g));
    const __m512 v = _mm512_fmadd_ps(beta2, _mm512_maskz_loadu_ps(active, t.secondMoment + i),
                                     _mm512_mul_ps(new2, _mm512_mul_ps(g, g)));
    const __m512 size = _mm512_fmadd_ps(rootScale, _mm512_maskz_sqrt_ps(active, v), epsilon);
    _mm512_mask_storeu_ps(t.momentum + i, active, m);
    _mm512_mask_storeu_ps(t.secondMoment + i, active, v);
    _mm512_mask_storeu_ps(t.weight + i, active,
                          _mm512_sub_ps(w, _mm512_maskz_div_ps(active, _mm512_mul_ps(rate, m), size)));
  });
}

void run(const OptimizerTensor& t, const OptimizerStep& step) { step.adam ? adam(t, step) : sgd(t, step); }

}  // namespace

const OptimizerKernel kAvx512Optimizer{"avx512", run, [] { return __builtin_cpu_supports("avx512f") != 0; }};

}  // namespace lab::masked
