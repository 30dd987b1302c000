#pragma once
// Stochastic gradient descent on consecutive weights, and the sums of deltas that are the gradients of biases.

#include "engines/sparse/kernel_common.h"

namespace lab::sparse {
namespace {

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

template <class Vec>
void deltaSums(const Batch& batch, Range rows, float* sums) {
  for (int64_t r = rows.begin; r < rows.end; ++r)
    sums[r] = deltaSum<Vec>(batch.delta + r * batch.stride, batch.stride);
}

}  // namespace
}  // namespace lab::sparse
