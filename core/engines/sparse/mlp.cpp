#include "engines/sparse/mlp.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lab::sparse {

namespace {

constexpr int64_t kGradientRows = 16;  // of a full layer, computed together before the optimizer uses them up

void grow(AlignedVector<float>& values, int64_t size) {
  if (values.size() < static_cast<size_t>(size)) values.resize(static_cast<size_t>(size));
}

}  // namespace

Layer::Layer(const LinearShape& linear, bool secondMoments)
    : shape(linear),
      matrix(linear.rows, linear.columns, secondMoments),
      bias(static_cast<size_t>(linear.bias ? linear.rows : 0)),
      biasMomentum(bias.size()),
      biasSecondMoment(secondMoments ? bias.size() : 0),
      active(linear.rows * linear.columns),
      explored(active.size()),
      deltaSums(static_cast<size_t>(linear.rows)) {}

LayerState Layer::state() const {
  const auto weights = matrix.weights(), momentum = matrix.momentum(), second = matrix.secondMoment();
  LayerState state;
  state.active = active;
  state.explored = explored;
  state.weights.assign(weights.begin(), weights.end());
  state.momentum.assign(momentum.begin(), momentum.end());
  state.bias.assign(bias.begin(), bias.end());
  state.biasMomentum.assign(biasMomentum.begin(), biasMomentum.end());
  state.secondMoment.assign(second.begin(), second.end());
  state.biasSecondMoment.assign(biasSecondMoment.begin(), biasSecondMoment.end());
  return state;
}

void Layer::restore(const LayerState& state) {
  if (state.bias.size() != bias.size() || state.explored.size() != explored.size() ||
      (!state.biasMomentum.empty() && state.biasMomentum.size() != bias.size()) ||
      (!state.biasSecondMoment.empty() && state.biasSecondMoment.size() != bias.size()))
    throw std::invalid_argument("a layer's state does not fit the layer");
  matrix.assign(state.active, state.weights, state.momentum, state.secondMoment);
  active = state.active;
  explored = state.explored;
  bias.assign(state.bias.begin(), state.bias.end());
  biasMomentum.assign(state.biasMomentum.begin(), state.biasMomentum.end());
  biasMomentum.resize(bias.size());
  if (biasSecondMoment.empty()) return;
  biasSecondMoment.assign(state.biasSecondMoment.begin(), state.biasSecondMoment.end());
  biasSecondMoment.resize(bias.size());
}

Mlp::Mlp(const LayerChain& chain, std::shared_ptr<const Dataset> data, const Kernels& kernels, int threads,
         bool secondMoments)
    : data_(std::move(data)), kernels_(kernels), pool_(threads), gradients_(static_cast<size_t>(threads)) {
  int64_t widest = 0;
  for (const LinearShape& shape : chain.layers) {
    layers_.emplace_back(shape, secondMoments);
    widest = std::max(widest, shape.columns);
  }
  for (auto& gradient : gradients_) grow(gradient, kGradientRows * widest + 8);
}

void Mlp::resize(int64_t samples) {
  stride_ = (samples + kLaneGroup - 1) / kLaneGroup * kLaneGroup;
  grow(input_, layers_.front().shape.columns * stride_);
  for (Layer& layer : layers_) {
    grow(layer.out, layer.shape.rows * stride_);
    grow(layer.delta, layer.shape.rows * stride_);
  }
  for (auto* lanes : {&label_, &share_, &exponentials_, &margin_, &answer_}) grow(*lanes, stride_);
  pixels_.resize(static_cast<size_t>(stride_));
}

void Mlp::gather(const Samples& from, std::span<const int32_t> samples) {
  const int64_t features = data_->shape.size(), area = data_->shape.height * data_->shape.width;
  for (size_t lane = 0; lane < pixels_.size(); ++lane) {
    const bool real = lane < samples.size();
    const int64_t sample = samples[real ? lane : 0];  // padding repeats a sample: finite, and its share is zero
    pixels_[lane] = from.pixels.data() + sample * features;
    label_[lane] = from.labels[static_cast<size_t>(sample)];
    share_[lane] = real ? 1.0f / static_cast<float>(samples.size()) : 0.0f;
  }
  pool_.forRange(stride_, kLaneGroup, [&](int, Range lanes) {
    for (int64_t channel = 0; channel < data_->shape.channels; ++channel) {
      const float mean = data_->mean[static_cast<size_t>(channel)];
      const float deviation = data_->deviation[static_cast<size_t>(channel)];
      kernels_.gather({pixels_.data(),
                       {channel * area, (channel + 1) * area},
                       1.0f / (255.0f * deviation),
                       -mean / deviation,
                       input_.data(),
                       stride_},
                      lanes);
    }
  });
}

Sums Mlp::forward(Split split, std::span<const int32_t> samples, double labelSmoothing) {
  resize(static_cast<int64_t>(samples.size()));
  gather(data_->split(split), samples);
  for (size_t l = 0; l < layers_.size(); ++l) forwardLayer(l);
  return loss(static_cast<int64_t>(samples.size()), labelSmoothing);
}

