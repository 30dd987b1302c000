#pragma once
// A small run, told to a writer without training anything.

#include "exploration/exploration_tracker.h"
#include "parameters/config_builder.h"
#include "training/run_observer.h"

#include <QTemporaryDir>

#include <filesystem>
#include <string>

namespace lab {

inline std::filesystem::path pathOf(const QTemporaryDir& folder) { return folder.path().toStdString(); }

inline Config smallConfig() {
  Config config = defaultsFor("set");
  config.model = "mlp";
  config.hidden_widths = "8";
  config.sparsity = 0.995;
  config.update_interval = 7;
  config.mask_history_mib = 1;
  return config;
}

/// Two layers of 64 and 10 weights, of which the first 8 and 5 are active.
inline RunStart smallStart(const Config& config) {
  RunStart start;
  start.config = config;
  start.hash = configurationHash(config);
  start.engine = "sparse";
  start.engineWhy = "because";
  start.engineDetail = "scripted";
  start.sparseArithmetic = true;
  start.layers = {{"fc1", {8, 8}, 64, 8, 0.125}, {"fc2", {10}, 10, 5, 0.5}};
  start.initialMasks = {Mask(64), Mask(10)};
  for (int64_t i = 0; i < 8; ++i) start.initialMasks[0].set(i);
  for (int64_t i = 0; i < 5; ++i) start.initialMasks[1].set(i);
  start.plannedSteps = 100;
  start.stepsPerEpoch = 10;
  start.dataChecksums = {{"train.gz", "abc"}};
  return start;
}

/// Update u turns one weight of the first layer off and the next one on.
inline TopologyEvent smallUpdate(int64_t update) {
  return {update, update * 7, 0.25, {{{update - 1}, {update + 7}}, {{}, {}}}};
}

inline Metrics smallRow(int64_t step) {
  Metrics row;
  row.step = step;
  row.epoch = 0.1 * static_cast<double>(step);
  row.plannedSteps = 100;
  row.trainLoss = 1.0 / 3;
  row.rs = 0.2;
  row.layers.resize(2);
  row.layers[0].weights = 64;
  row.layers[0].explored = 16;
  row.layers[1].weights = 10;
  return row;
}

/// Every member away from its default.
inline RunResult smallResult() {
  RunResult result;
  result.engine = "sparse";
  result.testAccuracy = 0.1 + 0.2;
  result.bestValidationAccuracy = 0.25;
  result.finalTrainLoss = 1.5;
  result.rs = 1.0 / 7;
  result.rsExcludingDense = 1.0 / 9;
  result.reliable = {{0, 0.5}, {20, 0.25}};
  result.survived = {{1, 0.125}};
  result.lifeSums = {{3, {40, 50}}};
  result.activeSteps = 60;
  result.initialEdgesKept = 0.75;
  result.growth = {10, 2, 3};
  result.survival = {{0, 1, 10}, {7, 0.5, 4}};
  result.density = 0.1;
  result.activeWeights = 13;
  result.maskableWeights = 74;
  result.steps = 100;
  result.topologyUpdates = 3;
  result.trainSeconds = 1.25;
  result.seconds = 2.5;
  result.trainFlopsRelativeToDense = 0.05;
  result.layerInfo = smallStart(smallConfig()).layers;
  LayerExploration layer{64, 8, 16, 4, 1, 1, 7, 6, 5, true};
  result.layers = {layer, {}};
  return result;
}

}  // namespace lab
