#include "engines/cuda/arena_state.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace lab::cuda {

namespace {

constexpr size_t kPiece = size_t{32} << 20;  // bytes of pinned memory that a copy of the whole passes through

/// Calls visit(device memory, host array) for everything that a copy holds.
template <class Copy, class Visit>
void forEachArray(const Arena& arena, int64_t run, Copy& copy, Visit&& visit) {
  const Parameters p = arena.parameters(run);
  visit(p.weight, copy.weight);
  visit(p.momentum, copy.momentum);
  if (p.secondMoment != nullptr) visit(p.secondMoment, copy.secondMoment);
  visit(p.gradient, copy.gradient);
  visit(p.active, copy.active);
  visit(p.explored, copy.explored);
  visit(arena.means(), copy.statistics);
  if (p.thresholds != nullptr) visit(p.thresholds, copy.thresholds);
}

template <class Bytes, class Move>
void inPieces(Bytes* host, void* device, size_t bytes, Move&& move) {
  for (size_t done = 0; done < bytes; done += kPiece)
    move(host + done, static_cast<std::byte*>(device) + done, std::min(kPiece, bytes - done));
}

Mask maskOf(const std::vector<uint64_t>& words, const Segment& segment) {
  Mask mask(segment.size);
  std::copy_n(words.begin() + segment.begin / kWord, mask.words().size(), mask.words().begin());
  return mask;
}

std::vector<float> atOnes(const std::vector<float>& values, const Segment& segment, const Mask& mask) {
  std::vector<float> out;
  forEachOne(mask, [&](int64_t i) { out.push_back(values[static_cast<size_t>(segment.begin + i)]); });
  return out;
}

void require(bool fits) {
  if (!fits) throw std::invalid_argument("the state of a network of another shape");
}

/// Puts values into a segment: all, those of the mask's ones, or none, which leaves zeros.
void place(std::vector<float>& to, const Segment& segment, const std::vector<float>& from, const Mask* mask) {
  const auto begin = to.begin() + segment.begin;
  if (from.empty()) return;
  if (static_cast<int64_t>(from.size()) == segment.size) {
    std::copy(from.begin(), from.end(), begin);
    return;
  }
  require(mask != nullptr && static_cast<int64_t>(from.size()) == mask->count());
  size_t next = 0;
  forEachOne(*mask, [&](int64_t i) { begin[i] = from[next++]; });
}

void setWords(std::vector<uint64_t>& words, const Segment& segment, const Mask& mask) {
  require(mask.size() == segment.size);
  std::copy(mask.words().begin(), mask.words().end(), words.begin() + segment.begin / kWord);
}

}  // namespace

ArenaCopy download(Device& device, const Arena& arena, int64_t run) {
  ArenaCopy copy;
  const ArenaPlan& plan = arena.plan();
  for (auto* values : {&copy.weight, &copy.momentum, &copy.secondMoment, &copy.gradient})
    values->resize(static_cast<size_t>(plan.size()));
  if (arena.parameters().secondMoment == nullptr) copy.secondMoment.clear();
  copy.active.resize(static_cast<size_t>(plan.words()));
  copy.explored.resize(copy.active.size());
  copy.statistics.resize(static_cast<size_t>(2 * plan.channels));
  if (arena.parameters().thresholds != nullptr) copy.thresholds.resize(plan.layers.size());
  const auto staging = device.pinned(kPiece);
  forEachArray(arena, run, copy, [&](auto* from, auto& to) {
    inPieces(reinterpret_cast<std::byte*>(to.data()), from, to.size() * sizeof(to[0]),
             [&](std::byte* host, std::byte* memory, size_t bytes) {
               device.download(staging.get(), memory, bytes);
               device.mark()->wait();
               std::memcpy(host, staging.get(), bytes);
             });
  });
  return copy;
}

void upload(Device& device, const Arena& arena, const ArenaCopy& copy, int64_t run) {
  const auto staging = device.pinned(kPiece);
  forEachArray(arena, run, copy, [&](auto* to, const auto& from) {
    inPieces(reinterpret_cast<const std::byte*>(from.data()), to, from.size() * sizeof(from[0]),
             [&](const std::byte* host, std::byte* memory, size_t bytes) {
               std::memcpy(staging.get(), host, bytes);
               device.upload(memory, staging.get(), bytes);
               device.mark()->wait();
             });
  });
  device.launch(RefreshKernel{arena.parameters(run)}, arena.plan().blocks());
}

std::vector<float> segmentOf(const std::vector<float>& values, const Segment& segment) {
  const auto begin = values.begin() + segment.begin;
  return {begin, begin + segment.size};
}

