// Runs that share a device and take their steps at once, against engines of their own.

#include "engines/cuda/gpu_engine.h"
#include "engines/cuda/packed_engine.h"
#include "gpu_checks.h"
#include "network_fixture.h"

#include <deque>
#include <thread>

namespace lab::test {

namespace {

constexpr int64_t kPackedTrain = 200, kPackedBatch = 32;

/// What a run does, as a run loop would: epochs whose last batch is short, updates, evaluations.
struct Script {
  int64_t seed = 1;
  DropRule drop = DropRule::Magnitude;
  std::optional<GrowRule> grow;  ///< none: static
  UpdateOrder order = UpdateOrder::Itop;
  int64_t interval = 4, steps = 30, evaluateEvery = 7, spanLength = 3;
  float rate = 0.02f;
  double momentum = 0.9;
  int pause = 0;  ///< turns given to other threads before every span
};

/// Different in everything in which packed runs may differ.
std::vector<Script> scripts() {
  Script gradient{2, DropRule::Magnitude, GrowRule::Gradient, UpdateOrder::Rigl, 5, 34, 7, 9, 0.01f, 0.5};
  Script random{3, DropRule::Magnitude, GrowRule::Random, UpdateOrder::Itop, 4, 21, 6, 2, 0.03f};
  Script explore{4, DropRule::Magnitude, GrowRule::ExploreFirst, UpdateOrder::Rigl, 3, 28, 28, 5, 0.02f};
  Script onHost{5, DropRule::Sign, GrowRule::Random, UpdateOrder::Itop, 6, 30, 11, 4, 0.02f};
  return {Script{}, gradient, random, explore, onHost};
}

/// All that an engine said, and where it ended.
struct Story {
  std::vector<SpanResult> results;
  std::vector<Sums> evaluations;
  EngineState end;
};

EngineSetup setupOf(const Script& script, const EngineSetup& base) {
  EngineSetup setup = base;
  setup.config.seed = script.seed;
  setup.config.momentum = script.momentum;
  return setup;
}

EngineState stateOf(const Script& script, const EngineSetup& base) {
  EngineState state = randomState(base.network, 0.3, static_cast<uint64_t>(script.seed));
  if (base.config.optimizer == kAdam)  // a first moment without a second makes steps of any size
    for (LayerState& layer : state.layers) {
      layer.momentum.clear();
      layer.biasMomentum.clear();
    }
  return state;
}

class Player {
 public:
  Player(const Script& script, Engine& engine) : script_(script), engine_(engine) {}

  Story play(int64_t steps) {
    for (int64_t done = 0; done < steps; ++done) {
      add(done);
      const bool evaluates = (done + 1) % script_.evaluateEvery == 0;
      if (evaluates || span_.topology || (done + 1) % script_.spanLength == 0 || done + 1 == steps) submit();
      if (!evaluates) continue;
      collect(0);
      story_.evaluations.push_back(engine_.evaluate(done % 2 == 0 ? Split::Validation : Split::Test));
    }
    return story_;
  }

  Story toTheEnd() {
    play(script_.steps);
    collect(0);
    story_.end = engine_.state();
    return std::move(story_);
  }

 private:
  void add(int64_t step) {
    const int64_t seen = step * kPackedBatch % (kPackedTrain + kPackedBatch - kPackedTrain % kPackedBatch);
    const int64_t count = std::min(kPackedBatch, kPackedTrain - seen);
    batches_.push_back(someSamples(count, kPackedTrain, seen + 3 * script_.seed));
    const float rate = script_.rate / static_cast<float>(1 + step / 10);
    span_.steps.push_back({batches_.back(), rate, step / 7, step % 5 == 4});
    if (!script_.grow || (step + 1) % script_.interval != 0) return;
    TopologyPlan plan = planFor(*script_.grow, 0.3, (step + 1) / script_.interval);
    plan.rules.drop = script_.drop;
    plan.order = script_.order;
    plan.seed = static_cast<uint64_t>(script_.seed);
    span_.topology = plan;
  }

  void submit() {
    for (int i = 0; i < script_.pause; ++i) std::this_thread::yield();  // lets the other runs go first
    engine_.submit(span_);
    span_ = {};
    ++inFlight_;
    collect(engine_.spansInFlight() - 1);
  }

  void collect(int left) {
    for (; inFlight_ > left; --inFlight_) story_.results.push_back(engine_.collect());
  }

