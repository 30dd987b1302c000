#pragma once
// A run made up for the pages: two layers, rows with known values.

#include "training/run_observer.h"

namespace lab::made {

inline std::vector<LayerInfo> layers() {
  return {{"fc1", {6, 70}, 420, 42, .1}, {"conv2", {4, 2, 3, 3}, 72, 36, .5}};
}

/// Every `stride`-th weight exists.
inline Mask everyNth(int64_t size, int64_t stride, int64_t first = 0) {
  Mask mask(size);
  for (int64_t i = first; i < size; i += stride) mask.set(i);
  return mask;
}

inline RunStart start() {
  RunStart start;
  start.engine = "fake";
  start.layers = layers();
  start.initialMasks = {everyNth(420, 10), everyNth(72, 2)};
  start.plannedSteps = 1000;
  start.stepsPerEpoch = 100;
  return start;
}

/// A row every 10 steps, an evaluation every 100.
inline std::vector<Metrics> rows(int64_t until) {
  std::vector<Metrics> rows;
  for (int64_t step = 10; step <= until; step += 10) {
    Metrics row;
    row.step = step;
    row.epoch = static_cast<double>(step) / 100;
    row.plannedSteps = 1000;
    row.trainLoss = 1.0 / static_cast<double>(step);
    row.trainAccuracy = .5 + static_cast<double>(step) / 4000;
    if (step % 100 == 0) {
      row.testAccuracy = .6 + static_cast<double>(step) / 5000;
      row.testLoss = .5;
    }
    row.rs = .1 + static_cast<double>(step) / 2000;
    row.reliable = row.rs / 2;
    row.exploration = {
        .weights = 492, .active = 78, .explored = 78 + step / 10, .initialSurvivors = 40, .activeReliable = 50};
    rows.push_back(row);
  }
  return rows;
}

inline std::shared_ptr<const MaskSnapshot> snapshot(int64_t first = 0) {
  auto moment = std::make_shared<MaskSnapshot>();
  moment->step = 500;
  moment->active = {everyNth(420, 10, first), everyNth(72, 2)};
  moment->explored = {everyNth(420, 5), everyNth(72, 2)};
  for (size_t l = 0; l < 2; ++l) {
    LayerExploration layer;
    layer.weights = moment->active[l].size();
    layer.active = moment->active[l].count();
    layer.explored = moment->explored[l].count();
    layer.grown = layer.dropped = 3;
    moment->layers.push_back(layer);
    moment->state.layers.emplace_back();
    moment->aliveSince.emplace_back();
    moment->lives.emplace_back();
    for (int64_t i = 0; i < layer.active; ++i) {
      moment->state.layers[l].weights.push_back(static_cast<float>(i) / 8);
      moment->aliveSince[l].push_back(10 * i);
      moment->lives[l].push_back(static_cast<uint8_t>(i % 3 + 1));
    }
  }
  return moment;
}

}  // namespace lab::made
