#pragma once
// Small multilayer perceptrons with random sparse states, and data for them.

#include "engines/engine.h"
#include "random/keyed_random.h"
#include "topology/select.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lab::test {

struct MlpShape {
  Shape input{1, 6, 5};
  std::vector<int64_t> widths{24, 17, 5};  ///< the last one: classes
  bool bias = true;
  bool relu = true;
};

inline NetworkSpec mlp(const MlpShape& shape) {
  NetworkSpec network{"mlp", shape.input, {}};
  const auto add = [&](OpKind kind, const std::string& name, int64_t outputs, bool bias) {
    Op op{kind, name, {static_cast<int>(network.ops.size()) - 1}};
    op.outputs = outputs;
    op.bias = bias;
    network.ops.push_back(op);
  };
  add(OpKind::Flatten, "flatten", 0, false);
  for (size_t l = 0; l < shape.widths.size(); ++l) {
    add(OpKind::Linear, "fc" + std::to_string(l + 1), shape.widths[l], shape.bias);
    if (shape.relu && l + 1 < shape.widths.size()) add(OpKind::ReLU, "relu" + std::to_string(l + 1), 0, false);
  }
  return network;
}

inline std::shared_ptr<const Dataset> dataFor(const MlpShape& shape) {
  return syntheticDataset(shape.input, shape.widths.back(), 400, 50, 70, 11);
}

/// Exactly round(density × weights) active positions a layer, normal weights, some momentum.
inline EngineState randomState(const MlpShape& shape, double density, uint64_t seed) {
  EngineState state;
  int64_t columns = shape.input.size();
  for (size_t l = 0; l < shape.widths.size(); ++l) {
    const int64_t rows = shape.widths[l], size = rows * columns;
    const auto layer = static_cast<uint32_t>(l);
    const auto active = static_cast<int64_t>(std::llround(density * static_cast<double>(size)));
    const auto normal = [&](uint32_t stream, int64_t i, double scale) {
      return static_cast<float>(scale * normalAt({seed, Purpose::InitialWeights, layer, stream}, i));
    };
    LayerState out;
    out.active = Mask(size);
    for (const int64_t i : growRandom(out.active, nullptr, active, {seed, Purpose::InitialMask, layer, 0}))
      out.active.set(i);
    out.explored = out.active;
    const double scale = std::sqrt(2.0 / (density * static_cast<double>(columns)));
    for (int64_t i = 0; i < active; ++i) out.weights.push_back(normal(0, i, scale));
    for (int64_t i = 0; i < active; ++i) out.momentum.push_back(normal(1, i, 0.01));
    for (int64_t i = 0; shape.bias && i < rows; ++i) out.bias.push_back(normal(2, i, 0.1));
    for (int64_t i = 0; shape.bias && i < rows; ++i) out.biasMomentum.push_back(normal(3, i, 0.01));
    state.layers.push_back(std::move(out));
    columns = rows;
  }
  return state;
}

/// `count` samples, from `first` on.
inline std::vector<int32_t> samplesFrom(int32_t first, int64_t count) {
  std::vector<int32_t> samples;
  for (int64_t i = 0; i < count; ++i) samples.push_back(static_cast<int32_t>((first + 7 * i) % 400));
  return samples;
}

}  // namespace lab::test
