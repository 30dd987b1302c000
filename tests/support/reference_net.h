#pragma once
// A slow multilayer perceptron in double precision with plain loops: the oracle that engines are compared with.
// Softmax cross-entropy with smoothed labels, mean over the batch; SGD with momentum, Nesterov and weight decay,
// and Adam, as in PyTorch.

#include "engines/engine.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace lab::test {

struct ReferenceLayer {
  int64_t rows = 0, columns = 0;
  bool relu = false;
  Mask active, explored;
  std::vector<double> weights, momentum, gradient;       ///< [rows][columns], dense; weights 0 where inactive
  std::vector<double> bias, biasMomentum, biasGradient;  ///< empty: no bias
  std::vector<double> secondMoment, biasSecondMoment;
};

class ReferenceNet {
 public:
  ReferenceNet(const NetworkSpec& network, std::shared_ptr<const Dataset> data, const Config& config)
      : data_(std::move(data)), config_(config) {
    int64_t width = network.input.size();
    for (const Op& op : network.ops) {
      if (op.kind == OpKind::Linear) {
        ReferenceLayer layer;
        layer.rows = op.outputs;
        layer.columns = width;
        layer.bias.resize(op.bias ? static_cast<size_t>(op.outputs) : 0);
        layers.push_back(std::move(layer));
        width = op.outputs;
      } else if (op.kind == OpKind::ReLU) {
        layers.back().relu = true;
      } else if (op.kind != OpKind::Flatten) {
        throw std::invalid_argument("the reference knows Linear, ReLU and Flatten only");
      }
    }
  }

  std::vector<ReferenceLayer> layers;

  void restore(const EngineState& state) {
    for (size_t l = 0; l < layers.size(); ++l) {
      const LayerState& from = state.layers.at(l);
      ReferenceLayer& to = layers[l];
      to.active = from.active;
      to.explored = from.explored;
      to.weights.assign(static_cast<size_t>(to.rows * to.columns), 0);
      to.momentum.assign(to.weights.size(), 0);
      to.secondMoment.assign(to.weights.size(), 0);
      const auto positions = from.active.positions();
      for (size_t i = 0; i < positions.size(); ++i) {
        to.weights[static_cast<size_t>(positions[i])] = from.weights[i];
        if (!from.momentum.empty()) to.momentum[static_cast<size_t>(positions[i])] = from.momentum[i];
        if (!from.secondMoment.empty()) to.secondMoment[static_cast<size_t>(positions[i])] = from.secondMoment[i];
      }
      to.bias.assign(from.bias.begin(), from.bias.end());
      to.biasMomentum.assign(from.biasMomentum.begin(), from.biasMomentum.end());
      to.biasMomentum.resize(to.bias.size());
      to.biasSecondMoment.assign(from.biasSecondMoment.begin(), from.biasSecondMoment.end());
      to.biasSecondMoment.resize(to.bias.size());
    }
  }

  EngineState state() const {
    const auto narrow = [](const std::vector<double>& values) {
      return std::vector<float>(values.begin(), values.end());
    };
    EngineState state;
    for (const ReferenceLayer& layer : layers) {
      LayerState out;
      out.active = layer.active;
      out.explored = layer.explored;
      out.bias = narrow(layer.bias);
      out.biasMomentum = narrow(layer.biasMomentum);
      if (adam()) out.biasSecondMoment = narrow(layer.biasSecondMoment);
      forEachOne(layer.active, [&](int64_t i) {
        out.weights.push_back(static_cast<float>(layer.weights[static_cast<size_t>(i)]));
        out.momentum.push_back(static_cast<float>(layer.momentum[static_cast<size_t>(i)]));
        if (adam()) out.secondMoment.push_back(static_cast<float>(layer.secondMoment[static_cast<size_t>(i)]));
      });
      state.layers.push_back(std::move(out));
    }
    state.optimizerSteps = steps_;
    return state;
  }

  /// Logits of one sample of a split.
  std::vector<double> logits(Split split, int32_t sample) { return forward(split, sample).back(); }

  /// Sum of the loss, number of correct answers (the first of equal logits answers), number of samples.
  Sums sums(Split split, std::span<const int32_t> samples) { return sums(split, samples, 0); }

  /// The same of a training step, whose labels are smoothed.
  Sums trainingSums(std::span<const int32_t> samples) {
    return sums(Split::Train, samples, config_.label_smoothing);
  }

  Sums sums(Split split, std::span<const int32_t> samples, double smoothing) {
    Sums total;
    for (const int32_t sample : samples) {
      const auto out = forward(split, sample).back();
      const auto answer = std::max_element(out.begin(), out.end());
      const int label = labelOf(split, sample);
      double sum = 0;
      for (const double logit : out) sum += std::exp(logit - *answer);
      for (size_t c = 0; c < out.size(); ++c)
        total.loss += target(c, label, smoothing, out.size()) * (std::log(sum) + *answer - out[c]);
      total.correct += answer - out.begin() == label;
      ++total.samples;
    }
    return total;
  }

  Sums evaluate(Split split) {
    std::vector<int32_t> all(static_cast<size_t>(data_->split(split).count));
    for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int32_t>(i);
    return sums(split, all);
  }

