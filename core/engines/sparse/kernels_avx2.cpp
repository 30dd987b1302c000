// Eight lanes, 16 registers. Compiled with AVX2 and FMA.
#include "engines/sparse/kernel_body.h"
#include "engines/sparse/transpose_x86.h"

#include <immintrin.h>

namespace lab::sparse {
namespace {

struct Vec {
  static constexpr int kLanes = 8;
  static constexpr int kTileRows = 6;
  static constexpr int kTileVectors = 2;
  static constexpr int kGradientRows = 1;

  __m256 v;

  static Vec zero() { return {_mm256_setzero_ps()}; }
  static Vec set(float x) { return {_mm256_set1_ps(x)}; }
  static Vec load(const float* p) { return {_mm256_loadu_ps(p)}; }
  static Vec loadPart(const float* p, int n) { return {_mm256_maskload_ps(p, first(n))}; }
  void store(float* p) const { _mm256_storeu_ps(p, v); }
  void storePart(float* p, int n) const { _mm256_maskstore_ps(p, first(n), v); }
  static Vec fromBytes(const uint8_t* p) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
    return {_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes))};
  }
  static void transpose(const uint8_t* const* sample, int64_t at, uint8_t (&tile)[16][16]) {
    transposeBytes(sample, at, tile);
  }

  static Vec fma(Vec a, Vec b, Vec c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
  static Vec add(Vec a, Vec b) { return {_mm256_add_ps(a.v, b.v)}; }
  static Vec sub(Vec a, Vec b) { return {_mm256_sub_ps(a.v, b.v)}; }
  static Vec mul(Vec a, Vec b) { return {_mm256_mul_ps(a.v, b.v)}; }
  static Vec div(Vec a, Vec b) { return {_mm256_div_ps(a.v, b.v)}; }
  static Vec root(Vec a) { return {_mm256_sqrt_ps(a.v)}; }
  static Vec max(Vec a, Vec b) { return {_mm256_max_ps(a.v, b.v)}; }  // b where one is NaN
  static Vec round(Vec a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
  static Vec timesPowerOfTwo(Vec a, Vec n) {
    const __m256i exponent =
        _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n.v), _mm256_set1_epi32(127)), 23);
    return {_mm256_mul_ps(a.v, _mm256_castsi256_ps(exponent))};
  }
  Vec operator>(Vec b) const { return {_mm256_cmp_ps(v, b.v, _CMP_GT_OQ)}; }
  Vec operator==(Vec b) const { return {_mm256_cmp_ps(v, b.v, _CMP_EQ_OQ)}; }
  static Vec select(Vec where, Vec yes, Vec no) { return {_mm256_blendv_ps(no.v, yes.v, where.v)}; }

  float sum() const {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
  }

  /// out[i] = sum of a[i]
  static void sumEach(const Vec (&a)[8], float* out) {
    const __m256 low = quad(a[0].v, a[1].v, a[2].v, a[3].v), high = quad(a[4].v, a[5].v, a[6].v, a[7].v);
    _mm256_storeu_ps(
        out, _mm256_add_ps(_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31)));
  }

 private:
  static __m256i first(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  /// In each half of the register, the sums of that half of a, b, c and d.
  static __m256 quad(__m256 a, __m256 b, __m256 c, __m256 d) {
    return _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
  }
};

}  // namespace

constexpr Kernels kAvx2Kernels = kernelsOf<Vec>("avx2");

}  // namespace lab::sparse
