#pragma once
// Learned thresholds (STR; Kusupati et al. 2020, equations 4 to 6): every weight of a layer is trained, products are
// computed with sign(w) max(0, |w| - sigmoid(s)), and s is trained with w. The arithmetic of masked/learned_threshold.

#include "engines/cuda/kernels/optimizer.h"

namespace lab::cuda {

/// ∂L/∂(threshold) of masked layers, a partial sum a block. Before the weights move.
struct ThresholdGradientKernel {
  struct Shared {
    SumScratch<double> sums;
  };
  Parameters p;
  double* partial = nullptr;  ///< one a block

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared& shared) const {
    const Segment& segment = p.segments[p.segmentOf[block]];
    const float threshold = p.threshold(segment);
    const int64_t end = segment.begin + segment.size;
    double sum = 0, total = 0;
    for (int64_t i = block * kBlock + team.thread(); segment.layer >= 0 && i < (block + 1) * kBlock && i < end;
         i += Team::kThreads)
      if (fabsf(p.weight[i]) > threshold)
        sum -= static_cast<double>(p.weight[i] < 0 ? -p.gradient[i] : p.gradient[i]);
    exclusiveSum(team, shared.sums, sum, total);
    if (team.thread() == 0) partial[block] = total;
  }
};

/// A block a segment: moves the layer's s as the optimizer moves a weight. After the weights have moved.
struct ThresholdStepKernel {
  struct Shared {
    SumScratch<double> sums;
  };
  Parameters p;
  SpanTables tables;
  const double* partial = nullptr;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t index, Shared& shared) const {
    const Segment& segment = p.segments[index];
    const StepEntry& entry = tables.now(segment.run);
    if (segment.layer < 0 || entry.part != Part::Train) return;
    double sum = 0, total = 0;
    for (int64_t b = team.thread(); b < segment.blocks; b += Team::kThreads) sum += partial[segment.firstBlock + b];
    exclusiveSum(team, shared.sums, sum, total);
    if (team.thread() != 0) return;
    const float threshold = p.threshold(segment);
    Threshold& learned = p.thresholds[segment.layer];
    const float g =
        static_cast<float>(total) * threshold * (1 - threshold) + entry.weights.weightDecay * learned.parameter;
    learned.momentum = entry.weights.momentum * learned.momentum + g;
    learned.parameter -= entry.weights.gradientRate * g + entry.weights.momentumRate * learned.momentum;
  }
};

/// A block a block of the arena: the masks become where |w| lies above the threshold; what changed is written down.
struct FollowThresholdKernel {
  using Shared = NothingShared;
  Parameters p;
  uint64_t *dropped = nullptr, *grown = nullptr;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared&) const {
    const Segment& segment = p.segments[p.segmentOf[block]];
    for (int64_t w = block * (kBlock / kWord) + team.thread(); w < (block + 1) * (kBlock / kWord); w += Team::kThreads) {
      const uint64_t before = p.active[w], now = segment.layer < 0 ? before : above(segment, w);
      dropped[w] = before & ~now;
      grown[w] = now & ~before;
      p.active[w] = now;
      p.explored[w] |= now;
    }
  }

 private:
  LAB_HD uint64_t above(const Segment& segment, int64_t word) const {
    const float threshold = p.threshold(segment);
    uint64_t bits = 0;
    for (int64_t b = 0; b < kWord; ++b)
      if (const int64_t i = word * kWord + b; i < segment.begin + segment.size && fabsf(p.weight[i]) > threshold)
        bits |= uint64_t{1} << b;
    return bits;
  }
};

}  // namespace lab::cuda
