#pragma once
// Compressed matrices times dense activations, and the weight gradient at the entries that exist.

#include "engines/sparse/kernel_common.h"
#include "engines/sparse/kernel_optimizer.h"

namespace lab::sparse {
namespace {

constexpr int kBlock = 8;  // vectors of a row's outputs that stay in registers

/// acc[j] += Σ_k weight(k) × (N vectors at in + index[k] × stride) over entries begin .. end.
template <class Vec, int N, class WeightOf>
inline void accumulate(Vec (&acc)[N], int32_t begin, int32_t end, const int32_t* index, const WeightOf& weightOf,
                       const Activation* in, int64_t stride) {
  for (int32_t k = begin; k < end; ++k) {
    const Vec w = Vec::set(weightOf(k));
    const Activation* x = in + index[k] * stride;
    LAB_UNROLL for (int j = 0; j < N; ++j) acc[j] = Vec::fma(w, Vec::load(x + j * Vec::kLanes), acc[j]);
  }
}

template <class Vec, int N>
void sparseForwardBlock(const RowsView& w, const float* bias, bool relu, const Activation* in, Activation* out,
                        int64_t stride, Range rows) {
  const Vec floor = relu ? Vec::zero() : Vec::set(-__builtin_inff());
  for (int64_t r = rows.begin; r < rows.end; ++r) {
    Vec acc[N];
    const Vec start = bias == nullptr ? Vec::zero() : Vec::set(bias[r]);
    LAB_UNROLL for (int j = 0; j < N; ++j) acc[j] = start;
    accumulate(
        acc, w.start[r], w.start[r + 1], w.column, [&](int32_t k) { return w.weight[k]; }, in, stride);
    LAB_UNROLL for (int j = 0; j < N; ++j) Vec::max(floor, acc[j]).store(out + r * stride + j * Vec::kLanes);
  }
}

template <class Vec, int N>
void sparseBackwardBlock(const ColumnsView& w, const Activation* gate, const Activation* delta, Activation* below,
                         int64_t stride, Range columns) {
  for (int64_t c = columns.begin; c < columns.end; ++c) {
    Vec acc[N];
    LAB_UNROLL for (int j = 0; j < N; ++j) acc[j] = Vec::zero();
    accumulate(
        acc, w.start[c], w.start[c + 1], w.row, [&](int32_t k) { return w.weight[w.place[k]]; }, delta, stride);
    LAB_UNROLL for (int j = 0; j < N; ++j) {
      const int64_t at = c * stride + j * Vec::kLanes;
      Vec value = acc[j];
      if (gate != nullptr) value = Vec::select(Vec::load(gate + at) > Vec::zero(), value, Vec::zero());
      value.store(below + at);
    }
  }
}

/// Calls body(Count<vectors>, first lane) for consecutive blocks of the batch.
template <class Vec, class Body>
inline void forBlocks(int64_t stride, const Body& body) {
  for (int64_t lane = 0; lane < stride; lane += kBlock * Vec::kLanes)
    withCount<kBlock>(smaller(kBlock, (stride - lane) / Vec::kLanes), [&](auto n) { body(n, lane); });
}

template <class Vec>
void sparseForward(const RowsView& w, const float* bias, bool relu, const Activation* in, Activation* out,
                   int64_t stride, Range rows) {
  forBlocks<Vec>(stride, [&](auto n, int64_t lane) {
    sparseForwardBlock<Vec, decltype(n)::kValue>(w, bias, relu, in + lane, out + lane, stride, rows);
  });
}

template <class Vec>
void sparseBackward(const ColumnsView& w, const Activation* gate, const Activation* delta, Activation* below,
                    int64_t stride, Range columns) {
  forBlocks<Vec>(stride, [&](auto n, int64_t lane) {
    sparseBackwardBlock<Vec, decltype(n)::kValue>(w, gate == nullptr ? nullptr : gate + lane, delta + lane,
                                                  below + lane, stride, columns);
  });
}

/// gradient[k] (+)= Σ_lane delta × in[column[k]] over N vectors of lanes, for n columns; the deltas stay in
/// registers.
template <class Vec, int N>
inline void sampledDots(const Activation* delta, const Activation* in, int64_t stride, const int32_t* column,
                        int64_t n, bool add, float* gradient) {
  Vec d[N];
  LAB_UNROLL for (int j = 0; j < N; ++j) d[j] = Vec::load(delta + j * Vec::kLanes);
  Vec dots[8] = {};
  const auto dot = [&](int64_t k) {
    const Activation* x = in + column[k] * stride;
    Vec sum = Vec::mul(d[0], Vec::load(x));
    LAB_UNROLL for (int j = 1; j < N; ++j) sum = Vec::fma(d[j], Vec::load(x + j * Vec::kLanes), sum);
    return sum;
  };
  for (int64_t k = 0; k < n; k += 8) {
    if (k + 8 <= n) {
      LAB_UNROLL for (int i = 0; i < 8; ++i) dots[i] = dot(k + i);
    } else {
      for (int i = 0; i < n - k; ++i) dots[i] = dot(k + i);
    }
    if (!add) {
      Vec::sumEach(dots, gradient + k);
    } else {
      float sums[8];
      Vec::sumEach(dots, sums);
      LAB_UNROLL for (int i = 0; i < 8; ++i) gradient[k + i] += sums[i];
    }
  }
}

/// The weight gradient of a row at its entries, in the first of `gradient`. Writes up to seven values more.
template <class Vec>
inline void rowGradient(const RowsView& w, const Batch& batch, int64_t r, float* gradient) {
  const int32_t begin = w.start[r];
  forBlocks<Vec>(batch.stride, [&](auto count, int64_t lane) {
    sampledDots<Vec, decltype(count)::kValue>(batch.delta + r * batch.stride + lane, batch.in + lane, batch.stride,
                                              w.column + begin, w.start[r + 1] - begin, lane > 0, gradient);
  });
}

template <class Vec>
void sparseGradient(const RowsView& w, const Batch& batch, Range rows, float* scratch, float* gradient) {
  for (int64_t r = rows.begin; r < rows.end; ++r) {
    rowGradient<Vec>(w, batch, r, scratch);
    for (int32_t k = w.start[r]; k < w.start[r + 1]; ++k) gradient[k] = scratch[k - w.start[r]];
  }
}

/// The sampled dense-dense product of a row, kept in `gradient` (a few cache lines) and used up at once.
template <class Vec, class Rule>
void updateRows(const RowsView& w, const Moments& moments, const Batch& batch, const Rule& rule, Range rows,
                float* deltaSums, float* gradient) {
  for (int64_t r = rows.begin; r < rows.end; ++r) {
    const Activation* delta = batch.delta + r * batch.stride;
    deltaSums[r] = deltaSum<Vec>(delta, batch.stride);
    const int32_t begin = w.start[r];
    const int64_t n = w.start[r + 1] - begin;
    rowGradient<Vec>(w, batch, r, gradient);
    float* second = Rule::kSecondMoment ? moments.second + begin : nullptr;
    applyRule<Vec>(gradient, w.weight + begin, {moments.first + begin, second}, n, rule);
  }
}

template <class Vec>
void sparseUpdate(const RowsView& w, const Moments& moments, const Batch& batch, const OptimizerStep& step, Range rows,
                  float* deltaSums, float* gradient) {
  withRule<Vec>(step, [&](const auto& rule) {
    updateRows<Vec>(w, moments, batch, rule, rows, deltaSums, gradient);
  });
}

}  // namespace
}  // namespace lab::sparse
