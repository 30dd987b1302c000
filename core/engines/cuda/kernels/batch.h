#pragma once
// The ends of a step: from images in memory to the network's input, and from its logits to loss and gradient.

#include "data/dataset.h"
#include "data/image_change.h"
#include "engines/cuda/kernels/arena.h"
#include "engines/cuda/kernels/step.h"
#include "engines/cuda/kernels/team.h"

#include <cmath>

namespace lab::cuda {

/// A split of the data set on the device.
struct Images {
  const uint8_t* pixels = nullptr;  ///< [count][channels][height][width]
  const Label* labels = nullptr;
  const float *scale = nullptr, *shift = nullptr;  ///< per channel: what a network sees is pixel × scale + shift
  Shape shape;
};

/// Gathers, crops, flips and normalises a batch of every run in one pass; a block writes kBlock pixels.
struct GatherKernel {
  using Shared = NothingShared;
  Images images;
  SpanTables tables;
  const int64_t* aspectRatios = nullptr;
  Augmentation augmentation;  ///< its seed is that of the entry
  bool augment = false;
  int64_t batch = 0;
  Numbers out;               ///< [runs × batch][height][width][channels]
  Label* labels = nullptr;   ///< [runs × batch]

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared&) const {
    const int64_t area = images.shape.height * images.shape.width, end = tables.runs * batch * area;
    for (int64_t i = block * kBlock + team.thread(); i < (block + 1) * kBlock && i < end; i += Team::kThreads)
      writePixel(i / area, i % area);
  }

 private:
  LAB_HD void writePixel(int64_t place, int64_t pixel) const {
    const int64_t run = tables.runs == 1 ? 0 : place / batch;
    const StepEntry& entry = tables.now(run);
    // An idle run has no samples; it gets some images all the same.
    const int64_t sample = entry.part == Part::Idle ? 0 : tables.samples[entry.firstSample + place - run * batch];
    const Shape shape = images.shape;
    const int64_t area = shape.height * shape.width;
    if (pixel == 0) labels[place] = images.labels[sample];
    const uint8_t* plane = images.pixels + sample * area * shape.channels;
    const ImageChange change = augment ? changeOf(keyedBy(entry), shape, entry.epoch, sample, aspectRatios)
                                       : ImageChange{0, 0, shape.height, shape.width, false};
    for (int64_t channel = 0; channel < shape.channels; ++channel, plane += area) {
      const uint8_t value =
          changedPixel(change, augmentation.reflect, shape, plane, pixel / shape.width, pixel % shape.width);
      out.set((place * area + pixel) * shape.channels + channel,
              static_cast<float>(value) * images.scale[channel] + images.shift[channel]);
    }
  }

  LAB_HD Augmentation keyedBy(const StepEntry& entry) const {
    Augmentation own = augmentation;
    own.seed = entry.seed;
    return own;
  }
};

/// Softmax cross-entropy against (1 - smoothing) of the label and smoothing / classes of every class; the gradient
/// of its mean. A thread a sample. The first of equal logits is the answer.
struct LossKernel {
  static constexpr int64_t kSamples = 256;  ///< a block
  using Shared = NothingShared;
  Numbers logits, delta;  ///< [samples][classes]; delta without data: not wanted
  const Label* labels = nullptr;
  int64_t samples = 0;  ///< of all runs
  int64_t batch = 0, classes = 0;
  double smoothing = 0;
  double* loss = nullptr;      ///< [samples], multiples of 2^-30
  int64_t* correct = nullptr;  ///< [samples], 0 or 1

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared&) const {
    for (int64_t i = block * kSamples + team.thread(); i < (block + 1) * kSamples && i < samples; i += Team::kThreads)
      judge(i);
  }

 private:
  LAB_HD void judge(int64_t sample) const {
    const int64_t row = sample * classes, label = labels[sample];
    int64_t top = 0;
    float largest = logits.at(row);
    for (int64_t c = 1; c < classes; ++c)
      if (const float logit = logits.at(row + c); logit > largest) {
        top = c;
        largest = logit;
      }
    float total = 0;
    double below = 0;  // Σ (largest - logit)
    for (int64_t c = 0; c < classes; ++c) {
      const float logit = logits.at(row + c);
      total += expf(logit - largest);
      below += static_cast<double>(largest) - static_cast<double>(logit);
    }
    const double ofAll = smoothing / static_cast<double>(classes);
    const double entropy = log(static_cast<double>(total)) + ofAll * below +
                           (1 - smoothing) * (static_cast<double>(largest) - static_cast<double>(logits.at(row + label)));
    loss[sample] = ldexp(nearbyint(ldexp(entropy, 30)), -30);
    correct[sample] = top == label;
    if (delta.data != nullptr) writeDelta(row, label, largest, total, static_cast<float>(ofAll));
  }

  LAB_HD void writeDelta(int64_t row, int64_t label, float largest, float total, float ofAll) const {
    const float share = 1.0f / static_cast<float>(batch);
    for (int64_t c = 0; c < classes; ++c) {
      const float ofLabel = c == label ? share * static_cast<float>(1 - smoothing) : 0.0f;
      delta.set(row + c, expf(logits.at(row + c) - largest) * (share / total) - share * ofAll - ofLabel);
    }
  }
};

/// A block a run at the end of a step: adds the batch up and moves on to the next entry.
struct AdvanceKernel {
  struct Shared {
    SumScratch<double> loss;
    SumScratch<int64_t> correct;
  };
  SpanTables tables;
  const double* loss = nullptr;
  const int64_t* correct = nullptr;
  int64_t batch = 0;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t run, Shared& shared) const {
    double losses = 0, totalLoss = 0;
    int64_t hits = 0, totalHits = 0;
    for (int64_t i = team.thread(); i < batch; i += Team::kThreads) {
      losses += loss[run * batch + i];
      hits += correct[run * batch + i];
    }
    exclusiveSum(team, shared.loss, losses, totalLoss);
    exclusiveSum(team, shared.correct, hits, totalHits);
    if (team.thread() != 0) return;
    const bool idle = tables.now(run).part == Part::Idle;
    Progress& progress = tables.progress[run];
    ++progress.step;
    if (idle) return;
    progress.loss += totalLoss;
    progress.correct += totalHits;
    progress.samples += batch;
  }
};

/// One block before the steps of a table: each run begins at its first entry, and its sums anew where that is asked.
struct BeginKernel {
  using Shared = NothingShared;
  SpanTables tables;
  uint64_t restarting = 0;  ///< runs

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t, Shared&) const {
    for (int64_t run = team.thread(); run < tables.runs; run += Team::kThreads) {
      if (hasRun(restarting, run)) tables.progress[run] = Progress{};
      tables.progress[run].step = 0;
    }
  }
};

}  // namespace lab::cuda
