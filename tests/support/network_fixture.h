#pragma once
// Small networks, random sparse states of any network, and engines in such a state.

#include "engines/engine.h"
#include "network/network_builder.h"
#include "random/keyed_random.h"
#include "topology/select.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace lab::test {

inline Op makeOp(OpKind kind, const NetworkSpec& network, int64_t outputs = 0) {
  Op op{kind, "op" + std::to_string(network.ops.size()), {static_cast<int>(network.ops.size()) - 1}};
  op.outputs = outputs;
  op.bias = kind == OpKind::Linear || kind == OpKind::Conv2d;
  return op;
}

inline void append(NetworkSpec& network, OpKind kind, int64_t outputs = 0) {
  network.ops.push_back(makeOp(kind, network, outputs));
}

inline void appendWindow(NetworkSpec& network, OpKind kind, int64_t outputs, int64_t kernel, int64_t stride,
                         int64_t padding) {
  Op op = makeOp(kind, network, outputs);
  op.kernel = kernel;
  op.stride = stride;
  op.padding = padding;
  network.ops.push_back(op);
}

/// Linear layers of these widths with ReLU between them.
inline NetworkSpec perceptron(Shape input, const std::vector<int64_t>& widths) {
  NetworkSpec network{"mlp", input, {}};
  append(network, OpKind::Flatten);
  for (size_t l = 0; l < widths.size(); ++l) {
    append(network, OpKind::Linear, widths[l]);
    if (l + 1 < widths.size()) append(network, OpKind::ReLU);
  }
  return network;
}

/// A block of two convolutions and a shortcut of its own, then one that adds its input, as ResNets have them; odd
/// sizes, two input channels, padded max pooling, a batch norm of vectors and one that two operations read.
inline NetworkSpec residual() {
  NetworkBuilder network("residual", {2, 11, 9});
  network.convolution("conv1", 6, {3, 1, 1}).batchNorm("bn1").relu("relu1").maxPool("pool1", {3, 2, 1});
  const int first = network.place();
  network.convolution("conv2", 8, {3, 2, 1})
      .batchNorm("bn2")
      .relu("relu2")
      .convolution("conv3", 8, {3, 1, 1}, true);
  const int branch = network.batchNorm("bn3").place();
  network.from(first).convolution("shortcut", 8, {1, 2, 0}).batchNorm("bn4").add("add1", branch);
  const int second = network.relu("relu3").place();
  network.batchNorm("bn5").relu("relu4").convolution("conv4", 8, {3, 1, 1}).add("add2", second).relu("relu5");
  network.globalAvgPool("pool2").linear("fc1", 7).relu("relu6").batchNorm("bn6").linear("fc2", 4, false);
  return network.take();
}

/// round(density × weights) active positions a layer, normal weights by fan-in, some momentum, small biases; batch
/// norms that are no identity.
inline EngineState randomState(const NetworkSpec& network, double density, uint64_t seed) {
  EngineState state;
  uint32_t index = 0;
  for (const WeightLayer& layer : weightLayers(network)) {
    const auto active = std::llround(density * static_cast<double>(layer.weights));
    const double scale = std::sqrt(2.0 / (density * static_cast<double>(layer.columns())));
    const auto normals = [&](uint32_t stream, int64_t count, double deviation) {
      std::vector<float> values;
      for (int64_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(
            deviation * normalAt({seed, Purpose::InitialWeights, index, stream}, static_cast<uint64_t>(i))));
      return values;
    };
    LayerState out;
    out.active = Mask(layer.weights);
    for (const int64_t i : growRandom(out.active, nullptr, active, {seed, Purpose::InitialMask, index, 0}))
      out.active.set(i);
    out.explored = out.active;
    for (const int64_t i :
         growRandom(out.active, nullptr, (layer.weights - active) / 3, {seed, Purpose::InitialMask, index, 1}))
      out.explored.set(i);
    out.weights = normals(0, active, scale);
    out.momentum = normals(1, active, 0.01);
    out.bias = normals(2, layer.bias ? layer.rows() : 0, 0.1);
    out.biasMomentum = normals(3, layer.bias ? layer.rows() : 0, 0.01);
    state.layers.push_back(std::move(out));
    ++index;
  }
  for (const NormLayer& layer : normLayers(network)) {
    const auto values = [&](uint32_t stream, double centre, double deviation) {
      std::vector<float> result;
      for (int64_t i = 0; i < layer.channels; ++i)
        result.push_back(
            static_cast<float>(centre + deviation * normalAt({seed, Purpose::InitialWeights, index, stream},
                                                             static_cast<uint64_t>(i))));
      return result;
    };
    NormState out{values(0, 1, 0.1), values(1, 0, 0.2), values(2, 0, 0.3), values(3, 1, 0.1), {}, {}, {}, {}};
    out.scaleMomentum = values(4, 0, 0.01);
    out.shiftMomentum = values(5, 0, 0.01);
    state.norms.push_back(std::move(out));
    ++index;
  }
  return state;
}

