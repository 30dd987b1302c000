#pragma once
// Both ends of a step: pixels to activations, logits to loss and deltas.

#include "engines/sparse/kernel_common.h"

namespace lab::sparse {
namespace {

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
  const Vec ofLabel = Vec::set(1 - job.smoothing), ofAll = Vec::set(job.smoothing / static_cast<float>(job.classes));
  for (int64_t lane = 0; lane < job.stride; lane += Vec::kLanes) {
    const Vec label = Vec::load(job.label + lane), share = Vec::load(job.share + lane);
    Vec top = Vec::load(job.logits + lane), labelled = top, answer = Vec::zero();
    for (int64_t c = 1; c < job.classes; ++c) {
      const Vec z = Vec::load(job.logits + c * job.stride + lane), number = Vec::set(static_cast<float>(c));
      const auto higher = z > top;
      top = Vec::select(higher, z, top);
      answer = Vec::select(higher, number, answer);
      labelled = Vec::select(label == number, z, labelled);
    }
    Vec sum = Vec::zero(), below = Vec::zero();
    for (int64_t c = 0; c < job.classes; ++c) {
      const Vec down = Vec::sub(Vec::load(job.logits + c * job.stride + lane), top);
      const Vec e = exponential(down);
      e.store(job.delta + c * job.stride + lane);
      sum = Vec::add(sum, e);
      below = Vec::sub(below, down);
    }
    const Vec norm = Vec::div(share, sum);
    const Vec other = Vec::mul(share, ofAll), own = Vec::fma(share, ofLabel, other);
    for (int64_t c = 0; c < job.classes; ++c) {
      Activation* at = job.delta + c * job.stride + lane;
      const Vec target = Vec::select(label == Vec::set(static_cast<float>(c)), own, other);
      Vec::sub(Vec::mul(Vec::load(at), norm), target).store(at);
    }
    sum.store(job.exponentials + lane);
    Vec::fma(ofAll, below, Vec::mul(ofLabel, Vec::sub(top, labelled))).store(job.margin + lane);
    answer.store(job.answer + lane);
  }
}

}  // namespace
}  // namespace lab::sparse
