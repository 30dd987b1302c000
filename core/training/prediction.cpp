#include "training/initial_masks.h"
#include "training/timeline.h"
#include "training/trainer.h"
#include "training/update_policy.h"

#include <algorithm>

namespace lab {

namespace {

/// Follows one layer's explored share through all updates of a run that keeps its counts.
struct LayerForecast {
  double weights, active;
  double unexplored;  // expected number of weights never active so far
  bool uniform;       // random growth; otherwise never-active positions first

  void update(const Config& config, const TopologyPlan& plan) {
    const double inactive = weights - active;
    if (inactive <= 0) return;  // nothing to explore
    const auto k = static_cast<double>(dropCount(plan.rules.rounding, plan.pruneRate, static_cast<int64_t>(active)));
    const double grown = config.regrow_dropped ? k : std::min(k, inactive);
    const double candidates = inactive + (config.regrow_dropped ? grown : 0);
    unexplored = uniform ? unexplored * (1 - std::min(1.0, grown / candidates)) : std::max(0.0, unexplored - grown);
  }
};

/// Whether each update moves the planned number of connections within each layer, so that the closed form holds.
bool hasClosedForm(const Rules& rules, const Config& config) {
  const bool counted = rules.grow == GrowRule::Random || rules.grow == GrowRule::ExploreFirst;
  return counted && rules.redistribution == Redistribution::None && rules.scope == Scope::Layer &&
         config.constraint == "none";
}

}  // namespace

PredictedRs predictRs(const Config& config, const NetworkSpec& spec, int64_t trainSamples) {
  const auto layers = weightLayers(spec);
  const auto densities = configuredDensities(spec, config);
  if (!densities) return {};
  const LayerDensities& start = densities.value().start;
  const UpdatePolicy policy(config, layers, start.active, densities.value().end.active);
  const Timeline time{trainSamples, config.batch_size, config.totalEpochs()};

  if (policy.updates() && policy.rules().isThreshold()) return {1, true};  // it may drop anything
  const bool closedForm = hasClosedForm(policy.rules(), config);
  const bool uniform = closedForm && policy.rules().grow == GrowRule::Random;
  std::vector<LayerForecast> forecasts;
  LayerForecast network{0, 0, 0, false};
  for (size_t l = 0; l < layers.size(); ++l) {
    const auto weights = static_cast<double>(layers[l].weights);
    const auto active = static_cast<double>(start.active[l]);
    forecasts.push_back({weights, active, weights - active, uniform});
    network.weights += weights;
    network.active += active;
    network.unexplored += weights - active;
  }
  const double total = network.weights;
  const bool crossesLayers =
      policy.rules().redistribution != Redistribution::None || policy.rules().scope == Scope::Global;
  if (crossesLayers) forecasts = {network};
  int64_t step = config.update_interval;
  while (step < time.steps() && time.progressAfter(step) < config.update_begin) ++step;
  for (; policy.updates() && step < time.steps(); step += config.update_interval) {
    const double progress = time.progressAfter(step);
    if (progress > config.update_end) break;
    const TopologyPlan plan = policy.plan(config, 0, step, progress);
    for (LayerForecast& forecast : forecasts) forecast.update(config, plan);
  }
  double unexplored = 0;
  for (const LayerForecast& forecast : forecasts) unexplored += forecast.unexplored;
  return {1 - unexplored / total, policy.updates() && network.unexplored > 0 && !closedForm};
}

}  // namespace lab
