// What a StepRunner does about the memory of its device: how much it takes, and how it manages with less.

#include "engines/cuda/step_runner.h"

#include <algorithm>

namespace lab::cuda {

namespace {

constexpr int64_t kEvaluationBatch = 1000;
constexpr int64_t kEvaluationActivations = 1 << 28;
/// Below it evaluation gets slow, so that other things are tried first.
constexpr int64_t kSlowEvaluationBatch = 128;

int64_t activationsPerSample(const NetworkSpec& network) {
  int64_t activations = 0;
  for (const Shape& shape : inferShapes(network).take()) activations += shape.size();
  return activations;
}

}  // namespace

void StepRunner::placeImages(ImagePlace place) {
  std::map<Split, StoredImages> images;
  for (const Split split : {Split::Train, Split::Validation, Split::Test})
    images.emplace(split, StoredImages(device_, data_->split(split), place));
  images_ = std::move(images);
  place_ = place;
}

/// At most half of what is free now: training needs its share, too. An output goes when it has been read for the last
/// time, so that all of them together are more than evaluation needs.
void StepRunner::chooseEvaluationBatch() {
  const auto batchOf = [&](int64_t activations) {
    return std::clamp(activations / (arena_.runs() * activationsPerSample(spec_)), leastEvaluationBatch_,
                      std::max(leastEvaluationBatch_, kEvaluationBatch));
  };
  const int64_t usual = batchOf(kEvaluationActivations);
  evaluationBatch_ = usual;
  const auto free = device_.freeBytes();
  if (!free) return;
  const auto size = static_cast<int64_t>(c10::elementSize(arena_.precision()));
  evaluationBatch_ = std::min(usual, batchOf(*free / 2 / size));
  if (evaluationBatch_ < usual)
    remarks_.push_back("the GPU has little free memory: evaluation takes " + std::to_string(evaluationBatch_) +
                       " samples at a time");
}

bool StepRunner::askForLess() {
  device_.mark()->wait();  // what goes may still be in use
  letGo();
  if (takeNextMeasure()) return true;
  // Others use the device as well: what did not suffice a moment ago may suffice now, once.
  return !std::exchange(triedAtTheEnd_, true);
}

/// What was recorded, what a pass that ended early has kept, and what LibTorch keeps for later.
void StepRunner::letGo() {
  recorded_.clear();
  network_ = Network(spec_, arena_);
  device_.releaseUnused();
}

/// From what costs little to what costs much. False: nothing is left.
bool StepRunner::takeNextMeasure() {
  if (!std::exchange(memoryIsShort_, true)) {
    remarks_.emplace_back("the GPU's memory ran out: what was kept for later was given back");
  } else if (evaluationBatch_ > std::max(kSlowEvaluationBatch, leastEvaluationBatch_)) {
    halveEvaluationBatch();
  } else if (place_ == ImagePlace::Device) {
    placeImages(ImagePlace::Host);
    device_.releaseUnused();
    remarks_.emplace_back("the GPU's memory ran out: the images stay in the computer's memory");
  } else if (evaluationBatch_ > leastEvaluationBatch_) {
    halveEvaluationBatch();
  } else if (std::exchange(records_, false)) {
    remarks_.emplace_back("the GPU's memory ran out: steps are no longer recorded, which makes them slower");
  } else {
    return false;
  }
  return true;
}

void StepRunner::halveEvaluationBatch() {
  evaluationBatch_ = std::max(evaluationBatch_ / 2, leastEvaluationBatch_);
  remarks_.push_back("the GPU's memory ran out: evaluation takes " + std::to_string(evaluationBatch_) +
                     " samples at a time");
}

}  // namespace lab::cuda
