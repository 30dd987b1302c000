#include "engines/cuda/step_runner.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <cstring>

namespace lab::cuda {

namespace {

constexpr size_t kMostRecorded = 16;  // each keeps memory for its activations

std::vector<float> normalisation(const Dataset& data) {
  std::vector<float> values;
  for (const float deviation : data.deviation) values.push_back(1.0f / (255.0f * deviation));
  for (size_t c = 0; c < data.mean.size(); ++c) values.push_back(-data.mean[c] / data.deviation[c]);
  return values;
}

}  // namespace

StepRunner::StepRunner(Device& device, const Arena& arena, const EngineSetup& setup, bool denseMomentum,
                       ImagePlace images)
    : device_(device),
      arena_(arena),
      spec_(setup.network),
      data_(setup.data),
      network_(spec_, arena),
      augmentation_(augmentationOf(setup.config)),
      shape_(data_->shape),
      classes_(data_->classes),
      labelSmoothing_(setup.config.label_smoothing),
      denseMomentum_(denseMomentum) {
  placeImages(images);
  int64_t most = 1;
  for (const Split split : {Split::Train, Split::Validation, Split::Test})
    most = std::max(most, data_->split(split).count);
  const std::vector<float> scales = normalisation(*data_);
  normalisation_ = copyOnDevice(device, std::as_bytes(std::span(scales)));
  aspectRatios_ = copyOnDevice(device, std::as_bytes(std::span(aspectRatios())));
  const int64_t runs = arena.runs();
  progress_ = deviceBytes(where(device), runs * static_cast<int64_t>(sizeof(Progress)));
  entries_ = deviceBytes(where(device), kMostEntries * static_cast<int64_t>(sizeof(StepEntry)));
  samples_ = deviceBytes(where(device), runs * most * static_cast<int64_t>(sizeof(int32_t)));
  partialNorms_ = deviceBytes(where(device), arena.blocks() * static_cast<int64_t>(sizeof(double)));
  statisticsBefore_ = at::empty_like(arena.statistics());
  leastEvaluationBatch_ = (runs * most + kMostEntries - 1) / (kMostEntries - runs);
  chooseEvaluationBatch();
  if (images == ImagePlace::Host)
    remarks_.emplace_back("the GPU has not enough free memory for the images: they stay in the computer's memory");
}

SpanTables StepRunner::tables() const {
  return {static_cast<const StepEntry*>(entries_.data_ptr()), static_cast<const int32_t*>(samples_.data_ptr()),
          progress(), arena_.runs()};
}

void StepRunner::load(const std::byte* staging, size_t entries, size_t samples, uint64_t restarting) {
  // A span too long for the tables goes on in the next filling: its sums stay, its entries are counted anew.
  restart(restarting);
  device_.upload(entries_.data_ptr(), staging, entries * sizeof(StepEntry));
  device_.upload(samples_.data_ptr(), staging + entries * sizeof(StepEntry), samples * sizeof(int32_t));
}

void StepRunner::restart(uint64_t runs) { device_.launch(BeginKernel{tables(), runs}, 1); }

void StepRunner::run(Kind kind, Split split, int64_t batch) {
  if (kind == Kind::Evaluate) return repeat(kind, split, batch);
  withLess([&] { repeat(kind, split, batch); });
}

void StepRunner::repeat(Kind kind, Split split, int64_t batch) {
  if (!records_) return firstTime(kind, split, batch);
  if (recorded_.size() >= kMostRecorded && !recorded_.contains({kind, split, batch})) {
    device_.mark()->wait();
    recorded_.clear();
  }
  const auto [found, first] = recorded_.try_emplace({kind, split, batch});
  if (first) return firstTime(kind, split, batch);
  if (found->second == nullptr) {
    if (memoryIsShort_) device_.releaseUnused();  // for what is recorded gets memory of its own
    found->second = device_.record([=, this] { step(kind, split, batch); });
  }
  found->second->run();
}

void StepRunner::firstTime(Kind kind, Split split, int64_t batch) {
  if (kind != Kind::Evaluate) statisticsBefore_.copy_(arena_.statistics());
  try {
    step(kind, split, batch);
  } catch (const c10::OutOfMemoryError&) {
    // Of what a step changes, only these are changed before its last allocation.
    if (kind != Kind::Evaluate) arena_.statistics().copy_(statisticsBefore_);
    throw;
  }
}

at::Tensor StepRunner::gather(const SpanTables& tables, Kind kind, Split split, const at::Tensor& labels,
                              int64_t batch) {
  const auto options = at::TensorOptions(arena_.precision()).device(where(device_));
  const int64_t images = arena_.runs() * batch;
  const at::Tensor out = at::empty({images, shape_.height, shape_.width, shape_.channels}, options);
  const StoredImages& from = images_.at(split);
  const auto* scale = static_cast<const float*>(normalisation_.data_ptr());
  GatherKernel kernel;
  kernel.images = {from.pixels(), from.labels(), scale, scale + shape_.channels, shape_};
  kernel.tables = tables;
  kernel.aspectRatios = static_cast<const int64_t*>(aspectRatios_.data_ptr());
  kernel.augmentation = augmentation_;
  kernel.augment = kind != Kind::Evaluate && augmentation_.changesImages();
  kernel.batch = batch;
  kernel.out = {out.data_ptr(), arena_.precision() == at::kBFloat16};
  kernel.labels = static_cast<Label*>(labels.data_ptr());
  device_.launch(kernel, (images * shape_.height * shape_.width + kBlock - 1) / kBlock);
  return out.permute({0, 3, 1, 2});
}

void StepRunner::step(Kind kind, Split split, int64_t batch) {
  const bool training = kind != Kind::Evaluate, bfloat16 = arena_.precision() == at::kBFloat16;
  const auto bytes = at::TensorOptions(at::kByte).device(where(device_));
  const int64_t samples = arena_.runs() * batch;
  const auto scratch = [&](size_t size) { return at::empty({samples * static_cast<int64_t>(size)}, bytes); };
  const at::Tensor labels = scratch(sizeof(Label)), loss = scratch(sizeof(double)), correct = scratch(sizeof(int64_t));
  const SpanTables tables = this->tables();

  const at::Tensor logits = network_.forward(gather(tables, kind, split, labels, batch), training);
  const at::Tensor delta = training ? at::empty(logits.sizes(), logits.options()) : at::Tensor();
  LossKernel judge;
  judge.logits = {logits.data_ptr(), bfloat16};
  if (training) judge.delta = {delta.data_ptr(), bfloat16};
  judge.labels = static_cast<const Label*>(labels.data_ptr());
  judge.samples = samples;
  judge.batch = batch;
  judge.classes = classes_;
  judge.smoothing = training ? labelSmoothing_ : 0;
  judge.loss = static_cast<double*>(loss.data_ptr());
  judge.correct = static_cast<int64_t*>(correct.data_ptr());
  device_.launch(judge, (samples + LossKernel::kSamples - 1) / LossKernel::kSamples);

  if (training) network_.backward(delta);
  if (kind == Kind::Train) optimize(tables);
  device_.launch(AdvanceKernel{tables, judge.loss, judge.correct, batch}, arena_.runs());
}

void StepRunner::optimize(const SpanTables& tables) {
  const Parameters p = arena_.parameters();
  const bool learns = p.thresholds != nullptr;
  auto* partial = static_cast<double*>(partialNorms_.data_ptr());
  if (learns) device_.launch(ThresholdGradientKernel{p, partial}, arena_.blocks());
  device_.launch(OptimizeKernel{p, tables, denseMomentum_}, arena_.blocks());
  if (!learns) return;
  device_.launch(ThresholdStepKernel{p, tables, partial}, static_cast<int64_t>(arena_.plan().segments.size()));
  device_.launch(RefreshKernel{p}, arena_.blocks());  // for the threshold has moved
}

void StepRunner::measureGradient(uint64_t measuring) {
  auto* partial = static_cast<double*>(partialNorms_.data_ptr());
  device_.launch(GradientNormKernel{arena_.parameters(), partial}, arena_.blocks());
  device_.launch(SumNormKernel{partial, arena_.plan().blocks(), progress(), measuring}, arena_.runs());
}

}  // namespace lab::cuda
