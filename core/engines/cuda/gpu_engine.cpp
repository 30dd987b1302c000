#include "engines/cuda/gpu_engine.h"

#include "engines/cuda/arena_state.h"
#include "engines/cuda/device_topology.h"
#include "engines/cuda/failures.h"
#include "engines/cuda/flight.h"
#include "engines/cuda/host_topology.h"
#include "engines/cuda/step_runner.h"

#include <c10/core/InferenceMode.h>

#include <cstring>
#include <deque>
#include <type_traits>

namespace lab::cuda {

namespace {

class GpuEngine final : public Engine {
 public:
  GpuEngine(const EngineSetup& setup, std::shared_ptr<Device> device, ImagePlace images)
      : device_(std::move(device)),
        data_(setup.data),
        config_(setup.config),
        layers_(weightLayers(setup.network)),
        learns_(learnsThresholds(config_)),
        denseMomentum_(learns_ || needsDenseMomentum(config_)),
        arena_(*device_, planArena(setup.network, config_.weight_decay_on_norms), config_.optimizer == kAdam,
               config_.precision == kBfloat16, 1, learns_),
        runner_(*device_, arena_, setup, denseMomentum_, images),
        topology_(*device_, arena_, denseMomentum_) {}

  ~GpuEngine() override {
    if (flights_.empty()) return;
    try {
      device_->mark()->wait();  // it still writes into memory of ours
    } catch (const std::exception&) {
      // A device that has failed writes no more; the failure was told where it happened.
    }
  }

  int spansInFlight() const override { return kInFlight; }

  std::vector<std::string> takeRemarks() override { return runner_.takeRemarks(); }

  void submit(const Span& span) override {
    onDevice([&] {
      auto taken = idle_.take();
      Flight& flight = *taken;
      enqueueSteps(span, flight);
      if (span.topology) update(*span.topology, flight);
      readOut(*device_, runner_.progress(), flight);
      flight.done = device_->mark();
      flights_.push_back(std::move(taken));  // one that failed is not to be collected
    });
  }

  SpanResult collect() override {
    return onDevice([&] {
      std::unique_ptr<Flight> flight = std::move(flights_.front());
      flights_.pop_front();
      SpanResult result = resultOf(*device_, topology_, *flight);
      idle_.put(std::move(flight));
      return result;
    });
  }

  Sums evaluate(Split split) override {
    return onDevice([&] {
      auto flight = idle_.take();
      runner_.withLess([&] { enqueueEvaluation(split, *flight); });
      readOut(*device_, runner_.progress(), *flight);
      flight->done = device_->mark();
      const Sums sums = sumsOf(progressOf(*device_, *flight));
      idle_.put(std::move(flight));
      return sums;
    });
  }

  EngineState state() override {
    return onDevice([&] {
      EngineState state = stateOf(arena_.plan(), download(*device_, arena_), denseMomentum_);
      state.dropThreshold = counts_.dropThreshold;
      state.optimizerSteps = optimizerSteps_;
      return state;
    });
  }

  void restore(const EngineState& state) override {
    onDevice([&] {
      ArenaCopy copy = copyOf(arena_.plan(), state, config_.optimizer == kAdam, denseMomentum_);
      if (learns_) placeThresholds(copy, state, static_cast<float>(config_.threshold_start));
      upload(*device_, arena_, copy);
      optimizerSteps_ = state.optimizerSteps;
      counts_ = countsOf(state);
    });
  }

 private:
  template <class Work>
  std::invoke_result_t<Work> onDevice(Work&& work) {
    return withTypedFailures([&] {
      const c10::InferenceMode noAutograd;
      const auto scope = device_->enter();
      return work();
    });
  }

  /// Puts entries and samples where the device finds them. `offset`: into the flight's staging memory; returns the
  /// bytes used.
  size_t load(Flight& flight, size_t offset, const std::vector<StepEntry>& entries,
              const std::vector<int32_t>& samples, uint64_t restarting) {
    const size_t bytes = StepRunner::stagingBytes(entries.size(), samples.size());
    std::byte* staging = flight.tables.of(*device_, offset + bytes) + offset;
    std::memcpy(staging, entries.data(), entries.size() * sizeof(StepEntry));
    std::memcpy(staging + entries.size() * sizeof(StepEntry), samples.data(), samples.size() * sizeof(int32_t));
    runner_.load(staging, entries.size(), samples.size(), restarting);
    return (bytes + 63) / 64 * 64;
  }

  void enqueueEvaluation(Split split, Flight& flight) {
    const int64_t count = data_->split(split).count, batch = runner_.evaluationBatch();
    std::vector<StepEntry> entries;
    for (int64_t first = 0; first < count; first += batch) {
      entries.emplace_back();
      entries.back().firstSample = first;
    }
    std::vector<int32_t> samples;
    for (int64_t i = 0; i < count; ++i) samples.push_back(static_cast<int32_t>(i));
    load(flight, 0, entries, samples, kOnlyRun);
    for (int64_t first = 0; first < count; first += batch)
      runner_.run(StepRunner::Kind::Evaluate, split, std::min(batch, count - first));
  }

