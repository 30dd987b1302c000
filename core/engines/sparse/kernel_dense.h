#pragma once
// The same for full matrices, in tiles that fit the registers.

#include "engines/sparse/kernel_common.h"

namespace lab::sparse {
namespace {

/// acc[r][t] += Σ_k w[r × rowStep + k × depthStep] × in[k][t]
template <class Vec, int R, int T>
inline void multiplyTile(Vec (&acc)[R][T], const float* w, int64_t rowStep, int64_t depthStep, int64_t depth,
                         const Activation* in, int64_t stride) {
  for (int64_t k = 0; k < depth; ++k) {
    Vec x[T];
    LAB_UNROLL for (int t = 0; t < T; ++t) x[t] = Vec::load(in + k * stride + t * Vec::kLanes);
    LAB_UNROLL for (int r = 0; r < R; ++r) {
      const Vec value = Vec::set(w[r * rowStep + k * depthStep]);
      LAB_UNROLL for (int t = 0; t < T; ++t) acc[r][t] = Vec::fma(value, x[t], acc[r][t]);
    }
  }
}

/// Calls body(Count<rows>, Count<vectors>, first row, first lane) for tiles that cover rows × stride.
template <class Vec, class Body>
inline void forTiles(Range rows, int64_t stride, const Body& body) {
  const auto rowTiles = [&](auto vectors, int64_t lane) {
    for (int64_t r = rows.begin; r < rows.end; r += Vec::kTileRows)
      withCount<Vec::kTileRows>(smaller(Vec::kTileRows, rows.end - r),
                                [&](auto count) { body(count, vectors, r, lane); });
  };
  int64_t lane = 0;
  for (; lane + Vec::kTileVectors * Vec::kLanes <= stride; lane += Vec::kTileVectors * Vec::kLanes)
    rowTiles(Count<Vec::kTileVectors>{}, lane);
  for (; lane < stride; lane += Vec::kLanes) rowTiles(Count<1>{}, lane);
}

template <class Vec>
void denseForward(const float* w, int64_t columns, const float* bias, bool relu, const Activation* in,
                  Activation* out, int64_t stride, Range rows) {
  const Vec floor = relu ? Vec::zero() : Vec::set(-__builtin_inff());
  forTiles<Vec>(rows, stride, [&](auto rowCount, auto vectorCount, int64_t row, int64_t lane) {
    constexpr int R = decltype(rowCount)::kValue, T = decltype(vectorCount)::kValue;
    Vec acc[R][T];
    LAB_UNROLL for (int r = 0; r < R; ++r) LAB_UNROLL for (int t = 0; t < T; ++t) acc[r][t] =
        bias == nullptr ? Vec::zero() : Vec::set(bias[row + r]);
    multiplyTile(acc, w + row * columns, columns, 1, columns, in + lane, stride);
    LAB_UNROLL for (int r = 0; r < R; ++r) LAB_UNROLL for (int t = 0; t < T; ++t) Vec::max(floor, acc[r][t])
        .store(out + (row + r) * stride + lane + t * Vec::kLanes);
  });
}

template <class Vec>
void denseBackward(const float* w, int64_t rows, int64_t columns, const Activation* gate, const Activation* delta,
                   Activation* below, int64_t stride, Range columnRange) {
  forTiles<Vec>(columnRange, stride, [&](auto columnCount, auto vectorCount, int64_t column, int64_t lane) {
    constexpr int R = decltype(columnCount)::kValue, T = decltype(vectorCount)::kValue;
    Vec acc[R][T];
    LAB_UNROLL for (int r = 0; r < R; ++r) LAB_UNROLL for (int t = 0; t < T; ++t) acc[r][t] = Vec::zero();
    multiplyTile(acc, w + column, 1, columns, rows, delta + lane, stride);
    LAB_UNROLL for (int r = 0; r < R; ++r) LAB_UNROLL for (int t = 0; t < T; ++t) {
      const int64_t at = (column + r) * stride + lane + t * Vec::kLanes;
      Vec value = acc[r][t];
      if (gate != nullptr) value = Vec::select(Vec::load(gate + at) > Vec::zero(), value, Vec::zero());
      value.store(below + at);
    }
  });
}

/// gradient[i] = Σ_lane delta × in[columnOf(i)] for N <= 8 columns. Writes eight values.
template <class Vec, int N, class ColumnOf>
inline void dotColumns(const Activation* delta, const Activation* in, int64_t stride, const ColumnOf& columnOf,
                       float* gradient) {
  Vec acc[8];
  const Activation* x[N];
  LAB_UNROLL for (int i = 0; i < 8; ++i) acc[i] = Vec::zero();
  LAB_UNROLL for (int i = 0; i < N; ++i) x[i] = in + columnOf(i) * stride;
  for (int64_t lane = 0; lane < stride; lane += Vec::kLanes) {
    const Vec d = Vec::load(delta + lane);
    LAB_UNROLL for (int i = 0; i < N; ++i) acc[i] = Vec::fma(d, Vec::load(x[i] + lane), acc[i]);
  }
  Vec::sumEach(acc, gradient);
}

/// The deltas of R rows against eight columns at a time; a column's activations are read once for all rows.
template <class Vec, int R>
inline void gradientTile(const Activation* delta, const Activation* in, int64_t stride, int64_t columns,
                         float* gradient) {
  Vec acc[R][8];
  LAB_UNROLL for (int r = 0; r < R; ++r) LAB_UNROLL for (int i = 0; i < 8; ++i) acc[r][i] = Vec::zero();
  for (int64_t lane = 0; lane < stride; lane += Vec::kLanes) {
    Vec d[R];
    LAB_UNROLL for (int r = 0; r < R; ++r) d[r] = Vec::load(delta + r * stride + lane);
    LAB_UNROLL for (int i = 0; i < 8; ++i) {
      const Vec x = Vec::load(in + i * stride + lane);
      LAB_UNROLL for (int r = 0; r < R; ++r) acc[r][i] = Vec::fma(d[r], x, acc[r][i]);
    }
  }
  LAB_UNROLL for (int r = 0; r < R; ++r) Vec::sumEach(acc[r], gradient + r * columns);
}

template <class Vec>
void denseGradient(const Batch& batch, int64_t columns, Range rows, float* gradient) {
  constexpr int kRows = Vec::kGradientRows;
  const int64_t whole = columns / 8 * 8;
  for (int64_t c = 0; c < whole; c += 8)
    for (int64_t r = rows.begin; r < rows.end; r += kRows)
      withCount<kRows>(smaller(kRows, rows.end - r), [&](auto count) {
        gradientTile<Vec, decltype(count)::kValue>(batch.delta + r * batch.stride, batch.in + c * batch.stride,
                                                   batch.stride, columns,
                                                   gradient + (r - rows.begin) * columns + c);
      });
  if (whole == columns) return;
  for (int64_t r = rows.begin; r < rows.end; ++r)
    withCount<7>(columns - whole, [&](auto count) {
      float rest[8];
      dotColumns<Vec, decltype(count)::kValue>(
          batch.delta + r * batch.stride, batch.in, batch.stride, [&](int i) { return whole + i; }, rest);
      for (int i = 0; i < decltype(count)::kValue; ++i) gradient[(r - rows.begin) * columns + whole + i] = rest[i];
    });
}

}  // namespace
}  // namespace lab::sparse
