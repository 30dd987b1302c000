#pragma once
// The optimizer over all tensors in one launch: mask bit, weight decay, moments, weight, and the copy that products
// are computed with. The arithmetic of OptimizerStep.

#include "engines/cuda/kernels/arena.h"
#include "engines/cuda/kernels/step.h"
#include "engines/cuda/kernels/team.h"

#include <cmath>

namespace lab::cuda {

/// A layer's learned threshold is sigmoid(parameter).
struct Threshold {
  float parameter = 0, momentum = 0;
};

/// All parameters; arrays have one value an element of the arena.
struct Parameters {
  const Segment* segments = nullptr;
  const int32_t* segmentOf = nullptr;  ///< of each block
  float* weight = nullptr;
  float* momentum = nullptr;
  float* secondMoment = nullptr;  ///< null unless the optimizer is Adam
  float* gradient = nullptr;
  uint64_t* active = nullptr;  ///< padding is never active; what no mask covers always is
  uint64_t* explored = nullptr;
  Numbers compute;  ///< weights in the precision and order of products
  Threshold* thresholds = nullptr;  ///< [layers]; null: none are learned

  /// Whether a weight is trained wherever it is, and what lies below a threshold counts as zero.
  LAB_HD bool learnsThreshold(const Segment& segment) const { return thresholds != nullptr && segment.layer >= 0; }

  /// Precondition: the layer learns one. 0 for what is no layer's weights.
  LAB_HD float threshold(const Segment& segment) const {
    return segment.layer < 0 ? 0.0f : 1 / (1 + expf(-thresholds[segment.layer].parameter));
  }

  /// Copies an element to where products find it.
  LAB_HD void refresh(const Segment& segment, float threshold, int64_t i) const {
    float value = weight[i];
    if (learnsThreshold(segment)) {
      const float above = fabsf(value) - threshold;
      value = above > 0 ? (value < 0 ? -above : above) : 0.0f;
    }
    compute.set(segment.begin + segment.computePlace(i - segment.begin), value);
  }
};

struct OptimizeKernel {
  using Shared = NothingShared;
  Parameters p;
  SpanTables tables;
  bool denseMomentum = false;  ///< inactive weights have momentum too

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared&) const {
    const Segment& segment = p.segments[p.segmentOf[block]];
    const StepEntry& entry = tables.now(segment.run);
    if (entry.part != Part::Train) return;
    OptimizerStep step = entry.weights;
    if (!segment.decays) step.weightDecay = 0;
    const bool learns = p.learnsThreshold(segment);
    const float threshold = learns ? p.threshold(segment) : 0.0f;
    for (int64_t i = block * kBlock + team.thread(); i < (block + 1) * kBlock; i += Team::kThreads) {
      if (learns ? i < segment.begin + segment.size : testBit(p.active, i))
        update(segment, step, i, learns && fabsf(p.weight[i]) <= threshold ? 0.0f : p.gradient[i]);
      else if (denseMomentum && i < segment.begin + segment.size)
        p.momentum[i] = step.momentum * p.momentum[i] + (step.adam ? 1 - step.momentum : 1.0f) * p.gradient[i];
    }
  }

 private:
  LAB_HD void update(const Segment& segment, const OptimizerStep& step, int64_t i, float gradient) const {
    const float g = gradient + step.weightDecay * p.weight[i];
    if (step.adam) {
      p.momentum[i] = step.momentum * p.momentum[i] + (1 - step.momentum) * g;
      p.secondMoment[i] = step.secondMomentum * p.secondMoment[i] + (1 - step.secondMomentum) * g * g;
      p.weight[i] -= step.momentumRate * p.momentum[i] / (step.rootScale * sqrtf(p.secondMoment[i]) + step.epsilon);
    } else {
      p.momentum[i] = step.momentum * p.momentum[i] + g;
      p.weight[i] -= step.gradientRate * g + step.momentumRate * p.momentum[i];
    }
    p.compute.set(segment.begin + segment.computePlace(i - segment.begin), p.weight[i]);
  }
};

/// Writes the compute copy of every weight, active or not.
struct RefreshKernel {
  using Shared = NothingShared;
  Parameters p;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared&) const {
    const Segment& segment = p.segments[p.segmentOf[block]];
    const int64_t end = segment.begin + segment.size;
    const float threshold = p.learnsThreshold(segment) ? p.threshold(segment) : 0.0f;
    for (int64_t i = block * kBlock + team.thread(); i < (block + 1) * kBlock && i < end; i += Team::kThreads)
      p.refresh(segment, threshold, i);
  }
};

/// Σ g² over the active weights of masked layers, a partial sum a block.
struct GradientNormKernel {
  struct Shared {
    SumScratch<double> sums;
  };
  Parameters p;
  double* partial = nullptr;  ///< one a block

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared& shared) const {
    const bool masked = p.segments[p.segmentOf[block]].layer >= 0;
    double sum = 0, total = 0;
    for (int64_t i = block * kBlock + team.thread(); masked && i < (block + 1) * kBlock; i += Team::kThreads)
      if (testBit(p.active, i)) sum += static_cast<double>(p.gradient[i]) * static_cast<double>(p.gradient[i]);
    exclusiveSum(team, shared.sums, sum, total);
    if (team.thread() == 0) partial[block] = total;
  }
};

/// A block a run: the sum of its partial sums, for the runs that measure.
struct SumNormKernel {
  struct Shared {
    SumScratch<double> sums;
  };
  const double* partial = nullptr;
  int64_t count = 0;  ///< a run
  Progress* progress = nullptr;
  uint64_t measuring = 1;  ///< runs

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t run, Shared& shared) const {
    if (!hasRun(measuring, run)) return;
    double sum = 0, total = 0;
    for (int64_t i = team.thread(); i < count; i += Team::kThreads) sum += partial[run * count + i];
    exclusiveSum(team, shared.sums, sum, total);
    if (team.thread() == 0) progress[run].squaredGradient = total;
  }
};

}  // namespace lab::cuda
