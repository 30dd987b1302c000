// Eight weights at a time. Compiled with AVX2 and FMA.
#include "engines/masked/optimizer.h"

#include <immintrin.h>

namespace lab::masked {

namespace {

/// All bits of lane j are bit j of `bits`.
__m256i lanesOf(uint32_t bits) {
  const __m256i each = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), each), each);
}

/// Calls body(first index, active lanes) where a lane is active.
template <class Body>
inline void forActive(const OptimizerTensor& t, const Body& body) {
  for (int64_t i = 0; i < t.size; i += 8) {
    const int64_t rest = t.size - i;
    uint32_t bits = rest < 8 ? (1u << rest) - 1 : 0xFFu;
    if (t.active != nullptr) bits &= static_cast<uint32_t>(t.active[i / 64] >> (i % 64));
    if (bits != 0) body(i, lanesOf(bits));
  }
}

void sgd(const OptimizerTensor& t, const OptimizerStep& step) {
  const __m256 weightDecay = _mm256_set1_ps(step.weightDecay), momentum = _mm256_set1_ps(step.momentum);
  const __m256 gradientRate = _mm256_set1_ps(step.gradientRate), momentumRate = _mm256_set1_ps(step.momentumRate);
  forActive(t, [&](int64_t i, __m256i active) {
    const __m256 w = _mm256_maskload_ps(t.weight + i, active);
    const __m256 g = _mm256_fmadd_ps(weightDecay, w, _mm256_maskload_ps(t.gradient + i, active));
    const __m256 m = _mm256_fmadd_ps(momentum, _mm256_maskload_ps(t.momentum + i, active), g);
    const __m256 moved = _mm256_fnmadd_ps(momentumRate, m, _mm256_fnmadd_ps(gradientRate, g, w));
    _mm256_maskstore_ps(t.momentum + i, active, m);
    _mm256_maskstore_ps(t.weight + i, active, moved);
  });
}

void adam(const OptimizerTensor& t, const OptimizerStep& step) {
  const __m256 weightDecay = _mm256_set1_ps(step.weightDecay), rate = _mm256_set1_ps(step.momentumRate);
  const __m256 beta1 = _mm256_set1_ps(step.momentum), new1 = _mm256_set1_ps(1 - step.momentum);
  const __m256 beta2 = _mm256_set1_ps(step.secondMomentum), new2 = _mm256_set1_ps(1 - step.secondMomentum);
  const __m256 rootScale = _mm256_set1_ps(step.rootScale), epsilon = _mm256_set1_ps(step.epsilon);
  forActive(t, [&](int64_t i, __m256i active) {
    const __m256 w = _mm256_maskload_ps(t.weight + i, active);
    const __m256 g = _mm256_fmadd_ps(weightDecay, w, _mm256_maskload_ps(t.gradient + i, active));
    const __m256 m = _mm256_fmadd_ps(beta1, _mm256_maskload_ps(t.momentum + i, active), _mm256_mul_ps(new1, g));
    const __m256 v = _mm256_fmadd_ps(beta2, _mm256_maskload_ps(t.secondMoment + i, active),
                                     _mm256_mul_ps(new2, _mm256_mul_ps(g, g)));
    const __m256 size = _mm256_fmadd_ps(rootScale, _mm256_sqrt_ps(v), epsilon);
    _mm256_maskstore_ps(t.momentum + i, active, m);
    _mm256_maskstore_ps(t.secondMoment + i, active, v);
    _mm256_maskstore_ps(t.weight + i, active, _mm256_sub_ps(w, _mm256_div_ps(_mm256_mul_ps(rate, m), size)));
  });
}

void run(const OptimizerTensor& t, const OptimizerStep& step) { step.adam ? adam(t, step) : sgd(t, step); }

}  // namespace

const OptimizerKernel kAvx2Optimizer{
    "avx2", run, [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }};

}  // namespace lab::masked