  Script script_;
  Engine& engine_;
  std::deque<std::vector<int32_t>> batches_;  ///< a span's are in use until it is collected
  Span span_;
  Story story_;
  int inFlight_ = 0;
};

/// How far numbers may be apart, for their size; 0: not a bit.
bool near(double a, double b, double tolerance) { return a == b || std::abs(a - b) <= tolerance * std::abs(b); }

bool near(const Sums& a, const Sums& b, double tolerance) {
  return near(a.loss, b.loss, tolerance) && a.samples == b.samples &&
         (a.correct == b.correct || (tolerance > 0 && std::abs(a.correct - b.correct) == 1));
}

/// The same masks at all times, and the same numbers within the tolerance.
void requireSame(const Story& a, const Story& b, double tolerance = 0) {
  LAB_CHECK(a.results.size() == b.results.size() && a.evaluations.size() == b.evaluations.size());
  for (size_t i = 0; i < a.results.size(); ++i) {
    LAB_CHECK(near(a.results[i].sums, b.results[i].sums, tolerance));
    LAB_CHECK(near(a.results[i].gradientNorm.value_or(0), b.results[i].gradientNorm.value_or(0), tolerance));
    LAB_CHECK(a.results[i].topology.has_value() == b.results[i].topology.has_value());
    if (!a.results[i].topology) continue;
    const auto &one = a.results[i].topology->layers, &other = b.results[i].topology->layers;
    LAB_CHECK(one.size() == other.size());
    for (size_t l = 0; l < one.size(); ++l)
      LAB_CHECK(one[l].dropped == other[l].dropped && one[l].grown == other[l].grown);
  }
  for (size_t i = 0; i < a.evaluations.size(); ++i) LAB_CHECK(near(a.evaluations[i], b.evaluations[i], tolerance));
  for (size_t l = 0; l < a.end.layers.size(); ++l) LAB_CHECK(a.end.layers[l].explored == b.end.layers[l].explored);
  LAB_CHECK(a.end.optimizerSteps == b.end.optimizerSteps);
  LAB_CHECK(tolerance > 0 ? distance(a.end, b.end) < tolerance : a.end == b.end);
}

/// Products over runs are rounded otherwise: by 1e-7 on the processor, which leaves the masks here as they are; by more
/// on a GPU, where they may part because scores nearly agree.
void requireAlike(const Story& a, const Story& b, bool gpu) {
  if (!gpu) return requireSame(a, b, 1e-5);
  Sums one, other;
  for (const SpanResult& result : a.results) one.add(result.sums);
  for (const SpanResult& result : b.results) other.add(result.sums);
  LAB_CHECK(one.samples == other.samples);
  LAB_CHECK(std::abs(one.loss - other.loss) < 0.02 * other.loss);
}

Story playedAlone(const Script& script, const EngineSetup& base, const SharedDevice& device) {
  const auto engine = gpuEngineIn(stateOf(script, base), setupOf(script, base), device);
  return Player(script, *engine).toTheEnd();
}

/// Each on a thread of its own. `stops`: how many steps a run takes before its engine is destroyed with spans in
/// flight; 0: it does not stop.
std::vector<Story> playedPacked(const std::vector<Script>& all, const EngineSetup& base, const SharedDevice& device,
                                const std::vector<int64_t>& stops = {}) {
  std::vector<EngineSetup> setups;
  for (const Script& script : all) setups.push_back(setupOf(script, base));
  auto engines = cuda::makePackedEngines(setups, device);
  std::vector<Story> stories(all.size());
  std::vector<std::exception_ptr> failures(all.size());
  {
    std::vector<std::jthread> threads;
    for (size_t run = 0; run < all.size(); ++run)
      threads.emplace_back([&, run] {
        const std::unique_ptr<Engine> engine = std::move(engines[run]);
        try {
          engine->restore(stateOf(all[run], base));
          Player player(all[run], *engine);
          if (run < stops.size() && stops[run] != 0) {
            if (stops[run] > 0) player.play(stops[run]);
            return;
          }
          stories[run] = player.toTheEnd();
        } catch (...) {
          failures[run] = std::current_exception();
        }
      });
  }
  for (const std::exception_ptr& failure : failures)
    if (failure != nullptr) std::rethrow_exception(failure);
  return stories;
}

EngineSetup packedBase(const char* optimizer, const char* precision) {
  EngineSetup setup{perceptron({1, 9, 8}, {61, 37, 5}), Config{}, {}};
  setup.config.optimizer = optimizer;
  setup.config.precision = precision;
  setup.config.label_smoothing = 0.1;
  setup.data = syntheticDataset(setup.network.input, 5, kPackedTrain, 30, 90, 8);
  return setup;
}

void trainsAsEnginesOfTheirOwn(const SharedDevice& device) {
  for (const char* optimizer : {kSgd, kAdam})
    for (const char* precision : {kFloat32, kBfloat16}) {
      EngineSetup base = packedBase(optimizer, precision);
      if (base.config.optimizer == kSgd) base.config.augmentation = "crop-flip";
      std::vector<Script> all = scripts();
      if (base.config.optimizer == kAdam)
        for (Script& script : all) script.rate *= 0.1f;
      const auto packed = playedPacked(all, base, device);
      for (size_t run = 0; run < all.size(); ++run)
        requireAlike(packed[run], playedAlone(all[run], base, device), device->isGpu());
    }
}

void timingChangesNothing(const SharedDevice& device) {
  const EngineSetup base = packedBase(kSgd, kFloat32);
  const auto first = playedPacked(scripts(), base, device);
  for (int time = 0; time < 6; ++time) {
    std::vector<Script> paused = scripts();
    for (size_t run = 0; run < paused.size(); ++run)
      paused[run].pause = static_cast<int>((static_cast<size_t>(time) * 7 + run * 13) % 5 * 300);
    const auto again = playedPacked(paused, base, device);
    for (size_t run = 0; run < first.size(); ++run) requireSame(first[run], again[run]);
  }
}

/// Runs that stop, never begin or differ in what they do: the others' numbers are the same to the bit.
void companyChangesNothing(const SharedDevice& device) {
  const EngineSetup base = packedBase(kSgd, kFloat32);
  const auto all = scripts();
  const auto whole = playedPacked(all, base, device);
  for (const std::vector<int64_t>& stops : {std::vector<int64_t>{0, 8, 0, -1, 17}, {5, 0, 1, 0, 0}, {-1, -1, -1, -1, 0}}) {
    const auto some = playedPacked(all, base, device, stops);
    for (size_t run = 0; run < all.size(); ++run)
      if (stops[run] == 0) requireSame(whole[run], some[run]);
  }
}

void saysWhatCannotBePacked(const SharedDevice& device) {
  const Config config;
  LAB_CHECK(cuda::packedRefusal(perceptron({1, 9, 8}, {5}), config, config).empty());
  LAB_CHECK(cuda::packedRefusal(residual(), config, config).find("conv1") != std::string::npos);
  Config other = config;
  other.batch_size += 1;
  LAB_CHECK(cuda::packedRefusal(perceptron({1, 9, 8}, {5}), config, other).find("batch_size") != std::string::npos);
  other = config;
  other.learning_rate *= 2;
  other.seed += 1;
  LAB_CHECK(cuda::packedRefusal(perceptron({1, 9, 8}, {5}), config, other).empty());
  std::vector<EngineSetup> setups{packedBase(kSgd, kFloat32), packedBase(kAdam, kFloat32)};
  setups[1].data = setups[0].data;
  std::string why;
  try {
    cuda::makePackedEngines(setups, device);
  } catch (const std::invalid_argument& refusal) {
    why = refusal.what();
  }
  LAB_CHECK(why.find("optimizer") != std::string::npos);
}

/// A state of another network is its own run's mistake.
void failsAlone(const SharedDevice& device) {
  const EngineSetup base = packedBase(kSgd, kFloat32);
  const std::vector<EngineSetup> setups(2, base);
  auto engines = cuda::makePackedEngines(setups, device);
  bool refused = false;
  try {
    engines[0]->restore(randomState(residual(), 0.3, 1));
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  LAB_CHECK(refused);
  engines[0].reset();
  engines[1]->restore(randomState(base.network, 0.3, 1));
  const auto samples = someSamples(kPackedBatch, kPackedTrain);
  LAB_CHECK(runStep(*engines[1], samples, 0.01f).sums.samples == kPackedBatch);
}

}  // namespace

std::vector<GpuCheck> packedChecks() {
  return {{"packed runs are trained as engines of their own do it", trainsAsEnginesOfTheirOwn},
          {"the timing of threads changes nothing in packed runs", timingChangesNothing},
          {"packed runs do not depend on who else is there", companyChangesNothing},
          {"what cannot be packed says why", saysWhatCannotBePacked},
          {"a packed run fails alone", failsAlone}};
}

}  // namespace lab::test
