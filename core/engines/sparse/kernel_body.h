#pragma once
// The kernels, written once over a vector type and compiled once for each instruction set (kernels_*.cpp).
// Everything is in an unnamed namespace: each of those files has its own copies, which never meet in the linker.
//
// `Vec` gives: kLanes, kTileRows and kTileVectors (the accumulators of a dense tile that fit the registers), and
// the operations used below.

#include "engines/sparse/kernels.h"

#if defined(__clang__)
#define LAB_UNROLL _Pragma("unroll")
#else
#define LAB_UNROLL _Pragma("GCC unroll 16")
#endif

namespace lab::sparse {
namespace {

constexpr int kBlock = 8;  // vectors of a row's outputs that stay in registers

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

// ---- sparse times dense
// ------------------------------------------------------------------------------------------

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

// ---- gradients and the optimizer
// ---------------------------------------------------------------------------------

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

template <class Vec>
inline float deltaSum(const Activation* delta, int64_t stride) {
  Vec sum = Vec::zero();
  for (int64_t lane = 0; lane < stride; lane += Vec::kLanes) sum = Vec::add(sum, Vec::load(delta + lane));
  return sum.sum();
}

template <class Vec>
struct SgdVectors {
  Vec weightDecay, momentum, gradientRate, momentumRate;
  explicit SgdVectors(const SgdStep& step)
      : weightDecay(Vec::set(step.weightDecay)),
        momentum(Vec::set(step.momentum)),
        gradientRate(Vec::set(-step.gradientRate)),
        momentumRate(Vec::set(-step.momentumRate)) {}

