#pragma once
// The loss of any network in double precision by the definitions of the operations: the oracle of gradients by
// finite differences.

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

struct SlowNorm {
  std::vector<double> scale, shift, mean, variance;  ///< mean and variance: the running ones
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
    const auto wide = [](const std::vector<float>& values) {
      return std::vector<double>(values.begin(), values.end());
    };
    for (const NormState& from : state.norms)
      norms.push_back({wide(from.scale), wide(from.shift), wide(from.mean), wide(from.variance)});
  }

  std::vector<SlowLayer> layers;
  std::vector<SlowNorm> norms;

  /// Mean cross-entropy over training samples; batches are normalised by their own statistics.
  double loss(std::span<const int32_t> samples) const { return loss(Split::Train, samples, true); }

  /// The same in evaluation: batch norms use their running statistics.
  double evaluatedLoss(Split split, std::span<const int32_t> samples) const { return loss(split, samples, false); }

  /// d loss / d value, where `value` is one of `layers` or `norms`.
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

  /// What a training step on these samples makes of a batch norm's running mean and variance.
  SlowNorm runningAfter(size_t norm, std::span<const int32_t> samples) const {
    std::vector<Batch> outputs;
    forward(Split::Train, samples, true, outputs);
    const NormLayer layer = normLayers(network_)[norm];
    const int from = network_.ops[static_cast<size_t>(layer.op)].inputs[0];
    SlowNorm after = norms[norm];
    for (int64_t c = 0; c < layer.channels; ++c) {
      const Moments m = moments(outputs[static_cast<size_t>(from)], c, shapes_[static_cast<size_t>(from)]);
      const auto at = static_cast<size_t>(c);
      after.mean[at] += 0.1 * (m.mean - after.mean[at]);
      after.variance[at] += 0.1 * (m.variance * m.count / (m.count - 1) - after.variance[at]);
    }
    return after;
  }

 private:
  using Values = std::vector<double>;  ///< [channels][height][width]
  using Batch = std::vector<Values>;   ///< one a sample

  double loss(Split split, std::span<const int32_t> samples, bool training) const {
    std::vector<Batch> outputs;
    forward(split, samples, training, outputs);
    double total = 0;
    for (size_t s = 0; s < samples.size(); ++s) {
      const Values& logits = outputs.back()[s];
      double sum = 0;
      for (const double logit : logits) sum += std::exp(logit);
      total += std::log(sum) - logits[data_->split(split).labels[static_cast<size_t>(samples[s])]];
    }
    return total / static_cast<double>(samples.size());
  }

  /// Fills the output of every operation.
  void forward(Split split, std::span<const int32_t> samples, bool training, std::vector<Batch>& outputs) const {
    Batch input;
    for (const int32_t sample : samples) input.push_back(pixels(split, sample));
    size_t layer = 0, norm = 0;
    for (size_t i = 0; i < network_.ops.size(); ++i) {
      const Op& op = network_.ops[i];
      const auto valuesOf = [&](int from) -> const Batch& {
        return from == kNetworkInput ? input : outputs[static_cast<size_t>(from)];
      };
      const Batch& in = valuesOf(op.inputs[0]);
      const Shape from =
          op.inputs[0] == kNetworkInput ? network_.input : shapes_[static_cast<size_t>(op.inputs[0])];
      const Shape to = shapes_[i];
      Batch out = in;
      for (size_t s = 0; s < in.size(); ++s) {
        if (op.kind == OpKind::Linear) out[s] = linear(layers[layer], in[s], to.size());
        if (op.kind == OpKind::Conv2d) out[s] = convolve(layers[layer], op, in[s], from, to);
        if (op.kind == OpKind::MaxPool) out[s] = pool(op, in[s], from, to);
        if (op.kind == OpKind::GlobalAvgPool) out[s] = average(in[s], from);
        if (op.kind == OpKind::ReLU)
          for (double& v : out[s]) v = std::max(v, 0.0);
        if (op.kind == OpKind::Add)
          for (size_t k = 0; k < out[s].size(); ++k) out[s][k] += valuesOf(op.inputs[1])[s][k];
      }
      if (op.kind == OpKind::BatchNorm) normalise(norms[norm++], out, to, training);
      if (op.kind == OpKind::Linear || op.kind == OpKind::Conv2d) ++layer;
      outputs.push_back(std::move(out));
    }
  }

  Values pixels(Split split, int32_t sample) const {
    const int64_t size = data_->shape.size(), area = data_->shape.height * data_->shape.width;
    Values values;
    for (int64_t i = 0; i < size; ++i) {
      const auto channel = static_cast<size_t>(i / area);
      const double pixel = data_->split(split).pixels[static_cast<size_t>(sample * size + i)] / 255.0;
      values.push_back((pixel - data_->mean[channel]) / data_->deviation[channel]);
    }
    return values;
  }

  struct Moments {
    double mean = 0, variance = 0, count = 0;  ///< variance: divided by the count
  };

  static Moments moments(const Batch& batch, int64_t channel, const Shape& shape) {
    const int64_t area = shape.height * shape.width;
    Moments m;
    const auto forEachValue = [&](const auto& visit) {
      for (const Values& values : batch)
        for (int64_t i = channel * area; i < (channel + 1) * area; ++i) visit(values[static_cast<size_t>(i)]);
    };
    m.count = static_cast<double>(area) * static_cast<double>(batch.size());
    forEachValue([&](double v) { m.mean += v / m.count; });
    forEachValue([&](double v) { m.variance += (v - m.mean) * (v - m.mean) / m.count; });
    return m;
  }

  static void normalise(const SlowNorm& norm, Batch& batch, const Shape& shape, bool training) {
    const int64_t area = shape.height * shape.width;
    for (int64_t c = 0; c < shape.channels; ++c) {
      const auto at = static_cast<size_t>(c);
      const Moments m = training ? moments(batch, c, shape) : Moments{norm.mean[at], norm.variance[at], 0};
      for (Values& values : batch)
        for (int64_t i = c * area; i < (c + 1) * area; ++i) {
          double& v = values[static_cast<size_t>(i)];
          v = (v - m.mean) / std::sqrt(m.variance + 1e-5) * norm.scale[at] + norm.shift[at];
        }
    }
  }

  static Values average(const Values& in, const Shape& shape) {
    const auto area = static_cast<size_t>(shape.height * shape.width);
    Values out(static_cast<size_t>(shape.channels));
    for (size_t i = 0; i < in.size(); ++i) out[i / area] += in[i] / static_cast<double>(area);
    return out;
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
