#pragma once
// Steps of training and evaluation, from sample indices in the tables of a span to updated weights: recorded the second
// time that a kind of step with a batch of some size comes, and repeated from then on.

#include "engines/cuda/network.h"
#include "engines/engine.h"

#include <map>
#include <memory>
#include <tuple>
#include <vector>

namespace lab::cuda {

class StepRunner {
 public:
  StepRunner(Device& device, const Arena& arena, const EngineSetup& setup, bool denseMomentum);

  static constexpr int64_t kMostEntries = 1 << 15;  ///< of a span's tables

  /// Fills the tables for the steps to come. `staging`: pinned memory of stagingBytes() that holds the entries, those of
  /// all runs for a step beside each other, then the samples; in use until the device has come so far. `restarting`:
  /// runs whose sums begin anew.
  void load(const std::byte* staging, size_t entries, size_t samples, uint64_t restarting);
  void restart(uint64_t runs);  ///< their sums alone
  static size_t stagingBytes(size_t entries, size_t samples) {
    return entries * sizeof(StepEntry) + samples * sizeof(int32_t);
  }
  int64_t mostSamples() const { return samples_.numel() / static_cast<int64_t>(sizeof(int32_t)); }

  enum class Kind { Train, Gradient, Evaluate };  ///< Gradient: training without the optimizer

  /// The next step of every run, each with `batch` samples.
  void run(Kind kind, Split split, int64_t batch);

  /// Sums g² over the active weights as they are now into the progress of the `measuring` runs.
  void measureGradient(uint64_t measuring = 1);

  Progress* progress() const { return static_cast<Progress*>(progress_.data_ptr()); }  ///< [runs]

  /// How many samples a batch of evaluation should have.
  int64_t evaluationBatch() const { return evaluationBatch_; }

 private:
  struct DeviceImages {
    at::Tensor pixels, labels;
  };
  void step(Kind kind, Split split, int64_t batch);
  at::Tensor gather(const SpanTables& tables, Kind kind, Split split, const at::Tensor& labels, int64_t batch);
  SpanTables tables() const;

  Device& device_;
  const Arena& arena_;
  Network network_;
  Augmentation augmentation_;
  Shape shape_;
  int64_t classes_;
  double labelSmoothing_;
  bool denseMomentum_;
  int64_t evaluationBatch_;
  std::map<Split, DeviceImages> images_;
  at::Tensor normalisation_, aspectRatios_;  ///< scale then shift of each channel
  at::Tensor progress_, entries_, samples_, partialNorms_;
  std::map<std::tuple<Kind, Split, int64_t>, std::unique_ptr<Replay>> recorded_;  ///< null: done once
};

}  // namespace lab::cuda
