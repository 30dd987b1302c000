#include "training/initial_state.h"
#include "training/timeline.h"
#include "training/trainer.h"
#include "training/update_policy.h"

#include <algorithm>

namespace lab {

namespace {

/// Follows one layer's explored share through all updates of a run.
struct LayerForecast {
  double weights, active;
  double unexplored;  // expected number of weights never active so far
  bool uniform;       // random growth; otherwise never-active positions first

  void update(double grown, bool regrowDropped) {
    const double candidates = weights - active + (regrowDropped ? grown : 0);
    if (grown <= 0 || candidates <= 0) return;
    unexplored = uniform ? unexplored * (1 - std::min(1.0, grown / candidates)) : std::max(0.0, unexplored - grown);
  }
};

}  // namespace

PredictedRs predictRs(const Config& config, const NetworkSpec& network, int64_t trainSamples) {
  const auto layers = weightLayers(network);
  const auto densities = configuredDensities(network, config);
  if (!densities) return {};
  const UpdatePolicy policy(config, layers, densities.value().active);
  const Timeline time{trainSamples, config.batch_size, config.totalEpochs()};

  std::vector<LayerForecast> forecasts;
  double total = 0;
  for (size_t l = 0; l < layers.size(); ++l) {
    const auto weights = static_cast<double>(layers[l].weights);
    const auto active = static_cast<double>(densities.value().active[l]);
    total += weights;
    forecasts.push_back({weights, active, weights - active, policy.rules().grow == GrowRule::Random});
  }
  const int64_t interval = config.update_interval;
  for (int64_t update = 1; policy.updates() && update * interval < time.steps(); ++update) {
    const double progress = time.progressAfter(update * interval);
    if (!policy.due(config, interval, progress)) break;
    const TopologyPlan plan = policy.plan(config, update, update * interval, progress);
    for (size_t l = 0; l < layers.size(); ++l)
      forecasts[l].update(static_cast<double>(plan.drop[l]), config.regrow_dropped);
  }
  double unexplored = 0;
  for (const LayerForecast& forecast : forecasts) unexplored += forecast.unexplored;
  return {1 - unexplored / total, policy.rules().grow == GrowRule::Gradient};
}

}  // namespace lab