inline std::unique_ptr<Engine> engineIn(const EngineState& state, const EngineInfo& info,
                                        const EngineSetup& setup) {
  auto engine = info.make(setup);
  engine->restore(state);
  return engine;
}

/// `count` training samples of `total`, spread from `first` on.
inline std::vector<int32_t> someSamples(int64_t count, int64_t total, int64_t first = 0) {
  std::vector<int32_t> samples;
  for (int64_t i = 0; i < count; ++i) samples.push_back(static_cast<int32_t>((first + 7 * i) % total));
  return samples;
}

inline SpanResult runStep(Engine& engine, std::span<const int32_t> samples, float learningRate,
                          const std::optional<TopologyPlan>& topology = {}) {
  engine.submit({{{samples, learningRate}}, topology});
  return engine.collect();
}

/// The same with a topology update.
inline TopologyEvent runUpdate(Engine& engine, std::span<const int32_t> samples, float learningRate,
                               const TopologyPlan& plan) {
  return runStep(engine, samples, learningRate, plan).topology.value();
}

/// An update that drops `rate` of every layer's active weights.
inline TopologyPlan planFor(GrowRule grow, double rate, int64_t update = 1) {
  TopologyPlan plan;
  plan.update = update;
  plan.step = update;
  plan.pruneRate = rate;
  plan.rules = {DropRule::Magnitude, grow, Rounding::Up};
  plan.seed = 5;
  return plan;
}

/// The largest difference of any number in two states of the same masks; infinite when the masks differ.
inline double distance(const EngineState& a, const EngineState& b) {
  double worst = 0;
  const auto compare = [&](const std::vector<float>& x, const std::vector<float>& y) {
    if (x.size() != y.size()) worst = INFINITY;
    for (size_t i = 0; i < std::min(x.size(), y.size()); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(x[i]) - static_cast<double>(y[i])));
  };
  if (a.layers.size() != b.layers.size() || a.norms.size() != b.norms.size()) return INFINITY;
  for (size_t l = 0; l < a.layers.size(); ++l) {
    if (!(a.layers[l].active == b.layers[l].active)) return INFINITY;
    compare(a.layers[l].weights, b.layers[l].weights);
    compare(a.layers[l].momentum, b.layers[l].momentum);
    compare(a.layers[l].bias, b.layers[l].bias);
    compare(a.layers[l].biasMomentum, b.layers[l].biasMomentum);
    compare(a.layers[l].secondMoment, b.layers[l].secondMoment);
    compare(a.layers[l].biasSecondMoment, b.layers[l].biasSecondMoment);
  }
  for (size_t n = 0; n < a.norms.size(); ++n)
    for (const auto member : {&NormState::scale, &NormState::shift, &NormState::mean, &NormState::variance,
                              &NormState::scaleMomentum, &NormState::shiftMomentum})
      compare(a.norms[n].*member, b.norms[n].*member);
  return worst;
}

}  // namespace lab::test
