#pragma once
// Steps of training and evaluation, from sample indices in the tables of a span to updated weights: recorded the second
// time that a kind of step with a batch of some size comes, and repeated from then on.
//
// Where memory runs out, it asks for less in ways that leave weights and masks as they would have been; only what an
// evaluation sums may differ in the last digits, because LibTorch may multiply matrices of other sizes in another order.

#include "engines/cuda/images.h"
#include "engines/cuda/network.h"
#include "engines/engine.h"

#include <c10/util/Exception.h>

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace lab::cuda {

class StepRunner {
 public:
  StepRunner(Device& device, const Arena& arena, const EngineSetup& setup, bool denseMomentum, ImagePlace images);

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

  /// The next step of every run, each with `batch` samples. A training step asks for less memory by itself; an
  /// evaluation throws c10::OutOfMemoryError: see withLess().
  void run(Kind kind, Split split, int64_t batch);

  /// Sums g² over the active weights as they are now into the progress of the `measuring` runs.
  void measureGradient(uint64_t measuring = 1);

  Progress* progress() const { return static_cast<Progress*>(progress_.data_ptr()); }  ///< [runs]

  /// How many samples a batch of evaluation should have. withLess() may change it.
  int64_t evaluationBatch() const { return evaluationBatch_; }

  /// Calls `work`, and while it throws c10::OutOfMemoryError and less can be asked for, calls it again.
  template <class Work>
  void withLess(Work work) {
    while (true) {
      try {
        work();
        triedAtTheEnd_ = false;
        return;
      } catch (const c10::OutOfMemoryError&) {
        if (!askForLess()) throw;
      }
    }
  }

  /// What less was asked for since it was asked last, a sentence each.
  std::vector<std::string> takeRemarks() { return std::exchange(remarks_, {}); }

 private:
  // step_memory.cpp
  void placeImages(ImagePlace place);
  void chooseEvaluationBatch();
  bool askForLess();
  bool takeNextMeasure();
  void letGo();
  void halveEvaluationBatch();

  void repeat(Kind kind, Split split, int64_t batch);
  void firstTime(Kind kind, Split split, int64_t batch);
  void step(Kind kind, Split split, int64_t batch);
  void optimize(const SpanTables& tables);
  at::Tensor gather(const SpanTables& tables, Kind kind, Split split, const at::Tensor& labels, int64_t batch);
  SpanTables tables() const;

  Device& device_;
  const Arena& arena_;
  NetworkSpec spec_;
  std::shared_ptr<const Dataset> data_;
  Network network_;
  Augmentation augmentation_;
  Shape shape_;
  int64_t classes_;
  double labelSmoothing_;
  bool denseMomentum_;
  int64_t evaluationBatch_ = 1, leastEvaluationBatch_ = 1;
  ImagePlace place_ = ImagePlace::Device;
  std::map<Split, StoredImages> images_;
  at::Tensor normalisation_, aspectRatios_;  ///< scale then shift of each channel
  at::Tensor progress_, entries_, samples_, partialNorms_;
  at::Tensor statisticsBefore_;  ///< the running ones before a step that is not a repetition
  std::map<std::tuple<Kind, Split, int64_t>, std::unique_ptr<Replay>> recorded_;  ///< null: done once
  bool memoryIsShort_ = false, records_ = true, triedAtTheEnd_ = false;
  std::vector<std::string> remarks_;
};

}  // namespace lab::cuda
