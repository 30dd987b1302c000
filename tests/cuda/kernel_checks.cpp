// Kernels against their references on the processor.

#include "engines/cuda/arena_state.h"
#include "engines/cuda/step_runner.h"
#include "engines/masked/optimizer.h"
#include "gpu_checks.h"
#include "network_fixture.h"

#include <ATen/ops/empty.h>

#include <cstring>

namespace lab::test {

namespace {

using namespace cuda;

template <class Value>
std::vector<Value> fromDevice(Device& device, const void* memory, size_t count) {
  const auto staging = device.pinned(count * sizeof(Value));
  device.download(staging.get(), memory, count * sizeof(Value));
  device.mark()->wait();
  std::vector<Value> values(count);
  std::memcpy(values.data(), staging.get(), count * sizeof(Value));
  return values;
}

template <class Value>
at::Tensor toDevice(Device& device, const std::vector<Value>& values) {
  const size_t bytes = values.size() * sizeof(Value);
  const at::Tensor memory = deviceBytes(where(device), static_cast<int64_t>(bytes));
  const auto staging = device.pinned(bytes);
  std::memcpy(staging.get(), values.data(), bytes);
  device.upload(memory.data_ptr(), staging.get(), bytes);
  device.mark()->wait();
  return memory;
}

/// Tables of one entry.
struct OneStep {
  at::Tensor entries, samples, progress;
  SpanTables tables;