  void apply(Vec g, Vec& w, Vec& m) const {
    g = Vec::fma(weightDecay, w, g);
    m = Vec::fma(momentum, m, g);
    w = Vec::fma(momentumRate, m, Vec::fma(gradientRate, g, w));
  }
};

template <class Vec>
inline void applySgd(const float* gradient, float* weight, float* momentum, int64_t n,
                     const SgdVectors<Vec>& sgd) {
  int64_t i = 0;
  for (; i + Vec::kLanes <= n; i += Vec::kLanes) {
    Vec w = Vec::load(weight + i), m = Vec::load(momentum + i);
    sgd.apply(Vec::load(gradient + i), w, m);
    w.store(weight + i);
    m.store(momentum + i);
  }
  if (const int rest = static_cast<int>(n - i); rest > 0) {
    Vec w = Vec::loadPart(weight + i, rest), m = Vec::loadPart(momentum + i, rest);
    sgd.apply(Vec::loadPart(gradient + i, rest), w, m);
    w.storePart(weight + i, rest);
    m.storePart(momentum + i, rest);
  }
}

template <class Vec>
void update(const float* gradient, float* weight, float* momentum, int64_t n, const SgdStep& step) {
  applySgd(gradient, weight, momentum, n, SgdVectors<Vec>(step));
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

/// The sampled dense-dense product of a row, kept in `gradient` (a few cache lines) and used up at once.
template <class Vec>
void sparseUpdate(const RowsView& w, float* momentum, const Batch& batch, const SgdStep& step, Range rows,
                  float* deltaSums, float* gradient) {
  const SgdVectors<Vec> sgd(step);
  for (int64_t r = rows.begin; r < rows.end; ++r) {
    const Activation* delta = batch.delta + r * batch.stride;
    deltaSums[r] = deltaSum<Vec>(delta, batch.stride);
    const int32_t begin = w.start[r];
    const int64_t n = w.start[r + 1] - begin;
    const int32_t* column = w.column + begin;
    forBlocks<Vec>(batch.stride, [&](auto count, int64_t lane) {
      sampledDots<Vec, decltype(count)::kValue>(delta + lane, batch.in + lane, batch.stride, column, n, lane > 0,
                                                gradient);
    });
    applySgd(gradient, w.weight + begin, momentum + begin, n, sgd);
  }
}

template <class Vec>
void deltaSums(const Batch& batch, Range rows, float* sums) {
  for (int64_t r = rows.begin; r < rows.end; ++r)
    sums[r] = deltaSum<Vec>(batch.delta + r * batch.stride, batch.stride);
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

// ---- dense times dense
// -------------------------------------------------------------------------------------------

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

// ---- input and loss
// ----------------------------------------------------------------------------------------------

/// Tiles of 16 samples × 16 pixels, transposed in registers. The last tile of a channel overlaps the one before.
template <class Vec>
void gather(const GatherJob& job, Range lanes) {
  const Vec scale = Vec::set(job.scale), shift = Vec::set(job.shift);
  const auto [begin, end] = job.features;
  for (int64_t lane = lanes.begin; lane < lanes.end; lane += kLaneGroup) {
    const uint8_t* const* sample = job.sample + lane;
    for (int64_t f = begin; end - begin >= 16 && f < end; f += 16) {
      const int64_t first = smaller(f, end - 16);
      alignas(64) uint8_t tile[16][16];
      Vec::transpose(sample, first, tile);
      LAB_UNROLL for (int i = 0; i < 16; ++i) LAB_UNROLL for (int part = 0; part < 16; part += Vec::kLanes)
          Vec::fma(Vec::fromBytes(tile[i] + part), scale, shift)
              .store(job.out + (first + i) * job.stride + lane + part);
    }
    for (int64_t f = begin; end - begin < 16 && f < end; ++f)
      for (int64_t i = 0; i < kLaneGroup; ++i)
        job.out[f * job.stride + lane + i] = job.scale * static_cast<float>(sample[i][f]) + job.shift;
  }
}

/// exp(x) for x <= 0, to about one unit in the last place; NaN stays NaN.
template <class Vec>
inline Vec exponential(Vec x) {
  x = Vec::max(Vec::set(-87.0f), x);
  const Vec n = Vec::round(Vec::mul(x, Vec::set(1.44269504f)));
  Vec r = Vec::fma(n, Vec::set(-0.693359375f), x);  // ln 2 in two parts: the first has few bits, n × it is exact
  r = Vec::fma(n, Vec::set(2.12194440e-4f), r);
  constexpr float kTaylor[] = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f};
  Vec p = Vec::set(1.0f / 5040);
  LAB_UNROLL for (int i = 0; i < 7; ++i) p = Vec::fma(p, r, Vec::set(kTaylor[i]));
  return Vec::timesPowerOfTwo(p, n);
}

template <class Vec>
void softmax(const SoftmaxJob& job) {
  for (int64_t lane = 0; lane < job.stride; lane += Vec::kLanes) {
    const Vec label = Vec::load(job.label + lane), share = Vec::load(job.share + lane);
    Vec top = Vec::load(job.logits + lane), ofLabel = top, answer = Vec::zero();
    for (int64_t c = 1; c < job.classes; ++c) {
      const Vec z = Vec::load(job.logits + c * job.stride + lane), number = Vec::set(static_cast<float>(c));
      const auto higher = z > top;
      top = Vec::select(higher, z, top);
      answer = Vec::select(higher, number, answer);
      ofLabel = Vec::select(label == number, z, ofLabel);
    }
    Vec sum = Vec::zero();
    for (int64_t c = 0; c < job.classes; ++c) {
      const Vec e = exponential(Vec::sub(Vec::load(job.logits + c * job.stride + lane), top));
      e.store(job.delta + c * job.stride + lane);
      sum = Vec::add(sum, e);
    }
    const Vec norm = Vec::div(share, sum);
    for (int64_t c = 0; c < job.classes; ++c) {
      Activation* at = job.delta + c * job.stride + lane;
      const Vec target = Vec::select(label == Vec::set(static_cast<float>(c)), share, Vec::zero());
      Vec::sub(Vec::mul(Vec::load(at), norm), target).store(at);
    }
    sum.store(job.exponentials + lane);
    Vec::sub(top, ofLabel).store(job.margin + lane);
    answer.store(job.answer + lane);
  }
}

template <class Vec>
constexpr Kernels kernelsOf(const char* name) {
  return {name,
          gather<Vec>,
          sparseForward<Vec>,
          sparseBackward<Vec>,
          sparseUpdate<Vec>,
          denseForward<Vec>,
          denseBackward<Vec>,
          denseGradient<Vec>,
          deltaSums<Vec>,
          update<Vec>,
          softmax<Vec>};
}

}  // namespace
}  // namespace lab::sparse
