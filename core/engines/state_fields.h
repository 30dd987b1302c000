#pragma once
// The members of an engine's state, listed once for all who go through them. A member that is added and not listed
// here does not compile: the structured bindings name as many as there are.

#include "engines/engine.h"

#include <tuple>
#include <type_traits>

namespace lab {

template <class Struct, class Wanted>
concept Is = std::is_same_v<std::remove_const_t<Struct>, Wanted>;

template <Is<LayerState> State>
auto fields(State& state) {
  auto& [active, explored, weights, momentum, secondMoment, bias, biasMomentum, biasSecondMoment] = state;
  return std::tie(active, explored, weights, momentum, secondMoment, bias, biasMomentum, biasSecondMoment);
}

template <Is<NormState> State>
auto fields(State& state) {
  auto& [scale, shift, mean, variance, scaleMomentum, shiftMomentum, scaleSecondMoment, shiftSecondMoment] = state;
  return std::tie(scale, shift, mean, variance, scaleMomentum, shiftMomentum, scaleSecondMoment,
                  shiftSecondMoment);
}

template <Is<EngineState> State>
auto fields(State& state) {
  auto& [layers, norms, thresholds, thresholdMomentum, dropThreshold, optimizerSteps] = state;
  return std::tie(layers, norms, thresholds, thresholdMomentum, dropThreshold, optimizerSteps);
}

/// Calls visit(std::vector<float>&) for every such array.
template <Is<EngineState> State, class Visit>
void forEachFloats(State& state, Visit&& visit) {
  const auto visitIfFloats = [&](auto& field) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(field)>, std::vector<float>>) visit(field);
  };
  const auto visitAll = [&](auto& part) {
    std::apply([&](auto&... field) { (visitIfFloats(field), ...); }, fields(part));
  };
  visitAll(state);
  for (auto& layer : state.layers) visitAll(layer);
  for (auto& norm : state.norms) visitAll(norm);
}

}  // namespace lab
