#include "engines/masked/masked_engine.h"

#include "data/batch_images.h"
#include "engines/masked/batch.h"
#include "engines/masked/dense_network.h"
#include "engines/masked/masked_layer.h"
#include "engines/masked/masked_norm.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <stdexcept>

namespace lab {

namespace {

using namespace masked;

constexpr int64_t kEvaluationBatch = 1000;
constexpr int64_t kEvaluationActivations = 1 << 26;  // 256 MiB of floats, were they all kept

class MaskedEngine final : public Engine {
 public:
  explicit MaskedEngine(const EngineSetup& setup)
      : data_(setup.data),
        config_(setup.config),
        images_(data_, augmentation(config_)),
        optimizer_(bestOptimizerKernel()),
        network_(setup.network) {
    const auto shapes = weightLayers(setup.network);
    const LayerKind kind = kindOf(config_);
    learned_ = kind.learnedThreshold;
    layers_.reserve(shapes.size());
    for (size_t l = 0; l < shapes.size(); ++l) {
      layers_.emplace_back(network_.layers()[l], shapes[l].rows(), kind);
      topology_.push_back(&layers_.back());
    }
    for (const NormTensors& tensors : network_.norms()) norms_.emplace_back(tensors, kind.secondMoment);
  }

  void submit(const Span& span) override {
    useThreads(config_.threads);
    SpanResult result;
    for (const PlannedStep& planned : span.steps) {
      result.sums.add(forward(Split::Train, planned.samples, planned.epoch, Pass::Training));
      network_.backward();
      if (planned.measure) result.gradientNorm = gradientNorm();
      const bool updates = span.topology && &planned == &span.steps.back();
      if (!updates || span.topology->order == UpdateOrder::Itop) step(planned.learningRate);
    }
    if (span.topology) result.topology = update(*span.topology);
    results_.push_back(std::move(result));
  }

  SpanResult collect() override {
    SpanResult result = std::move(results_.front());
    results_.pop_front();
    return result;
  }

  Sums evaluate(Split split) override {
    useThreads(config_.threads);
    Sums sums;
    std::vector<int32_t> samples(static_cast<size_t>(data_->split(split).count));
    std::iota(samples.begin(), samples.end(), 0);
    const int64_t batch =
        std::clamp<int64_t>(kEvaluationActivations / network_.activationsPerSample(), 1, kEvaluationBatch);
    for (std::span<const int32_t> rest = samples; !rest.empty();) {
      const size_t count = std::min(rest.size(), static_cast<size_t>(batch));
      sums.add(forward(split, rest.first(count), 0, Pass::Evaluation));
      rest = rest.subspan(count);
    }
    return sums;
  }

  EngineState state() override {
    EngineState state;
    for (const MaskedLayer& layer : layers_) {
      state.layers.push_back(layer.state());
      if (!learned_) continue;
      state.thresholds.push_back(layer.threshold());
      state.thresholdMomentum.push_back(layer.thresholdMomentum());
    }
    state.dropThreshold = dropThreshold_;
    state.optimizerSteps = optimizerSteps_;
    for (const MaskedNorm& norm : norms_) state.norms.push_back(norm.state());
    return state;
  }

  void restore(const EngineState& state) override {
    if (state.layers.size() != layers_.size() || state.norms.size() != norms_.size())
      throw std::invalid_argument("the state of a network with another number of layers");
    for (size_t l = 0; l < layers_.size(); ++l) {
      layers_[l].restore(state.layers[l]);
      if (state.thresholds.empty())
        layers_[l].setThreshold(static_cast<float>(config_.threshold_start), 0);
      else
        layers_[l].setThreshold(state.thresholds[l], state.thresholdMomentum[l]);
    }
    dropThreshold_ = state.dropThreshold;
    optimizerSteps_ = state.optimizerSteps;
    for (size_t n = 0; n < norms_.size(); ++n) norms_[n].restore(state.norms[n]);
  }

 private:
  Sums forward(Split split, std::span<const int32_t> samples, int64_t epoch, Pass pass) {
    gatherPixels(*data_, images_.find(split, samples, epoch),
                 network_.input(static_cast<int64_t>(samples.size())));
    gatherLabels(*data_, split, samples, labels_);
    return network_.forward(labels_, pass, config_.label_smoothing);
  }

  void step(float learningRate) {
    const OptimizerStep step = optimizerStep(config_, learningRate, ++optimizerSteps_), ofNorms = normStep(config_, step);
    for (MaskedLayer& layer : layers_) layer.step(optimizer_, step);
    for (MaskedNorm& norm : norms_) norm.step(optimizer_, ofNorms);
  }

  static Augmentation augmentation(const Config& config) {
    Augmentation augmentation = augmentationOf(config);
    augmentation.validation = semanticsNamed(config.semantics).augmentsValidation;
    return augmentation;
  }

  static LayerKind kindOf(const Config& config) {
    const auto rules = rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope});
    LayerKind kind;
    kind.secondMoment = config.optimizer == kAdam;
    if (!rules) return kind;
    kind.denseMomentum = rules.value().needsDenseMomentum() && !semanticsNamed(config.semantics).masksMomentum;
    kind.learnedThreshold = rules.value().drop == DropRule::Learned;
    return kind;
  }

  double gradientNorm() const {
    double squares = 0;
    for (const MaskedLayer& layer : layers_) squares += layer.squaredGradient();
    return std::sqrt(squares);
  }

  TopologyEvent update(const TopologyPlan& plan) {
    if (!learned_) return updateTopology(plan, topology_, dropThreshold_);
    TopologyEvent event{plan.update, plan.step, plan.pruneRate, {}};
    for (MaskedLayer& layer : layers_) event.layers.push_back(layer.followThreshold());
    return event;
  }

  std::shared_ptr<const Dataset> data_;
  Config config_;
  BatchImages images_;
  const OptimizerKernel& optimizer_;
  DenseNetwork network_;
  std::vector<MaskedLayer> layers_;
  std::vector<MaskedNorm> norms_;
  std::vector<TopologyLayer*> topology_;
  double dropThreshold_ = 0;
  int64_t optimizerSteps_ = 0;
  bool learned_ = false;
  std::vector<Label> labels_;
  std::deque<SpanResult> results_;
};

std::string refusal(const NetworkSpec& network, const Config& config) {
  if (config.precision != kFloat32) return "it computes in float32, not in " + config.precision;
  const auto rules = rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope});
  if (rules && rules.value().drop == DropRule::Learned && config.optimizer == kAdam)
    return "learned thresholds are trained by SGD";
  return DenseNetwork::refusal(network);
}

}  // namespace

EngineInfo maskedEngine() {
  EngineInfo info;
  info.name = "masked";
  info.help = "dense arithmetic of LibTorch under masks, on the CPU: every network; sparsity is simulated";
  info.detail = std::string("LibTorch, oneDNN; optimizer ") + bestOptimizerKernel().name;
  info.refusal = refusal;
  info.make = [](const EngineSetup& setup) { return std::make_unique<MaskedEngine>(setup); };
  return info;
}

}  // namespace lab
