#include "topology/topology_update.h"

#include "topology/drop_rules.h"
#include "topology/grow_rules.h"
#include "topology/official_rules.h"

#include <algorithm>
#include <iterator>

namespace lab {

namespace {

using Positions = std::vector<int64_t>;

/// Takes what was dropped and grown at once out of both, so that its weight and momentum stay.
void keepRegrown(Positions& dropped, Positions& places, Positions& grown) {
  Positions kept;
  std::set_intersection(dropped.begin(), dropped.end(), grown.begin(), grown.end(), std::back_inserter(kept));
  size_t to = 0;
  for (size_t i = 0; i < dropped.size(); ++i)
    if (!std::binary_search(kept.begin(), kept.end(), dropped[i])) {
      dropped[to] = dropped[i];
      places[to++] = places[i];
    }
  dropped.resize(to);
  places.resize(to);
  std::erase_if(grown, [&](int64_t i) { return std::binary_search(kept.begin(), kept.end(), i); });
}

Mask without(const Mask& mask, const Positions& cleared) {
  Mask left = mask;
  for (const int64_t position : cleared) left.clear(position);
  return left;
}

Mask maskOf(const Positions& positions, int64_t size) {
  Mask mask(size);
  for (const int64_t position : positions) mask.set(position);
  return mask;
}

LayerChange updateLayer(const TopologyPlan& plan, size_t index, TopologyLayer& layer, Positions places, int64_t grow) {
  LayerChange change;
  change.dropped = layer.positionsOf(places);
  if (grow > 0 || plan.semantics.coinFlips) {
    const Mask left = without(layer.active(), change.dropped);
    const bool mayRegrow = plan.regrowDropped || change.dropped.empty();
    const Mask barred = mayRegrow ? Mask() : maskOf(change.dropped, layer.active().size());
    change.grown = plan.semantics.coinFlips && plan.rules.grow == GrowRule::Random
                       ? official::growByCoinFlips(plan, index, left, grow)
                       : chooseGrowth(plan, index, layer, left, mayRegrow ? nullptr : &barred, grow);
  }
  if (plan.keepRegrown) keepRegrown(change.dropped, places, change.grown);
  if (!places.empty() || !change.grown.empty()) layer.replace(places, change.dropped, change.grown);
  return change;
}

}  // namespace

TopologyEvent updateTopology(const TopologyPlan& plan, std::span<TopologyLayer* const> layers,
                             double& adaptiveThreshold) {
  TopologyEvent event{plan.update, plan.step, plan.pruneRate, {}};
  DropChoice drops = official::ranksByThreshold(plan) ? official::chooseDrops(plan, layers)
                                                      : chooseDrops(plan, layers, adaptiveThreshold);
  std::vector<int64_t> dropped, exchanged;
  std::vector<double> momentum;
  for (size_t l = 0; l < layers.size(); ++l) {
    dropped.push_back(static_cast<int64_t>(drops.places[l].size()));
    exchanged.push_back(plan.rules.grow == GrowRule::None ? 0 : dropped[l] - drops.pruned[l]);
    if (plan.rules.redistribution == Redistribution::Momentum) momentum.push_back(meanMomentum(*layers[l]));
  }
  const auto grow = growthCounts(plan, layers, dropped, exchanged, momentum);
  for (size_t l = 0; l < layers.size(); ++l)
    event.layers.push_back(updateLayer(plan, l, *layers[l], std::move(drops.places[l]), grow[l]));
  return event;
}

}  // namespace lab
