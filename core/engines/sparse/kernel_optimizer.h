#pragma once
// The optimizer on consecutive weights, and the sums of deltas that are the gradients of biases.

#include "engines/sparse/kernel_common.h"

namespace lab::sparse {
namespace {

template <class Vec>
inline float deltaSum(const Activation* delta, int64_t stride) {
  Vec sum = Vec::zero();
  for (int64_t lane = 0; lane < stride; lane += Vec::kLanes) sum = Vec::add(sum, Vec::load(delta + lane));
  return sum.sum();
}

/// One step of SGD or of Adam on a vector of weights, the constants in registers.
template <class Vec>
struct SgdVectors {
  static constexpr bool kSecondMoment = false;
  Vec weightDecay, momentum, gradientRate, momentumRate;
  explicit SgdVectors(const OptimizerStep& step)
      : weightDecay(Vec::set(step.weightDecay)),
        momentum(Vec::set(step.momentum)),
        gradientRate(Vec::set(-step.gradientRate)),
        momentumRate(Vec::set(-step.momentumRate)) {}

  void apply(Vec g, Vec& w, Vec& m, Vec&) const {
    g = Vec::fma(weightDecay, w, g);
    m = Vec::fma(momentum, m, g);
    w = Vec::fma(momentumRate, m, Vec::fma(gradientRate, g, w));
  }
};

template <class Vec>
struct AdamVectors {
  static constexpr bool kSecondMoment = true;
  Vec weightDecay, beta1, new1, beta2, new2, rate, rootScale, epsilon;
  explicit AdamVectors(const OptimizerStep& step)
      : weightDecay(Vec::set(step.weightDecay)),
        beta1(Vec::set(step.momentum)),
        new1(Vec::set(1 - step.momentum)),
        beta2(Vec::set(step.secondMomentum)),
        new2(Vec::set(1 - step.secondMomentum)),
        rate(Vec::set(step.momentumRate)),
        rootScale(Vec::set(step.rootScale)),
        epsilon(Vec::set(step.epsilon)) {}

  void apply(Vec g, Vec& w, Vec& m, Vec& v) const {
    g = Vec::fma(weightDecay, w, g);
    m = Vec::fma(beta1, m, Vec::mul(new1, g));
    v = Vec::fma(beta2, v, Vec::mul(new2, Vec::mul(g, g)));
    w = Vec::sub(w, Vec::div(Vec::mul(rate, m), Vec::fma(rootScale, Vec::root(v), epsilon)));
  }
};

/// body(rule): the optimizer's vectors for this step.
template <class Vec, class Body>
inline void withRule(const OptimizerStep& step, const Body& body) {
  if (step.adam)
    body(AdamVectors<Vec>(step));
  else
    body(SgdVectors<Vec>(step));
}

template <class Vec, class Rule>
inline void applyRule(const float* gradient, float* weight, const Moments& moments, int64_t n, const Rule& rule) {
  int64_t i = 0;
  for (; i + Vec::kLanes <= n; i += Vec::kLanes) {
    Vec w = Vec::load(weight + i), m = Vec::load(moments.first + i), v = Vec::zero();
    if constexpr (Rule::kSecondMoment) v = Vec::load(moments.second + i);
    rule.apply(Vec::load(gradient + i), w, m, v);
    w.store(weight + i);
    m.store(moments.first + i);
    if constexpr (Rule::kSecondMoment) v.store(moments.second + i);
  }
  if (const int rest = static_cast<int>(n - i); rest > 0) {
    Vec w = Vec::loadPart(weight + i, rest), m = Vec::loadPart(moments.first + i, rest), v = Vec::zero();
    if constexpr (Rule::kSecondMoment) v = Vec::loadPart(moments.second + i, rest);
    rule.apply(Vec::loadPart(gradient + i, rest), w, m, v);
    w.storePart(weight + i, rest);
    m.storePart(moments.first + i, rest);
    if constexpr (Rule::kSecondMoment) v.storePart(moments.second + i, rest);
  }
}

template <class Vec>
void update(const float* gradient, float* weight, const Moments& moments, int64_t n, const OptimizerStep& step) {
  withRule<Vec>(step, [&](const auto& rule) { applyRule<Vec>(gradient, weight, moments, n, rule); });
}

template <class Vec>
void deltaSums(const Batch& batch, Range rows, float* sums) {
  for (int64_t r = rows.begin; r < rows.end; ++r)
    sums[r] = deltaSum<Vec>(batch.delta + r * batch.stride, batch.stride);
}

}  // namespace
}  // namespace lab::sparse