  void enqueueSteps(const Span& span, Flight& flight) {
    const bool replaces = span.topology && span.topology->order == UpdateOrder::Rigl;
    // All of a span's staging at once: it must not move while parts of it are in use.
    size_t bytes = 0, samples = 0;
    for (const PlannedStep& step : span.steps) samples += step.samples.size();
    bytes = StepRunner::stagingBytes(span.steps.size(), samples) + 64 * (1 + span.steps.size() / kFilling);
    flight.tables.of(*device_, bytes);
    size_t offset = 0;
    if (span.steps.empty()) load(flight, 0, {}, {}, kOnlyRun);
    for (size_t first = 0; first < span.steps.size(); first += kFilling) {
      const size_t count = std::min(kFilling, span.steps.size() - first);
      offset += enqueue(std::span(span.steps).subspan(first, count), flight, offset, first == 0 ? kOnlyRun : 0,
                        replaces && first + count == span.steps.size());
    }
  }

  static constexpr size_t kFilling = StepRunner::kMostEntries;
  static constexpr uint64_t kOnlyRun = 1;

  size_t enqueue(std::span<const PlannedStep> steps, Flight& flight, size_t offset, uint64_t restarting,
                 bool lastReplaced) {
    std::vector<StepEntry> entries;
    std::vector<int32_t> samples;
    for (const PlannedStep& step : steps) {
      const bool optimizes = !(lastReplaced && &step == &steps.back());
      if (optimizes) ++optimizerSteps_;
      entries.push_back({optimizerStep(config_, step.learningRate, optimizerSteps_), step.epoch,
                         static_cast<int64_t>(samples.size()), static_cast<uint64_t>(config_.seed)});
      samples.insert(samples.end(), step.samples.begin(), step.samples.end());
    }
    const size_t used = load(flight, offset, entries, samples, restarting);
    for (const PlannedStep& step : steps) {
      const bool optimizes = !(lastReplaced && &step == &steps.back());
      runner_.run(optimizes ? StepRunner::Kind::Train : StepRunner::Kind::Gradient, Split::Train,
                  static_cast<int64_t>(step.samples.size()));
      if (!step.measure) continue;
      runner_.measureGradient();
      flight.measured = true;
    }
    return used;
  }

  void update(const TopologyPlan& plan, Flight& flight) {
    flight.event = TopologyEvent{plan.update, plan.step, plan.pruneRate, {}};
    if (learns_) {
      topology_.follow();
      readChanges(flight);
    } else if (topology_.serves(plan)) {
      const RunUpdate own{0, &plan, counts_.active};
      topology_.update({&own, 1}, flight.updates.of(*device_, topology_.stagingBytes()));
      readChanges(flight);
    } else {
      updateOnHost(plan, flight);
    }
  }

  void readChanges(Flight& flight) {
    topology_.download(flight.changes.of(*device_, topology_.wordBytes()));
    flight.changesOnDevice = true;
  }

  void updateOnHost(const TopologyPlan& plan, Flight& flight) {
    flight.event = chooseOnHost(plan, *device_, arena_, 0, layers_, denseMomentum_, counts_);
    topology_.exchange(*flight.event, flight.updates.of(*device_, topology_.stagingBytes()));
  }

  std::shared_ptr<Device> device_;
  std::shared_ptr<const Dataset> data_;
  Config config_;
  std::vector<WeightLayer> layers_;
  bool learns_, denseMomentum_;
  Arena arena_;
  StepRunner runner_;
  DeviceTopology topology_;
  TopologyCounts counts_;
  int64_t optimizerSteps_ = 0;
  std::deque<std::unique_ptr<Flight>> flights_;
  IdleFlights idle_;
};

}  // namespace

bool learnsThresholds(const Config& config) {
  const auto rules = rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope});
  return rules && rules.value().drop == DropRule::Learned;
}

bool needsDenseMomentum(const Config& config) {
  const auto rules = rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope});
  return rules && rules.value().needsDenseMomentum();
}

std::unique_ptr<Engine> makeGpuEngine(const EngineSetup& setup, std::shared_ptr<Device> device) {
  return withTypedFailures([&] {
    const c10::InferenceMode noAutograd;
    const auto scope = device->enter();
    return whereImagesFit(*device, [&](ImagePlace images) -> std::unique_ptr<Engine> {
      return std::make_unique<GpuEngine>(setup, device, images);
    });
  });
}

std::string gpuRefusal(const NetworkSpec& network, const Config& config) {
  if (config.semantics != "exact") return "official semantics are those of the masked engine";
  if (learnsThresholds(config) && config.optimizer == kAdam) return "learned thresholds are trained by SGD";
  if (const auto shapes = inferShapes(network); !shapes) return describe(shapes.problems());
  if (weightLayers(network).empty()) return "network '" + network.name + "' has no weights to train";
  return {};
}

}  // namespace lab::cuda
