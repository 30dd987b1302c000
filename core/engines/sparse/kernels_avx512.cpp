// Sixteen lanes, 32 registers. Compiled with AVX-512 F, BW, DQ and VL.
#include "engines/sparse/kernel_body.h"
#include "engines/sparse/transpose_x86.h"

#include <immintrin.h>

namespace lab::sparse {
namespace {

struct Vec {
  static constexpr int kLanes = 16;
  static constexpr int kTileRows = 5;
  static constexpr int kTileVectors = 4;
  static constexpr int kGradientRows = 3;

  __m512 v;

  static Vec zero() { return {_mm512_setzero_ps()}; }
  static Vec set(float x) { return {_mm512_set1_ps(x)}; }
  static Vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static Vec loadPart(const float* p, int n) { return {_mm512_maskz_loadu_ps(first(n), p)}; }
  void store(float* p) const { _mm512_storeu_ps(p, v); }
  void storePart(float* p, int n) const { _mm512_mask_storeu_ps(p, first(n), v); }
  static Vec fromBytes(const uint8_t* p) {
    const __m128i bytes = _mm_load_si128(reinterpret_cast<const __m128i*>(p));
    return {_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes))};
  }
  static void transpose(const uint8_t* const* sample, int64_t at, uint8_t (&tile)[16][16]) {
    transposeBytes(sample, at, tile);
  }

  static Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
  static Vec add(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
  static Vec sub(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
  static Vec mul(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
  static Vec div(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
  static Vec root(Vec a) { return {_mm512_sqrt_ps(a.v)}; }
  static Vec max(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }  // b where one is NaN
  static Vec round(Vec a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
  static Vec timesPowerOfTwo(Vec a, Vec n) { return {_mm512_scalef_ps(a.v, n.v)}; }
  __mmask16 operator>(Vec b) const { return _mm512_cmp_ps_mask(v, b.v, _CMP_GT_OQ); }
  __mmask16 operator==(Vec b) const { return _mm512_cmp_ps_mask(v, b.v, _CMP_EQ_OQ); }
  static Vec select(__mmask16 where, Vec yes, Vec no) { return {_mm512_mask_blend_ps(where, no.v, yes.v)}; }

  float sum() const { return _mm512_reduce_add_ps(v); }

  /// out[i] = sum of a[i]: a tree of shuffles that halves the number of vectors each round.
  static void sumEach(const Vec (&a)[8], float* out) {
    const __m512 low = quad(a[0].v, a[1].v, a[2].v, a[3].v), high = quad(a[4].v, a[5].v, a[6].v, a[7].v);
    const __m512 both = _mm512_add_ps(_mm512_shuffle_f32x4(low, high, _MM_SHUFFLE(2, 0, 2, 0)),
                                      _mm512_shuffle_f32x4(low, high, _MM_SHUFFLE(3, 1, 3, 1)));
    const __m512 total = _mm512_add_ps(_mm512_shuffle_f32x4(both, both, _MM_SHUFFLE(2, 0, 2, 0)),
                                       _mm512_shuffle_f32x4(both, both, _MM_SHUFFLE(3, 1, 3, 1)));
    _mm256_storeu_ps(out, _mm512_castps512_ps256(total));
  }

 private:
  static __mmask16 first(int n) { return static_cast<__mmask16>((1u << n) - 1); }
  static __m512 pair(__m512 a, __m512 b) {
    return _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
  }
  /// In each quarter of the register, the sums of that quarter of a, b, c and d.
  static __m512 quad(__m512 a, __m512 b, __m512 c, __m512 d) {
    const __m512 ab = pair(a, b), cd = pair(c, d);
    return _mm512_add_ps(_mm512_shuffle_ps(ab, cd, _MM_SHUFFLE(1, 0, 1, 0)),
                         _mm512_shuffle_ps(ab, cd, _MM_SHUFFLE(3, 2, 3, 2)));
  }
};

}  // namespace

constexpr Kernels kAvx512Kernels = kernelsOf<Vec>("avx512");

}  // namespace lab::sparse
