#pragma once
// The kernels, written once over a vector type and compiled once for each instruction set (kernels_*.cpp).
// Everything is in an unnamed namespace: each of those files has its own copies, which never meet in the linker.
//
// `Vec` gives: kLanes; kTileRows, kTileVectors and kGradientRows (what a dense tile keeps in registers); and the
// operations used here.

#include "engines/sparse/kernel_batch.h"
#include "engines/sparse/kernel_dense.h"
#include "engines/sparse/kernel_optimizer.h"
#include "engines/sparse/kernel_sparse.h"

namespace lab::sparse {
namespace {

template <class Vec>
constexpr Kernels kernelsOf(const char* name) {
  return {name,
          gather<Vec>,
          sparseForward<Vec>,
          sparseBackward<Vec>,
          sparseUpdate<Vec>,
          sparseGradient<Vec>,
          denseForward<Vec>,
          denseBackward<Vec>,
          denseGradient<Vec>,
          deltaSums<Vec>,
          update<Vec>,
          softmax<Vec>};
}

}  // namespace
}  // namespace lab::sparse

