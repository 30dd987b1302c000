#include "engines/sparse/sparse_engine.h"

#include "engines/sparse/isa.h"
#include "engines/sparse/mlp.h"
#include "engines/sparse/topology_step.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace lab {

namespace {

using namespace sparse;

constexpr int64_t kEvaluationBatch = 128;  // the activations of a few layers of a thousand units fit the L2 cache

class SparseEngine final : public Engine {
 public:
  SparseEngine(const EngineSetup& setup, const Kernels& kernels)
      : data_(setup.data),
        config_(setup.config),
        mlp_(layerChain(setup.network), setup.data, kernels, static_cast<int>(setup.config.threads),
             augmentationOf(setup.config), setup.config.optimizer == kAdam),
        everySample_(
            static_cast<size_t>(std::max({data_->train.count, data_->validation.count, data_->test.count}))) {
    std::iota(everySample_.begin(), everySample_.end(), 0);
    for (size_t l = 0; l < mlp_.layers().size(); ++l) topologyLayers_.emplace_back(mlp_, l);
    for (SparseTopologyLayer& layer : topologyLayers_) topology_.push_back(&layer);
  }

  void submit(const Span& span) override {
    SpanResult result;
    for (const PlannedStep& planned : span.steps) {
      const bool updates = span.topology && &planned == &span.steps.back();
      const bool replaced = updates && span.topology->order == UpdateOrder::Rigl;
      result.sums.add(mlp_.forward(Split::Train, planned.samples, planned.epoch, config_.label_smoothing));
      if (!replaced) ++optimizerSteps_;
      const OptimizerStep step = optimizerStep(config_, planned.learningRate, optimizerSteps_);
      mlp_.backward(replaced ? nullptr : &step);
      if (planned.measure) result.gradientNorm = gradientNorm();
    }
    if (span.topology) result.topology = updateTopology(*span.topology, topology_, dropThreshold_);
    results_.push_back(std::move(result));
  }

  SpanResult collect() override {
    SpanResult result = std::move(results_.front());
    results_.pop_front();
    return result;
  }

  Sums evaluate(Split split) override {
    Sums sums;
    const int64_t count = data_->split(split).count;
    for (int64_t first = 0; first < count; first += kEvaluationBatch)
      sums.add(mlp_.forward(
          split, {everySample_.data() + first, static_cast<size_t>(std::min(kEvaluationBatch, count - first))}));
    return sums;
  }

  EngineState state() override {
    EngineState state;
    for (const Layer& layer : mlp_.layers()) state.layers.push_back(layer.state());
    state.dropThreshold = dropThreshold_;
    state.optimizerSteps = optimizerSteps_;
    return state;
  }

  void restore(const EngineState& state) override {
    if (state.layers.size() != mlp_.layers().size())
      throw std::invalid_argument("the state of a network with another number of layers");
    for (size_t l = 0; l < state.layers.size(); ++l) mlp_.layers()[l].restore(state.layers[l]);
    dropThreshold_ = state.dropThreshold;
    optimizerSteps_ = state.optimizerSteps;
  }

 private:
  double gradientNorm() {
    double squares = 0;
    for (size_t l = 0; l < mlp_.layers().size(); ++l)
      for (const float g : mlp_.activeGradient(l)) squares += static_cast<double>(g) * static_cast<double>(g);
    return std::sqrt(squares);
  }

  std::shared_ptr<const Dataset> data_;
  Config config_;
  Mlp mlp_;
  std::vector<int32_t> everySample_;  ///< 0, 1, 2, ...
  std::vector<SparseTopologyLayer> topologyLayers_;
  std::vector<TopologyLayer*> topology_;
  double dropThreshold_ = 0;
  int64_t optimizerSteps_ = 0;
  std::deque<SpanResult> results_;
};

std::string refusal(const NetworkSpec& network, const Config& config) {
  if (const std::string problem = chooseKernels().problem; !problem.empty()) return problem;
  if (config.precision != kFloat32) return "it computes in float32, not in " + config.precision;
  if (config.semantics != "exact") return "official semantics are those of the masked engine";
  const auto rules = rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope});
  if (rules && rules.value().needsDenseMomentum())
    return "growth by momentum needs the momentum of every position, which is not sparse";
  if (rules && rules.value().drop == DropRule::Learned)
    return "learned thresholds train every weight, which is not sparse";
  const LayerChain chain = layerChain(network);
  for (const LinearShape& shape : chain.layers)
    if (static_cast<double>(shape.rows * shape.columns) * config.density() > std::numeric_limits<int32_t>::max())
      return "a layer of " + std::to_string(shape.columns) + " × " + std::to_string(shape.rows) +
             " weights at sparsity " + std::to_string(config.sparsity) + " has more than 2^31 active ones";
  return chain.problem;
}

}  // namespace

EngineInfo sparseEngine() {
  EngineInfo info;
  info.name = "sparse";
  info.help = "truly sparse training of multilayer perceptrons on the CPU: no zero is stored or multiplied";
  info.detail = chooseKernels().detail;
  info.sparseArithmetic = true;
  info.refusal = refusal;
  info.make = [](const EngineSetup& setup) -> std::unique_ptr<Engine> {
    return std::make_unique<SparseEngine>(setup, *chooseKernels().kernels);
  };
  return info;
}

}  // namespace lab
