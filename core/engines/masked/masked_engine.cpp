#include "engines/masked/masked_engine.h"

#include "engines/masked/batch.h"
#include "engines/masked/dense_network.h"
#include "engines/masked/masked_layer.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <stdexcept>

namespace lab {

namespace {

using namespace masked;

constexpr int64_t kEvaluationBatch = 1000;

class MaskedEngine final : public Engine {
 public:
  explicit MaskedEngine(const EngineSetup& setup)
      : data_(setup.data), config_(setup.config), sgd_(bestSgdKernel()), network_(setup.network) {
    for (const LayerTensors& tensors : network_.layers()) layers_.emplace_back(tensors);
  }

  void submit(const Span& span) override {
    useThreads(config_.threads);
    SpanResult result;
    for (const PlannedStep& planned : span.steps) {
      result.sums.add(forward(Split::Train, planned.samples));
      network_.backward();
      const bool updates = span.topology && &planned == &span.steps.back();
      if (!updates || span.topology->order == UpdateOrder::Itop) step(planned.learningRate);
    }
    if (span.topology) result.topology = updateTopology(*span.topology);
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
    for (std::span<const int32_t> rest = samples; !rest.empty();) {
      const size_t count = std::min<size_t>(rest.size(), kEvaluationBatch);
      sums.add(forward(split, rest.first(count)));
      rest = rest.subspan(count);
    }
    return sums;
  }

  EngineState state() override {
    EngineState state;
    for (const MaskedLayer& layer : layers_) state.layers.push_back(layer.state());
    return state;
  }

  void restore(const EngineState& state) override {
    if (state.layers.size() != layers_.size())
      throw std::invalid_argument("the state of a network with another number of layers");
    for (size_t l = 0; l < layers_.size(); ++l) layers_[l].restore(state.layers[l]);
  }

 private:
  Sums forward(Split split, std::span<const int32_t> samples) {
    gatherPixels(*data_, split, samples, network_.input(static_cast<int64_t>(samples.size())));
    gatherLabels(*data_, split, samples, labels_);
    return network_.forward(labels_);
  }

  void step(float learningRate) {
    const auto momentum = static_cast<float>(config_.momentum);
    const SgdStep step{static_cast<float>(config_.weight_decay), momentum, config_.nesterov ? learningRate : 0.0f,
                       config_.nesterov ? learningRate * momentum : learningRate};
    for (MaskedLayer& layer : layers_) layer.step(sgd_, step);
  }

  TopologyEvent updateTopology(const TopologyPlan& plan) {
    TopologyEvent event{plan.update, plan.step, plan.pruneRate, {}};
    for (size_t l = 0; l < layers_.size(); ++l) event.layers.push_back(layers_[l].updateTopology(plan, l));
    return event;
  }

  std::shared_ptr<const Dataset> data_;
  Config config_;
  const SgdKernel& sgd_;
  DenseNetwork network_;
  std::vector<MaskedLayer> layers_;
  std::vector<Label> labels_;
  std::deque<SpanResult> results_;
};

}  // namespace

EngineInfo maskedEngine() {
  EngineInfo info;
  info.name = "masked";
  info.help = "dense arithmetic of LibTorch under masks, on the CPU: every network; sparsity is simulated";
  info.detail = std::string("LibTorch, oneDNN; optimizer ") + bestSgdKernel().name;
  info.refusal = [](const NetworkSpec& network, const Config&) { return DenseNetwork::refusal(network); };
  info.make = [](const EngineSetup& setup) { return std::make_unique<MaskedEngine>(setup); };
  return info;
}

}  // namespace lab