  /// Fills `gradient` at every position, active or not, and `biasGradient`, with the mean over the samples.
  void backward(std::span<const int32_t> samples) {
    for (ReferenceLayer& layer : layers) {
      layer.gradient.assign(layer.weights.size(), 0);
      layer.biasGradient.assign(layer.bias.size(), 0);
    }
    for (const int32_t sample : samples) addGradient(sample, 1.0 / static_cast<double>(samples.size()));
  }

  /// The optimizer step with the gradients of the last backward().
  void update(double learningRate) {
    ++steps_;
    for (ReferenceLayer& layer : layers) {
      forEachOne(layer.active, [&](int64_t position) {
        const auto i = static_cast<size_t>(position);
        updateOne(layer.weights[i], layer.momentum[i], layer.secondMoment[i], layer.gradient[i], learningRate);
      });
      for (size_t i = 0; i < layer.bias.size(); ++i)
        updateOne(layer.bias[i], layer.biasMomentum[i], layer.biasSecondMoment[i], layer.biasGradient[i],
                  learningRate);
    }
  }

  void step(std::span<const int32_t> samples, double learningRate) {
    backward(samples);
    update(learningRate);
  }

 private:
  int labelOf(Split split, int32_t sample) const {
    return data_->split(split).labels[static_cast<size_t>(sample)];
  }

  /// The input and every layer's output.
  std::vector<std::vector<double>> forward(Split split, int32_t sample) const {
    const int64_t features = data_->shape.size();
    const int64_t area = data_->shape.height * data_->shape.width;
    std::vector<std::vector<double>> outputs(1, std::vector<double>(static_cast<size_t>(features)));
    for (int64_t f = 0; f < features; ++f) {
      const auto channel = static_cast<size_t>(f / area);
      const double pixel = data_->split(split).pixels[static_cast<size_t>(sample * features + f)] / 255.0;
      outputs[0][static_cast<size_t>(f)] = (pixel - data_->mean[channel]) / data_->deviation[channel];
    }
    for (const ReferenceLayer& layer : layers) {
      const auto& in = outputs.back();
      std::vector<double> out(static_cast<size_t>(layer.rows));
      for (size_t r = 0; r < out.size(); ++r) {
        out[r] = layer.bias.empty() ? 0 : layer.bias[r];
        for (size_t c = 0; c < in.size(); ++c) out[r] += layer.weights[r * in.size() + c] * in[c];
        if (layer.relu && out[r] < 0) out[r] = 0;
      }
      outputs.push_back(std::move(out));
    }
    return outputs;
  }

  void addGradient(int32_t sample, double share) {
    const auto outputs = forward(Split::Train, sample);
    std::vector<double> delta = outputs.back();
    const double top = *std::max_element(delta.begin(), delta.end());
    double sum = 0;
    for (double& d : delta) sum += d = std::exp(d - top);
    const int label = labelOf(Split::Train, sample);
    for (size_t c = 0; c < delta.size(); ++c)
      delta[c] = share * (delta[c] / sum - target(c, label, config_.label_smoothing, delta.size()));

    for (size_t l = layers.size(); l-- > 0;) {
      ReferenceLayer& layer = layers[l];
      const auto& in = outputs[l];
      std::vector<double> below(in.size());
      for (size_t r = 0; r < delta.size(); ++r) {
        if (layer.relu && !(outputs[l + 1][r] > 0)) delta[r] = 0;
        if (!layer.bias.empty()) layer.biasGradient[r] += delta[r];
        for (size_t c = 0; c < in.size(); ++c) {
          layer.gradient[r * in.size() + c] += delta[r] * in[c];
          below[c] += delta[r] * layer.weights[r * in.size() + c];
        }
      }
      delta = std::move(below);
    }
  }

  bool adam() const { return config_.optimizer == kAdam; }

  /// The share of class `c` in what the network should answer.
  static double target(size_t c, int label, double smoothing, size_t classes) {
    return (static_cast<int>(c) == label ? 1 - smoothing : 0) + smoothing / static_cast<double>(classes);
  }

  void updateOne(double& weight, double& momentum, double& secondMoment, double gradient,
                 double learningRate) const {
    gradient += config_.weight_decay * weight;
    if (adam()) {
      const auto t = static_cast<double>(steps_);
      momentum = config_.adam_beta1 * momentum + (1 - config_.adam_beta1) * gradient;
      secondMoment = config_.adam_beta2 * secondMoment + (1 - config_.adam_beta2) * gradient * gradient;
      const double first = momentum / (1 - std::pow(config_.adam_beta1, t));
      const double second = secondMoment / (1 - std::pow(config_.adam_beta2, t));
      weight -= learningRate * first / (std::sqrt(second) + config_.adam_epsilon);
      return;
    }
    momentum = config_.momentum * momentum + gradient;
    weight -= learningRate * (config_.nesterov ? gradient + config_.momentum * momentum : momentum);
  }

  int64_t steps_ = 0;
  std::shared_ptr<const Dataset> data_;
  Config config_;
};

}  // namespace lab::test
