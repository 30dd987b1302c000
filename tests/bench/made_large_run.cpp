#include "made_large_run.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <string>

namespace lab::bench {

namespace {

constexpr int64_t kStepsARow = 100;

LayerExploration explorationOf(int64_t weights, double share) {
  const auto of = [weights](double part) { return static_cast<int64_t>(part * static_cast<double>(weights)); };
  LayerExploration e;
  e.weights = weights;
  e.active = of(.02);
  e.explored = of(.02 + .6 * share);
  e.reliable = of(.02 + .5 * share);
  e.initialSurvivors = of(.02 * (1 - share));
  e.initialEdges = e.initialSurvivors;
  e.activeReliable = of(.015);
  e.grown = e.dropped = of(.006);
  return e;
}

}  // namespace

std::vector<int64_t> largeLayerSizes() { return std::vector<int64_t>(kLargeLayers, kLargeRows * kLargeColumns); }

RunStart largeRun(const std::vector<Mask>& initial, int64_t plannedSteps, int64_t columns) {
  RunStart start;
  start.engine = "bench";
  start.plannedSteps = plannedSteps;
  start.stepsPerEpoch = 1000;
  start.initialMasks = initial;
  for (size_t l = 0; l < initial.size(); ++l) {
    const Mask& mask = initial[l];
    start.layers.push_back({"fc" + std::to_string(l + 1),
                            {mask.size() / columns, columns},
                            mask.size(),
                            mask.count(),
                            static_cast<double>(mask.count()) / static_cast<double>(mask.size())});
  }
  return start;
}

std::vector<Metrics> largeRows(int64_t from, int64_t until, int64_t plannedSteps) {
  std::vector<Metrics> rows;
  for (int64_t i = from; i < until; ++i) {
    Metrics& row = rows.emplace_back();
    row.step = (i + 1) * kStepsARow;
    row.epoch = static_cast<double>(row.step) / 1000;
    row.plannedSteps = plannedSteps;
    const double share = static_cast<double>(row.step) / static_cast<double>(plannedSteps);
    const double noise = std::sin(static_cast<double>(i) * 12.9898) * .02;
    row.trainAccuracy = .9 - .8 / (1 + 20 * share) + noise;
    row.validationAccuracy = *row.trainAccuracy - .02 + noise / 2;
    row.testAccuracy = *row.trainAccuracy - .03 - noise / 2;
    row.trainLoss = 2.3 / (1 + 20 * share) + noise;
    row.validationLoss = *row.trainLoss + .1;
    row.testLoss = *row.trainLoss + .12 + noise;
    row.gradientNorm = 1 + noise;
    row.exploration = explorationOf(kLargeLayers * kLargeRows * kLargeColumns, share);
    row.rs = row.exploration.rs();
    row.reliable = .9 * row.rs;
    row.initialEdgesKept = 1 - share;
    row.layers.assign(kLargeLayers, explorationOf(kLargeRows * kLargeColumns, share));
  }
  return rows;
}

double threadMilliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

void settle() {
  for (int turn = 0; turn < 4; ++turn) {
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
  }
}

Tail tailOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  return {values[values.size() / 2], values[values.size() * 95 / 100], values.back(), values.size()};
}

}  // namespace lab::bench