  OneStep(Device& device, const StepEntry& entry, const std::vector<int32_t>& indices)
      : entries(toDevice(device, std::vector<StepEntry>{entry})),
        samples(toDevice(device, indices)),
        progress(toDevice(device, std::vector<Progress>(1))),
        tables{static_cast<const StepEntry*>(entries.data_ptr()), static_cast<const int32_t*>(samples.data_ptr()),
               static_cast<Progress*>(progress.data_ptr())} {}
};

/// The first images of a made data set as the gather kernel sees them without normalisation: u8 values, exactly.
void gathersAsTheProcessorDoes(const SharedDevice& device) {
  const auto scope = device->enter();
  const Shape shape{3, 13, 12};
  const auto data = syntheticDataset(shape, 4, 40, 4, 4, 9);
  const std::vector<float> identity{1, 1, 1, 0, 0, 0};
  const at::Tensor pixels = toDevice(*device, data->train.pixels), labels = toDevice(*device, data->train.labels),
                   scales = toDevice(*device, identity),
                   ratios = toDevice(*device, std::vector<int64_t>(aspectRatios().begin(), aspectRatios().end()));
  const std::vector<int32_t> samples = someSamples(40, 40, 3);
  for (const Crop crop : {Crop::None, Crop::Shifted, Crop::Resized})
    for (const bool reflect : {false, true}) {
      const Augmentation augmentation{crop, crop != Crop::None, reflect, 77};
      StepEntry entry;
      entry.epoch = 5;
      entry.seed = augmentation.seed;
      const OneStep step(*device, entry, samples);
      const auto count = static_cast<int64_t>(samples.size()), size = shape.size();
      const at::Tensor out = deviceBytes(where(*device), count * size * 4), seen = deviceBytes(where(*device), count * 2);
      GatherKernel kernel;
      kernel.images = {static_cast<const uint8_t*>(pixels.data_ptr()), static_cast<const Label*>(labels.data_ptr()),
                       static_cast<const float*>(scales.data_ptr()), static_cast<const float*>(scales.data_ptr()) + 3,
                       shape};
      kernel.tables = step.tables;
      kernel.aspectRatios = static_cast<const int64_t*>(ratios.data_ptr());
      kernel.augmentation = augmentation;
      kernel.augment = true;
      kernel.batch = count;
      kernel.out = {out.data_ptr(), false};
      kernel.labels = static_cast<Label*>(seen.data_ptr());
      device->launch(kernel, (count * shape.height * shape.width + kBlock - 1) / kBlock);
      const auto values = fromDevice<float>(*device, out.data_ptr(), static_cast<size_t>(count * size));
      const auto names = fromDevice<Label>(*device, seen.data_ptr(), samples.size());
      std::vector<uint8_t> image(static_cast<size_t>(size));
      for (size_t i = 0; i < samples.size(); ++i) {
        const auto sample = static_cast<size_t>(samples[i]);
        LAB_CHECK(names[i] == data->train.labels[sample]);
        augmentImage(augmentation, shape, 5, samples[i], data->train.pixels.data() + sample * image.size(), image.data());
        for (size_t p = 0; p < image.size(); ++p) {
          const size_t area = static_cast<size_t>(shape.height * shape.width), channel = p / area;
          LAB_CHECK(values[i * image.size() + p % area * 3 + channel] == static_cast<float>(image[p]));
        }
      }
    }
}

/// Losses and hits of the same logits in batches of some size.
Progress judged(Device& device, const std::vector<float>& logits, const std::vector<Label>& labels, int64_t classes,
                int64_t batch) {
  const auto count = static_cast<int64_t>(labels.size());
  const at::Tensor values = toDevice(device, logits), names = toDevice(device, labels);
  const at::Tensor loss = deviceBytes(where(device), count * 8), correct = deviceBytes(where(device), count * 8);
  const OneStep step(device, {}, {0});
  for (int64_t first = 0; first < count; first += batch) {
    LossKernel judge;
    judge.logits = {static_cast<float*>(values.data_ptr()) + first * classes, false};
    judge.labels = static_cast<const Label*>(names.data_ptr()) + first;
    judge.samples = judge.batch = std::min(batch, count - first);
    judge.classes = classes;
    judge.loss = static_cast<double*>(loss.data_ptr());
    judge.correct = static_cast<int64_t*>(correct.data_ptr());
    device.launch(BeginKernel{step.tables, 0}, 1);  // the only entry again
    device.launch(judge, (judge.batch + LossKernel::kSamples - 1) / LossKernel::kSamples);
    device.launch(AdvanceKernel{step.tables, judge.loss, judge.correct, judge.batch}, 1);
  }
  return fromDevice<Progress>(device, step.progress.data_ptr(), 1).front();
}

void sumsDoNotDependOnTheBatches(const SharedDevice& device) {
  const auto scope = device->enter();
  constexpr int64_t kClasses = 7, kCount = 1000;
  std::vector<float> logits;
  std::vector<Label> labels;
  for (int64_t i = 0; i < kCount * kClasses; ++i)
    logits.push_back(static_cast<float>(3 * normalAt({6, Purpose::Bootstrap, 0, 0}, static_cast<uint64_t>(i))));
  for (int64_t i = 0; i < kCount; ++i) labels.push_back(static_cast<Label>(i % kClasses));
  const Progress whole = judged(*device, logits, labels, kClasses, kCount);
  LAB_CHECK(whole.samples == kCount && whole.loss > kCount);
  for (const int64_t batch : {1, 7, 250, 999}) {
    const Progress parts = judged(*device, logits, labels, kClasses, batch);
    LAB_CHECK(parts.loss == whole.loss);
    LAB_CHECK(parts.correct == whole.correct && parts.samples == kCount);
  }
}

void optimizesAsTheProcessorDoes(const SharedDevice& device) {
  const auto scope = device->enter();
  const NetworkSpec network = residual();
  for (const bool adam : {false, true}) {
    Config config;
    config.optimizer = adam ? kAdam : kSgd;
    const OptimizerStep step = optimizerStep(config, 0.05, 3);
    const Arena arena(*device, planArena(network, true), adam, false);
    ArenaCopy before = copyOf(arena.plan(), randomState(network, 0.3, 4), adam, false);
    for (size_t i = 0; i < before.gradient.size(); ++i)
      before.gradient[i] = static_cast<float>(normalAt({4, Purpose::Bootstrap, 0, 0}, i));
    upload(*device, arena, before);
    StepEntry entry;
    entry.weights = step;
    const OneStep one(*device, entry, {0});
    device->launch(OptimizeKernel{arena.parameters(), one.tables, false}, arena.plan().blocks());
    const ArenaCopy after = download(*device, arena);

    masked::kPortableOptimizer.run({before.weight.data(), before.momentum.data(), before.secondMoment.data(),
                                    before.gradient.data(), before.active.data(), arena.plan().size()},
                                   step);
    for (size_t i = 0; i < before.weight.size(); ++i) {
      LAB_CHECK(std::abs(after.weight[i] - before.weight[i]) <= 1e-6f * (1 + std::abs(before.weight[i])));
      LAB_CHECK(std::abs(after.momentum[i] - before.momentum[i]) <= 1e-6f * (1 + std::abs(before.momentum[i])));
      LAB_CHECK(testBit(before.active.data(), static_cast<int64_t>(i)) || after.weight[i] == 0);
    }
    // What products are computed with: the same numbers, channels innermost.
    const auto compute = fromDevice<float>(*device, arena.parameters().compute.data, after.weight.size());
    for (const Segment& segment : arena.plan().segments)
      for (int64_t i = 0; i < segment.size; ++i)
        LAB_CHECK(compute[static_cast<size_t>(segment.begin + segment.computePlace(i))] ==
                  after.weight[static_cast<size_t>(segment.begin + i)]);
  }
}

void roundsToBfloat16AsLibTorchDoes(const SharedDevice&) {
  for (uint64_t i = 0; i < 100000; ++i) {
    const Block random = randomBlock({3, Purpose::Bootstrap, 0, 0}, i);
    float value = 0;
    std::memcpy(&value, &random[0], sizeof(value));
    Bfloat16 rounded{};
    store(value, rounded);
    const c10::BFloat16 theirs(value);
    LAB_CHECK(std::isnan(value) ? std::isnan(load(rounded)) : rounded.bits == theirs.x);
  }
}

}  // namespace

std::vector<GpuCheck> kernelChecks() {
  return {{"batches are gathered and augmented as the processor does it", gathersAsTheProcessorDoes},
          {"sums over samples do not depend on their batches", sumsDoNotDependOnTheBatches},
          {"the optimizer updates as the processor does it", optimizesAsTheProcessorDoes},
          {"bfloat16 is rounded as LibTorch does it", roundsToBfloat16AsLibTorchDoes}};
}

}  // namespace lab::test
