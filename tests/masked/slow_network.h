#pragma once
// The loss of any chain of operations in double precision by the definitions of the operations: the oracle of
// gradients by finite differences.

#include "engines/engine.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace lab::test {

struct SlowLayer {
  std::vector<double> weights, bias;  ///< dense
};

class SlowNetwork {
 public:
  SlowNetwork(NetworkSpec network, std::shared_ptr<const Dataset> data, const EngineState& state)
      : network_(std::move(network)), shapes_(inferShapes(network_).take()), data_(std::move(data)) {
    for (const LayerState& from : state.layers) {
      SlowLayer layer{std::vector<double>(static_cast<size_t>(from.active.size())),
                      {from.bias.begin(), from.bias.end()}};
      size_t next = 0;
      forEachOne(from.active, [&](int64_t i) { layer.weights[static_cast<size_t>(i)] = from.weights[next++]; });
      layers.push_back(std::move(layer));
    }
  }

  std::vector<SlowLayer> layers;

  /// Mean cross-entropy over training samples.
  double loss(std::span<const int32_t> samples) const {
    double total = 0;
    for (const int32_t sample : samples) {
      const auto logits = forward(sample);
      double sum = 0;
      for (const double logit : logits) sum += std::exp(logit);
      total += std::log(sum) - logits[data_->train.labels[static_cast<size_t>(sample)]];
    }
    return total / static_cast<double>(samples.size());
  }

  /// d loss / d value, where `value` is one of `layers`.
  double derivative(double& value, std::span<const int32_t> samples) const {
    constexpr double kStep = 1e-6;
    const double start = value;
    value = start + kStep;
    const double above = loss(samples);
    value = start - kStep;
    const double below = loss(samples);
    value = start;
    return (above - below) / (2 * kStep);
  }

 private:
  using Values = std::vector<double>;  ///< [channels][height][width]

  std::vector<double> forward(int32_t sample) const {
    Values values = pixels(sample);
    Shape shape = network_.input;
    size_t layer = 0;
    for (size_t i = 0; i < network_.ops.size(); ++i) {
      const Op& op = network_.ops[i];
      const Shape out = shapes_[i];
      if (op.kind == OpKind::Linear) values = linear(layers[layer++], values, out.size());
      if (op.kind == OpKind::Conv2d) values = convolve(layers[layer++], op, values, shape, out);
      if (op.kind == OpKind::MaxPool) values = pool(op, values, shape, out);
      if (op.kind == OpKind::ReLU)
        for (double& v : values) v = std::max(v, 0.0);
      shape = out;
    }
    return values;
  }

  Values pixels(int32_t sample) const {
    const int64_t size = data_->shape.size(), area = data_->shape.height * data_->shape.width;
    Values values;
    for (int64_t i = 0; i < size; ++i) {
      const auto channel = static_cast<size_t>(i / area);
      const double pixel = data_->train.pixels[static_cast<size_t>(sample * size + i)] / 255.0;
      values.push_back((pixel - data_->mean[channel]) / data_->deviation[channel]);
    }
    return values;
  }

  static Values linear(const SlowLayer& layer, const Values& in, int64_t outputs) {
    Values out(static_cast<size_t>(outputs));
    for (size_t o = 0; o < out.size(); ++o) {
      out[o] = layer.bias.empty() ? 0 : layer.bias[o];
      for (size_t i = 0; i < in.size(); ++i) out[o] += layer.weights[o * in.size() + i] * in[i];
    }
    return out;
  }

  /// visit(place in the input, ky, kx) for the places of a window that lie inside.
  template <class Visit>
  static void window(const Op& op, const Shape& in, int64_t channel, int64_t y, int64_t x, const Visit& visit) {
    for (int64_t ky = 0; ky < op.kernel; ++ky)
      for (int64_t kx = 0; kx < op.kernel; ++kx) {
        const int64_t iy = y * op.stride + ky - op.padding, ix = x * op.stride + kx - op.padding;
        if (iy >= 0 && iy < in.height && ix >= 0 && ix < in.width)
          visit(static_cast<size_t>((channel * in.height + iy) * in.width + ix), ky, kx);
      }
  }

  template <class Compute>
  static Values everywhere(const Shape& out, const Compute& compute) {
    Values values;
    for (int64_t o = 0; o < out.channels; ++o)
      for (int64_t y = 0; y < out.height; ++y)
        for (int64_t x = 0; x < out.width; ++x) values.push_back(compute(o, y, x));
    return values;
  }

  static Values convolve(const SlowLayer& layer, const Op& op, const Values& in, const Shape& from,
                         const Shape& to) {
    return everywhere(to, [&](int64_t o, int64_t y, int64_t x) {
      double sum = layer.bias.empty() ? 0 : layer.bias[static_cast<size_t>(o)];
      for (int64_t c = 0; c < from.channels; ++c)
        window(op, from, c, y, x, [&](size_t place, int64_t ky, int64_t kx) {
          const int64_t w = ((o * from.channels + c) * op.kernel + ky) * op.kernel + kx;
          sum += layer.weights[static_cast<size_t>(w)] * in[place];
        });
      return sum;
    });
  }

  static Values pool(const Op& op, const Values& in, const Shape& from, const Shape& to) {
    return everywhere(to, [&](int64_t c, int64_t y, int64_t x) {
      double top = -INFINITY;
      window(op, from, c, y, x, [&](size_t place, int64_t, int64_t) { top = std::max(top, in[place]); });
      return top;
    });
  }

  NetworkSpec network_;
  std::vector<Shape> shapes_;
  std::shared_ptr<const Dataset> data_;
};

}  // namespace lab::test
