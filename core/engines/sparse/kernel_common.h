#pragma once
// What the kernels share. See kernel_body.h for how they are compiled.

#include "engines/sparse/kernels.h"

#if defined(__clang__)
#define LAB_UNROLL _Pragma("unroll")
#else
#define LAB_UNROLL _Pragma("GCC unroll 16")
#endif

namespace lab::sparse {
namespace {

template <int N>
struct Count {
  static constexpr int kValue = N;
};

/// body(Count<n>{}) for a number 1 <= n <= N known at run time.
template <int N, class Body>
inline void withCount(int64_t n, const Body& body) {
  if constexpr (N > 1) {
    if (n < N) return withCount<N - 1>(n, body);
  }
  body(Count<N>{});
}

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

}  // namespace
}  // namespace lab::sparse
