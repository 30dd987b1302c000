#include "engines/cuda/packed_engine.h"

#include "engines/cuda/failures.h"
#include "engines/cuda/gpu_engine.h"
#include "engines/cuda/packed_group.h"
#include "engines/cuda/packed_linear.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <stdexcept>

namespace lab::cuda {

namespace {

/// One run of a group.
class PackedEngine final : public Engine {
 public:
  PackedEngine(const Config& config, std::shared_ptr<PackedGroup> group, int64_t run)
      : config_(config), denseMomentum_(needsDenseMomentum(config)), group_(std::move(group)), run_(run) {}

  ~PackedEngine() override {
    try {
      group_->leave(run_);
    } catch (const std::exception&) {
      // A device that has failed writes no more; the failure was told where it happened.
    }
  }

  int spansInFlight() const override { return kInFlight; }

  std::vector<std::string> takeRemarks() override { return group_->takeRemarks(run_); }

  void submit(const Span& span) override {
    auto flight = idle_.take();
    std::vector<RunWork> works = worksOf(span, *flight);
    for (const PlannedStep& step : span.steps) flight->measured |= step.measure;
    if (span.topology) {
      flight->event = TopologyEvent{span.topology->update, span.topology->step, span.topology->pruneRate, {}};
      works.push_back(FlightUpdate{run_, *span.topology, flight.get()});
    }
    works.push_back(SpanEnd{flight.get(), span.steps.empty()});
    const uint64_t number = group_->give(run_, std::move(works));
    flights_.push_back({std::move(flight), number});
  }

  SpanResult collect() override {
    group_->await(run_, flights_.front().number);
    std::unique_ptr<Flight> flight = std::move(flights_.front().flight);
    flights_.pop_front();
    return withTypedFailures([&] {
      SpanResult result = resultOf(group_->device(), group_->runs().topology(), *flight);
      idle_.put(std::move(flight));
      return result;
    });
  }

  Sums evaluate(Split split) override {
    auto flight = idle_.take();
    group_->await(run_, group_->give(run_, {WholeSplit{split, flight.get()}}));
    return withTypedFailures([&] {
      const Sums sums = sumsOf(progressOf(group_->device(), *flight));
      idle_.put(std::move(flight));
      return sums;
    });
  }

  EngineState state() override {
    ArenaCopy copy;
    double dropThreshold = 0;
    carryOut([&](PackedRuns& runs) {
      copy = runs.download(run_);
      dropThreshold = runs.dropThreshold(run_);
    });
    EngineState state = stateOf(group_->runs().plan(), copy, denseMomentum_);
    state.dropThreshold = dropThreshold;
    state.optimizerSteps = optimizerSteps_;
    return state;
  }

  void restore(const EngineState& state) override {
    const ArenaCopy copy = copyOf(group_->runs().plan(), state, config_.optimizer == kAdam, denseMomentum_);
    carryOut([&](PackedRuns& runs) { runs.place(run_, copy, countsOf(state)); });
    optimizerSteps_ = state.optimizerSteps;
  }

 private:
  struct Numbered {
    std::unique_ptr<Flight> flight;
    uint64_t number;  ///< of the last work that belongs to it
  };

  void carryOut(RunTask task) {
    std::vector<RunWork> works;
    works.emplace_back(std::move(task));
    group_->await(run_, group_->give(run_, std::move(works)));
  }

  /// Of its steps. Their samples are copied: a run that fails lets go of its own before its engine.
  std::vector<RunWork> worksOf(const Span& span, Flight& flight) {
    flight.samples.clear();
    for (const PlannedStep& step : span.steps)
      flight.samples.insert(flight.samples.end(), step.samples.begin(), step.samples.end());
    size_t first = 0;
    const bool replaces = span.topology && span.topology->order == UpdateOrder::Rigl;
    std::vector<RunWork> works;
    for (const PlannedStep& step : span.steps) {
      const bool optimizes = !(replaces && &step == &span.steps.back());
      if (optimizes) ++optimizerSteps_;
      RunStep work;
      work.entry.weights = optimizerStep(config_, step.learningRate, optimizerSteps_);
      work.entry.epoch = step.epoch;
      work.entry.seed = static_cast<uint64_t>(config_.seed);
      work.entry.part = optimizes ? Part::Train : Part::Gradient;
      work.samples = std::span(flight.samples).subspan(std::exchange(first, first + step.samples.size()), step.samples.size());
      work.measure = step.measure;
      work.begins = works.empty();
      works.emplace_back(work);
    }
    return works;
  }

  Config config_;
  bool denseMomentum_;
  std::shared_ptr<PackedGroup> group_;
  int64_t run_;
  int64_t optimizerSteps_ = 0;
  std::deque<Numbered> flights_;
  IdleFlights idle_;
};

bool augmentAlike(const Config& a, const Config& b) {
  const Augmentation one = augmentationOf(a), other = augmentationOf(b);
  return one.crop == other.crop && one.flip == other.flip && one.reflect == other.reflect;
}

/// Empty, or why not: `what` differs.
std::string mustAgree(bool agrees, const char* what) {
  return agrees ? std::string() : std::string("they differ in ") + what + ", which all runs of a step have in common";
}

void requirePacking(std::span<const EngineSetup> setups) {
  if (setups.empty() || setups.size() > static_cast<size_t>(kMostRuns))
    throw std::invalid_argument("one to " + std::to_string(kMostRuns) + " runs can be packed");
  for (const EngineSetup& setup : setups) {
    if (setup.network != setups[0].network) throw std::invalid_argument("packed runs have the same network");
    if (setup.data != setups[0].data) throw std::invalid_argument("packed runs train on the same data in memory");
    if (const std::string why = packedRefusal(setup.network, setups[0].config, setup.config); !why.empty())
      throw std::invalid_argument("these runs cannot be packed: " + why);
  }
}

}  // namespace

std::string packedRefusal(const NetworkSpec& network, const Config& a, const Config& b) {
  std::string why = packingProblem(network);
  const auto require = [&](bool agrees, const char* what) {
    if (why.empty()) why = mustAgree(agrees, what);
  };
  require(a.batch_size == b.batch_size, "batch_size");
  require(a.optimizer == b.optimizer, "optimizer");
  require(a.precision == b.precision, "precision");
  require(a.label_smoothing == b.label_smoothing, "label_smoothing");
  require(augmentAlike(a, b), "augmentation");
  if (why.empty() && (learnsThresholds(a) || learnsThresholds(b))) why = "learned thresholds are trained one run at a time";
  require(needsDenseMomentum(a) == needsDenseMomentum(b), "whether inactive weights have momentum");
  return why;
}

std::vector<std::unique_ptr<Engine>> makePackedEngines(std::span<const EngineSetup> setups,
                                                       std::shared_ptr<Device> device) {
  requirePacking(setups);
  std::vector<std::unique_ptr<Engine>> engines;
  if (setups.size() == 1) {
    engines.push_back(makeGpuEngine(setups[0], std::move(device)));
    return engines;
  }
  return withTypedFailures([&] {
    const c10::InferenceMode noAutograd;
    const auto scope = device->enter();
    const auto group = std::make_shared<PackedGroup>(whereImagesFit(
        *device, [&](ImagePlace images) { return std::make_unique<PackedRuns>(device, setups, images); }));
    for (size_t run = 0; run < setups.size(); ++run)
      engines.push_back(std::make_unique<PackedEngine>(setups[run].config, group, static_cast<int64_t>(run)));
    return std::move(engines);
  });
}

}  // namespace lab::cuda
