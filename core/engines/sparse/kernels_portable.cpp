// Four lanes as the compiler's generic vector, for any processor.
#include "engines/sparse/kernel_body.h"

namespace lab::sparse {
namespace {

struct Vec {
  static constexpr int kLanes = 4;
  static constexpr int kTileRows = 4;
  static constexpr int kTileVectors = 2;
  static constexpr int kGradientRows = 1;

  using Floats = float __attribute__((vector_size(16)));
  using Flags = int32_t __attribute__((vector_size(16)));
  Floats v;

  static Vec zero() { return set(0); }
  static Vec set(float x) { return {Floats{x, x, x, x}}; }
  static Vec load(const float* p) { return loadPart(p, kLanes); }
  static Vec loadPart(const float* p, int n) {
    Vec out = zero();
    __builtin_memcpy(&out.v, p, sizeof(float) * static_cast<unsigned>(n));
    return out;
  }
  void store(float* p) const { storePart(p, kLanes); }
  void storePart(float* p, int n) const { __builtin_memcpy(p, &v, sizeof(float) * static_cast<unsigned>(n)); }
  static Vec fromBytes(const uint8_t* p) {
    return {Floats{static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2]),
                   static_cast<float>(p[3])}};
  }
  static void transpose(const uint8_t* const* sample, int64_t at, uint8_t (&tile)[16][16]) {
    for (int s = 0; s < 16; ++s)
      for (int i = 0; i < 16; ++i) tile[i][s] = sample[s][at + i];
  }

  static Vec fma(Vec a, Vec b, Vec c) { return {a.v * b.v + c.v}; }
  static Vec add(Vec a, Vec b) { return {a.v + b.v}; }
  static Vec sub(Vec a, Vec b) { return {a.v - b.v}; }
  static Vec mul(Vec a, Vec b) { return {a.v * b.v}; }
  static Vec div(Vec a, Vec b) { return {a.v / b.v}; }
  static Vec root(Vec a) {
    Vec out;
    for (int i = 0; i < kLanes; ++i) out.v[i] = __builtin_sqrtf(a.v[i]);
    return out;
  }
  static Vec max(Vec a, Vec b) { return select(a > b, a, b); }  // b where one is NaN
  static Vec round(Vec a) {
    const Floats big = set(12582912.0f).v;  // 1.5 × 2^23: adding it leaves no fraction
    return {(a.v + big) - big};
  }
  static Vec timesPowerOfTwo(Vec a, Vec n) {
    Vec out;
    for (int i = 0; i < kLanes; ++i) {
      // A NaN has no integer; its own value passes through.
      const int32_t bits = n.v[i] == n.v[i] ? (static_cast<int32_t>(n.v[i]) + 127) << 23 : 0;
      float power;
      __builtin_memcpy(&power, &bits, sizeof(power));
      out.v[i] = a.v[i] * power;
    }
    return out;
  }
  Flags operator>(Vec b) const { return v > b.v; }
  Flags operator==(Vec b) const { return v == b.v; }
  static Vec select(Flags where, Vec yes, Vec no) { return {where ? yes.v : no.v}; }

  float sum() const { return (v[0] + v[2]) + (v[1] + v[3]); }
  static void sumEach(const Vec (&a)[8], float* out) {
    LAB_UNROLL for (int i = 0; i < 8; ++i) out[i] = a[i].sum();
  }
};

}  // namespace

constexpr Kernels kPortableKernels = kernelsOf<Vec>("portable");

}  // namespace lab::sparse