void Mlp::forwardLayer(size_t l) {
  Layer& layer = layers_[l];
  const float* bias = layer.bias.empty() ? nullptr : layer.bias.data();
  pool_.forRange(layer.shape.rows, 1, [&](int, Range rows) {
    if (layer.matrix.full())
      kernels_.denseForward(layer.matrix.weights().data(), layer.shape.columns, bias, layer.shape.relu, inputOf(l),
                            layer.out.data(), stride_, rows);
    else
      kernels_.sparseForward(layer.matrix.byRows(), bias, layer.shape.relu, inputOf(l), layer.out.data(), stride_,
                             rows);
  });
}

Sums Mlp::loss(int64_t samples, double labelSmoothing) {
  Layer& last = layers_.back();
  kernels_.softmax({last.out.data(), label_.data(), share_.data(), last.shape.rows, stride_,
                    static_cast<float>(labelSmoothing), last.delta.data(), exponentials_.data(), margin_.data(), answer_.data()});
  Sums sums{0, 0, samples};
  for (int64_t first = 0; first < samples; first += kLaneGroup) {
    double product = 1;  // Σ log = log Π; each factor is from 1 to the number of classes, so sixteen fit a double
    for (int64_t lane = first; lane < std::min(first + kLaneGroup, samples); ++lane) {
      const auto i = static_cast<size_t>(lane);
      product *= exponentials_[i];
      sums.loss += margin_[i];
      sums.correct += answer_[i] == label_[i];
    }
    sums.loss += std::log(product);
  }
  return sums;
}

void Mlp::backward(const OptimizerStep* step) {
  for (size_t l = layers_.size(); l-- > 0;) {
    if (l > 0) backwardLayer(l);  // with the weights before their update
    if (step != nullptr) updateLayer(l, *step);
  }
}

/// The deltas below layer l.
void Mlp::backwardLayer(size_t l) {
  const Layer& layer = layers_[l];
  Layer& below = layers_[l - 1];
  const Activation* gate = below.shape.relu ? below.out.data() : nullptr;
  pool_.forRange(layer.shape.columns, 1, [&](int, Range columns) {
    if (layer.matrix.full())
      kernels_.denseBackward(layer.matrix.weights().data(), layer.shape.rows, layer.shape.columns, gate,
                             layer.delta.data(), below.delta.data(), stride_, columns);
    else
      kernels_.sparseBackward(layer.matrix.byColumns(), gate, layer.delta.data(), below.delta.data(), stride_,
                              columns);
  });
}

void Mlp::updateLayer(size_t l, const OptimizerStep& step) {
  Layer& layer = layers_[l];
  const int64_t columns = layer.shape.columns;
  pool_.forRange(layer.shape.rows, 1, [&](int thread, Range rows) {
    float* gradient = gradients_[static_cast<size_t>(thread)].data();
    if (!layer.matrix.full())
      return kernels_.sparseUpdate(layer.matrix.byRows(), layer.matrix.momentsFrom(0), batchOf(l), step, rows,
                                   layer.deltaSums.data(), gradient);
    kernels_.deltaSums(batchOf(l), rows, layer.deltaSums.data());
    for (int64_t r = rows.begin; r < rows.end; r += kGradientRows) {
      const Range block{r, std::min(r + kGradientRows, rows.end)};
      kernels_.denseGradient(batchOf(l), columns, block, gradient);
      kernels_.update(gradient, layer.matrix.weights().data() + r * columns, layer.matrix.momentsFrom(r * columns),
                      (block.end - r) * columns, step);
    }
  });
  kernels_.update(layer.deltaSums.data(), layer.bias.data(),
                  {layer.biasMomentum.data(), layer.biasSecondMoment.data()},
                  static_cast<int64_t>(layer.bias.size()), step);
}

std::vector<float> Mlp::activeGradient(size_t l) {
  Layer& layer = layers_[l];
  const int64_t columns = layer.shape.columns;
  std::vector<float> result(static_cast<size_t>(layer.matrix.size()) + 8);
  if (layer.matrix.full()) {
    denseGradient(l, {0, layer.shape.rows}, result.data());
  } else {
    const RowsView rows = layer.matrix.byRows();
    pool_.forRange(layer.shape.rows, 1, [&](int thread, Range part) {
      auto& scratch = gradients_[static_cast<size_t>(thread)];
      grow(scratch, columns + 8);
      kernels_.sparseGradient(rows, batchOf(l), part, scratch.data(), result.data());
    });
  }
  result.resize(static_cast<size_t>(layer.matrix.size()));
  return result;
}

void Mlp::denseGradient(size_t l, Range rows, float* gradient) {
  const int64_t columns = layers_[l].shape.columns;
  pool_.forRange(rows.end - rows.begin, 1, [&](int, Range part) {
    kernels_.denseGradient(batchOf(l), columns, {rows.begin + part.begin, rows.begin + part.end},
                           gradient + part.begin * columns);
  });
}

}  // namespace lab::sparse
