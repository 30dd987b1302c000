#include "engines/masked/masked_layer.h"

#include "topology/select.h"

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

/// `from` at the ones of `mask`, zero elsewhere.
void scatter(std::span<const float> from, const Mask& mask, std::span<float> values) {
  std::fill(values.begin(), values.end(), 0.0f);
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

MaskedLayer::MaskedLayer(const LayerTensors& tensors)
    : tensors_(tensors),
      active_(static_cast<int64_t>(tensors.weight.size())),
      explored_(active_),
      momentum_(tensors.weight.size()),
      biasMomentum_(tensors.bias.size()) {}

void MaskedLayer::step(const SgdKernel& kernel, const SgdStep& step) {
  kernel.run({tensors_.weight.data(), momentum_.data(), tensors_.weightGradient.data(), active_.words().data(),
              active_.size()},
             step);
  kernel.run({tensors_.bias.data(), biasMomentum_.data(), tensors_.biasGradient.data(), nullptr,
              static_cast<int64_t>(tensors_.bias.size())},
             step);
}

std::vector<int64_t> MaskedLayer::drop(int64_t k) {
  const auto positions = active_.positions();
  std::vector<int64_t> dropped;
  for (const int64_t place : smallestMagnitude(gather(tensors_.weight, active_), k))
    dropped.push_back(positions[static_cast<size_t>(place)]);
  for (const int64_t position : dropped) {
    active_.clear(position);
    tensors_.weight[static_cast<size_t>(position)] = 0;
    momentum_[static_cast<size_t>(position)] = 0;
  }
  return dropped;
}

std::vector<int64_t> MaskedLayer::growByGradient(const Mask* barred, int64_t k) const {
  Mask candidates(active_.size(), true);
  for (size_t w = 0; w < candidates.words().size(); ++w) {
    candidates.words()[w] &= ~active_.words()[w];
    if (barred != nullptr) candidates.words()[w] &= ~barred->words()[w];
  }
  const auto positions = candidates.positions();
  const auto scores = gather(tensors_.weightGradient, candidates);
  std::vector<int64_t> grown;
  for (const int64_t place : largestMagnitude(scores, std::min(k, static_cast<int64_t>(scores.size()))))
    grown.push_back(positions[static_cast<size_t>(place)]);
  return grown;
}

std::vector<int64_t> MaskedLayer::grow(const TopologyPlan& plan, size_t layer, const Mask* barred) const {
  const int64_t k = plan.drop[layer];
  const RandomKey key{plan.seed, Purpose::Grow, static_cast<uint32_t>(layer), static_cast<uint32_t>(plan.update)};
  switch (plan.rules.grow) {
    case GrowRule::None:
      return {};
    case GrowRule::Random:
      return growRandom(active_, barred, k, key);
    case GrowRule::ExploreFirst:
      return growExploreFirst(active_, explored_, barred, k, key);
    case GrowRule::Gradient:
      return growByGradient(barred, k);
  }
  throw std::logic_error("a growth rule that the masked engine does not know");
}

LayerChange MaskedLayer::updateTopology(const TopologyPlan& plan, size_t layer) {
  LayerChange change;
  change.dropped = drop(plan.drop.at(layer));
  if (plan.regrowDropped) {
    change.grown = grow(plan, layer, nullptr);
  } else {
    Mask barred(active_.size());
    for (const int64_t position : change.dropped) barred.set(position);
    change.grown = grow(plan, layer, &barred);
  }
  for (const int64_t position : change.grown) active_.set(position);
  explored_ |= active_;
  return change;
}

LayerState MaskedLayer::state() const {
  LayerState state;
  state.active = active_;
  state.explored = explored_;
  state.weights = gather(tensors_.weight, active_);
  state.momentum = gather(momentum_, active_);
  state.bias.assign(tensors_.bias.begin(), tensors_.bias.end());
  state.biasMomentum = biasMomentum_;
  return state;
}

void MaskedLayer::restore(const LayerState& state) {
  const auto ones = static_cast<size_t>(state.active.count());
  if (state.active.size() != active_.size() || state.weights.size() != ones ||
      !fits(state.momentum.size(), ones) || state.bias.size() != tensors_.bias.size() ||
      !fits(state.biasMomentum.size(), tensors_.bias.size()))
    throw std::invalid_argument("the state of a layer of another shape");
  active_ = state.active;
  explored_ = state.explored;
  scatter(state.weights, active_, tensors_.weight);
  scatter(state.momentum.empty() ? std::vector<float>(ones) : state.momentum, active_, momentum_);
  copyOrZero(state.bias, tensors_.bias);
  copyOrZero(state.biasMomentum, biasMomentum_);
}

}  // namespace lab::masked
