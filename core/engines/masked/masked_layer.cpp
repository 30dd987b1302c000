#include "engines/masked/masked_layer.h"

#include <algorithm>
#include <stdexcept>

namespace lab::masked {

namespace {

/// Values at the ones of `mask`, ascending.
std::vector<float> gather(std::span<const float> values, const Mask& mask) {
  std::vector<float> out;
  out.reserve(static_cast<size_t>(mask.count()));
  forEachOne(mask, [&](int64_t i) { out.push_back(values[static_cast<size_t>(i)]); });
  return out;
}

/// `from` everywhere when it has a value for each position; otherwise at the ones of `mask`, zero elsewhere.
/// Empty: zero.
void place(std::span<const float> from, const Mask& mask, std::span<float> values) {
  if (from.size() == values.size()) {
    std::copy(from.begin(), from.end(), values.begin());
    return;
  }
  std::fill(values.begin(), values.end(), 0.0f);
  if (from.empty()) return;
  size_t next = 0;
  forEachOne(mask, [&](int64_t i) { values[static_cast<size_t>(i)] = from[next++]; });
}

void copyOrZero(const std::vector<float>& from, std::span<float> to) {
  if (from.empty())
    std::fill(to.begin(), to.end(), 0.0f);
  else
    std::copy_n(from.begin(), to.size(), to.begin());
}

bool fits(size_t values, size_t wanted) { return values == 0 || values == wanted; }

}  // namespace

MaskedLayer::MaskedLayer(const LayerTensors& tensors, int64_t rows, LayerKind kind)
    : tensors_(tensors),
      rows_(rows),
      kind_(kind),
      active_(static_cast<int64_t>(tensors.weight.size())),
      explored_(active_),
      momentum_(tensors.weight.size()),
      biasMomentum_(tensors.bias.size()) {
  if (kind_.learnedThreshold) learned_.emplace(active_.size());
  if (!kind_.secondMoment) return;
  secondMoment_.resize(momentum_.size());
  biasSecondMoment_.resize(biasMomentum_.size());
}

void MaskedLayer::step(const OptimizerKernel& kernel, const OptimizerStep& step) {
  if (learned_) {
    learned_->step(kernel, step, tensors_.weightGradient, momentum_);
    learned_->project(tensors_.weight);
  } else {
    kernel.run({tensors_.weight.data(), momentum_.data(), secondMoment_.data(), tensors_.weightGradient.data(),
                active_.words().data(), active_.size()},
               step);
    if (kind_.denseMomentum) keepInactiveMomentum(step);
  }
  kernel.run({tensors_.bias.data(), biasMomentum_.data(), biasSecondMoment_.data(), tensors_.biasGradient.data(),
              nullptr, static_cast<int64_t>(tensors_.bias.size())},
             step);
}

void MaskedLayer::keepInactiveMomentum(const OptimizerStep& step) {
  const float share = step.adam ? 1 - step.momentum : 1.0f;
  for (int64_t i = 0; i < active_.size(); ++i)
    if (!active_.test(i)) {
      float& momentum = momentum_[static_cast<size_t>(i)];
      momentum = step.momentum * momentum + share * tensors_.weightGradient[static_cast<size_t>(i)];
    }
}

double MaskedLayer::squaredGradient() const {
  double sum = 0;
  forEachOne(active_, [&](int64_t i) {
    const auto g = static_cast<double>(tensors_.weightGradient[static_cast<size_t>(i)]);
    sum += g * g;
  });
  return sum;
}

LayerChange MaskedLayer::followThreshold() {
  const Mask now = learned_->active();
  LayerChange change;
  forEachOne(active_, [&](int64_t i) {
    if (!now.test(i)) change.dropped.push_back(i);
  });
  forEachOne(now, [&](int64_t i) {
    if (!active_.test(i)) change.grown.push_back(i);
  });
  setMask(now);
  explored_ |= now;
  return change;
}

void MaskedLayer::setThreshold(float s, float momentum) {
  if (!learned_) return;
  learned_->setParameter(s, momentum);
  learned_->project(tensors_.weight);
}

std::span<const float> MaskedLayer::weights() {
  activeWeights_ = gather(tensors_.weight, active_);
  return activeWeights_;
}

std::span<const float> MaskedLayer::scores(Score score) const {
  return score == Score::Gradient ? tensors_.weightGradient : std::span<const float>(momentum_);
}

std::vector<float> MaskedLayer::atActive(Score score) { return gather(scores(score), active_); }

std::vector<int64_t> MaskedLayer::positionsOf(std::span<const int64_t> places) const {
  return onesAt(active_, places);
}

void MaskedLayer::scan(Score score, const Block& block) { block(0, scores(score)); }

void MaskedLayer::replace(std::span<const int64_t>, std::span<const int64_t> dropped,
                          std::span<const int64_t> grown) {
  for (const int64_t position : dropped) {
    active_.clear(position);
    tensors_.weight[static_cast<size_t>(position)] = 0;
    if (!kind_.denseMomentum) momentum_[static_cast<size_t>(position)] = 0;
    if (kind_.secondMoment) secondMoment_[static_cast<size_t>(position)] = 0;
  }
  for (const int64_t position : grown) {
    active_.set(position);
    explored_.set(position);
  }
  activeCount_ += static_cast<int64_t>(grown.size()) - static_cast<int64_t>(dropped.size());
}

void MaskedLayer::setMask(const Mask& active) {
  active_ = active;
  activeCount_ = active.count();
}

LayerState MaskedLayer::state() const {
  LayerState state;
  state.active = active_;
  state.explored = explored_;
  state.weights = learned_ ? std::vector<float>(learned_->weights().begin(), learned_->weights().end())
                           : gather(tensors_.weight, active_);
  state.momentum = learned_ || kind_.denseMomentum ? momentum_ : gather(momentum_, active_);
  state.bias.assign(tensors_.bias.begin(), tensors_.bias.end());
  state.biasMomentum = biasMomentum_;
  if (kind_.secondMoment) state.secondMoment = gather(secondMoment_, active_);
  state.biasSecondMoment = biasSecondMoment_;
  return state;
}

void MaskedLayer::restore(const LayerState& state) {
  const auto ones = static_cast<size_t>(state.active.count()), all = tensors_.weight.size();
  const bool weightsFit = state.weights.size() == ones || (learned_ && state.weights.size() == all);
  const bool momentumFits =
      fits(state.momentum.size(), ones) || (state.momentum.size() == all && (learned_ || kind_.denseMomentum));
  if (state.active.size() != active_.size() || !weightsFit || !momentumFits ||
      state.bias.size() != tensors_.bias.size() || !fits(state.biasMomentum.size(), tensors_.bias.size()) ||
      !fits(state.secondMoment.size(), ones) || !fits(state.biasSecondMoment.size(), tensors_.bias.size()))
    throw std::invalid_argument("the state of a layer of another shape");
  setMask(state.active);
  explored_ = state.explored;
  place(state.weights, active_, learned_ ? learned_->weights() : tensors_.weight);
  if (learned_) learned_->project(tensors_.weight);
  place(state.momentum, active_, momentum_);
  copyOrZero(state.bias, tensors_.bias);
  copyOrZero(state.biasMomentum, biasMomentum_);
  if (!kind_.secondMoment) return;
  place(state.secondMoment, active_, secondMoment_);
  copyOrZero(state.biasSecondMoment, biasSecondMoment_);
}

}  // namespace lab::masked