EngineState stateOf(const ArenaPlan& plan, const ArenaCopy& copy, bool denseMomentum) {
  EngineState state;
  const auto vectorOf = [&](const std::vector<float>& values, int32_t segment) {
    if (segment < 0 || values.empty()) return std::vector<float>();
    return segmentOf(values, plan.segments[static_cast<size_t>(segment)]);
  };
  for (size_t l = 0; l < plan.layers.size(); ++l) {
    const Segment& weight = plan.weight(l);
    LayerState layer;
    layer.active = maskOf(copy.active, weight);
    layer.explored = maskOf(copy.explored, weight);
    const bool learns = !copy.thresholds.empty();
    layer.weights = learns ? segmentOf(copy.weight, weight) : atOnes(copy.weight, weight, layer.active);
    if (learns) {
      state.thresholds.push_back(copy.thresholds[l].parameter);
      state.thresholdMomentum.push_back(copy.thresholds[l].momentum);
    }
    layer.momentum = denseMomentum ? segmentOf(copy.momentum, weight) : atOnes(copy.momentum, weight, layer.active);
    if (!copy.secondMoment.empty()) layer.secondMoment = atOnes(copy.secondMoment, weight, layer.active);
    const int32_t bias = plan.layers[l].bias;
    layer.bias = vectorOf(copy.weight, bias);
    layer.biasMomentum = vectorOf(copy.momentum, bias);
    layer.biasSecondMoment = vectorOf(copy.secondMoment, bias);
    state.layers.push_back(std::move(layer));
  }
  for (const ArenaPlan::Norm& norm : plan.norms) {
    const auto statistics = copy.statistics.begin() + norm.statistics;
    const auto channels = plan.segments[static_cast<size_t>(norm.scale)].size;
    NormState values;
    values.scale = vectorOf(copy.weight, norm.scale);
    values.shift = vectorOf(copy.weight, norm.shift);
    values.mean.assign(statistics, statistics + channels);
    values.variance.assign(statistics + plan.channels, statistics + plan.channels + channels);
    values.scaleMomentum = vectorOf(copy.momentum, norm.scale);
    values.shiftMomentum = vectorOf(copy.momentum, norm.shift);
    values.scaleSecondMoment = vectorOf(copy.secondMoment, norm.scale);
    values.shiftSecondMoment = vectorOf(copy.secondMoment, norm.shift);
    state.norms.push_back(std::move(values));
  }
  return state;
}

ArenaCopy copyOf(const ArenaPlan& plan, const EngineState& state, bool secondMoment, bool denseMomentum) {
  require(state.layers.size() == plan.layers.size() && state.norms.size() == plan.norms.size());
  ArenaCopy copy;
  for (auto* values : {&copy.weight, &copy.momentum, &copy.gradient}) values->resize(static_cast<size_t>(plan.size()));
  if (secondMoment) copy.secondMoment.resize(static_cast<size_t>(plan.size()));
  copy.active.resize(static_cast<size_t>(plan.words()));
  copy.explored.resize(copy.active.size());
  copy.statistics.resize(static_cast<size_t>(2 * plan.channels));

  const auto vector = [&](int32_t segment, const std::vector<float>& values, const std::vector<float>& momentum,
                          const std::vector<float>& second) {
    if (segment < 0) return require(values.empty());
    const Segment& at = plan.segments[static_cast<size_t>(segment)];
    require(static_cast<int64_t>(values.size()) == at.size);
    place(copy.weight, at, values, nullptr);
    place(copy.momentum, at, momentum, nullptr);
    if (secondMoment) place(copy.secondMoment, at, second, nullptr);
    setWords(copy.active, at, Mask(at.size, true));
    setWords(copy.explored, at, Mask(at.size, true));
  };
  for (size_t l = 0; l < plan.layers.size(); ++l) {
    const LayerState& layer = state.layers[l];
    const Segment& weight = plan.weight(l);
    setWords(copy.active, weight, layer.active);
    setWords(copy.explored, weight, layer.explored);
    require(static_cast<int64_t>(layer.weights.size()) == layer.active.count() ||
            (!state.thresholds.empty() && static_cast<int64_t>(layer.weights.size()) == weight.size));
    place(copy.weight, weight, layer.weights, &layer.active);
    require(denseMomentum || static_cast<int64_t>(layer.momentum.size()) <= layer.active.count());
    place(copy.momentum, weight, layer.momentum, &layer.active);
    if (secondMoment) place(copy.secondMoment, weight, layer.secondMoment, &layer.active);
    vector(plan.layers[l].bias, layer.bias, layer.biasMomentum, layer.biasSecondMoment);
  }
  for (size_t n = 0; n < plan.norms.size(); ++n) {
    const NormState& norm = state.norms[n];
    const ArenaPlan::Norm& at = plan.norms[n];
    vector(at.scale, norm.scale, norm.scaleMomentum, norm.scaleSecondMoment);
    vector(at.shift, norm.shift, norm.shiftMomentum, norm.shiftSecondMoment);
    require(norm.mean.size() == norm.scale.size() && norm.variance.size() == norm.scale.size());
    std::copy(norm.mean.begin(), norm.mean.end(), copy.statistics.begin() + at.statistics);
    std::copy(norm.variance.begin(), norm.variance.end(), copy.statistics.begin() + plan.channels + at.statistics);
  }
  return copy;
}

void placeThresholds(ArenaCopy& copy, const EngineState& state, float start) {
  copy.thresholds.assign(state.layers.size(), {start, 0});
  for (size_t l = 0; l < state.thresholds.size(); ++l)
    copy.thresholds[l] = {state.thresholds[l], state.thresholdMomentum[l]};
}

}  // namespace lab::cuda
