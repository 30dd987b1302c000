#include "exploration/exploration_tracker.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace lab {

namespace {

template <class T>
void raiseTo(T& value, int64_t candidate) {
  value = static_cast<T>(
      std::max<int64_t>(value, std::min<int64_t>(candidate, std::numeric_limits<T>::max())));
}

double share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

ExplorationTracker::ExplorationTracker(std::vector<Mask> initial, int64_t reliableSteps)
    : reliableSteps_(reliableSteps) {
  for (Mask& mask : initial) {
    Layer layer;
    layer.activeCount = layer.exploredCount = layer.survivors = mask.count();
    layer.dense = layer.activeCount == mask.size();
    layer.positions.resize(static_cast<size_t>(mask.size()));
    forEachOne(mask, [&](int64_t i) { layer.at(i).lives = 1; });
    weights_ += mask.size();
    layer.explored = mask;
    layer.active = std::move(mask);
    layers_.push_back(std::move(layer));
  }
}

void ExplorationTracker::endLife(Layer& layer, int64_t position, const TopologyEvent& event) {
  Position& p = layer.at(position);
  const int64_t length = event.step - stepOfUpdate_[p.sinceUpdate];
  raiseTo(p.longestEnded, length);
  if (length >= reliableSteps_ && !p.reliableEnded) {
    p.reliableEnded = true;
    ++layer.reliableEndedCount;
  }
  if (p.sinceUpdate == 0) {
    --layer.survivors;
  } else {
    // The update that drops it is the first test it fails.
    const int64_t tests = event.update - p.sinceUpdate - 1;
    raiseTo(p.survivedTests, tests);
    ++endedGrownLives_[static_cast<size_t>(length)];
    if (tests == 0) ++growth_.wasted;
  }
  layer.active.clear(position);
}

void ExplorationTracker::beginLife(Layer& layer, int64_t position) {
  Position& p = layer.at(position);
  layer.active.set(position);
  p.sinceUpdate = static_cast<uint32_t>(updates());
  raiseTo(p.lives, p.lives + 1);
  if (!layer.explored.test(position)) {
    layer.explored.set(position);
    ++layer.exploredCount;
  }
}

void ExplorationTracker::apply(const TopologyEvent& event) {
  if (event.layers.size() != layers_.size() || event.update != updates() + 1 || event.step < step_)
    throw std::logic_error("topology events must come in order, one change a layer");
  stepOfUpdate_.push_back(event.step);
  endedGrownLives_.resize(static_cast<size_t>(event.step) + 1);
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    const LayerChange& change = event.layers[l];
    for (const int64_t position : change.dropped) endLife(layer, position, event);
    for (const int64_t position : change.grown) beginLife(layer, position);
    layer.lastDropped = static_cast<int64_t>(change.dropped.size());
    layer.lastGrown = static_cast<int64_t>(change.grown.size());
    layer.activeCount += layer.lastGrown - layer.lastDropped;
    growth_.grown += layer.lastGrown;
    // Both lists ascend, so positions in both are found by merging.
    auto dropped = change.dropped.begin();
    for (const int64_t position : change.grown) {
      while (dropped != change.dropped.end() && *dropped < position) ++dropped;
      if (dropped != change.dropped.end() && *dropped == position) ++growth_.regrownAtOnce;
    }
  }
  advanceTo(event.step);
}

void ExplorationTracker::advanceTo(int64_t step) { step_ = std::max(step_, step); }

double ExplorationTracker::rs() const {
  int64_t explored = 0;
  for (const Layer& layer : layers_) explored += layer.exploredCount;
  return share(explored, weights_);
}

double ExplorationTracker::rsExcludingDense() const {
  int64_t explored = 0, weights = 0;
  for (const Layer& layer : layers_)
    if (!layer.dense) {
      explored += layer.exploredCount;
      weights += layer.active.size();
    }
  return share(explored, weights);
}

int64_t ExplorationTracker::ongoing(const Layer& layer, int64_t position) const {
  return step_ - stepOfUpdate_[layer.at(position).sinceUpdate];
}

double ExplorationTracker::reliable(int64_t k) const {
  int64_t count = 0;
  for (const Layer& layer : layers_)
    forEachOne(layer.explored, [&](int64_t i) {
      count += layer.at(i).longestEnded >= k || (layer.active.test(i) && ongoing(layer, i) >= k);
    });
  return share(count, weights_);
}

double ExplorationTracker::reliable() const {
  int64_t count = 0;
  for (size_t l = 0; l < layers_.size(); ++l) count += layer(l).reliable;
  return share(count, weights_);
}

double ExplorationTracker::survived(int64_t m) const {
  if (m < 1) throw std::invalid_argument("R_surv(m) needs m >= 1");
  int64_t count = 0;
  for (const Layer& layer : layers_)
    forEachOne(layer.explored, [&](int64_t i) {
      const int64_t since = layer.at(i).sinceUpdate;
      count += layer.at(i).survivedTests >= m ||
               (layer.active.test(i) && since > 0 && updates() - since >= m);
    });
  return share(count, weights_);
}

LayerExploration ExplorationTracker::layerCounts(size_t index) const {
  const Layer& layer = layers_[index];
  LayerExploration result;
  result.weights = layer.active.size();
  result.active = layer.activeCount;
  result.explored = layer.exploredCount;
  result.grown = layer.lastGrown;
  result.dropped = layer.lastDropped;
  result.initialSurvivors = layer.survivors;
  result.countsAsDense = layer.dense;
  result.reliable = layer.reliableEndedCount;
  return result;
}

LayerExploration ExplorationTracker::layer(size_t index) const {
  const Layer& layer = layers_[index];
  LayerExploration result = layerCounts(index);
  forEachOne(layer.active, [&](int64_t i) {
    if (ongoing(layer, i) < reliableSteps_) return;
    ++result.activeReliable;
    if (!layer.at(i).reliableEnded) ++result.reliable;
  });
  return result;
}

LayerExploration ExplorationTracker::total() const {
  LayerExploration sum;
  for (size_t l = 0; l < layers_.size(); ++l) {
    const LayerExploration part = layer(l);
    sum.weights += part.weights;
    sum.active += part.active;
    sum.explored += part.explored;
    sum.reliable += part.reliable;
    sum.grown += part.grown;
    sum.dropped += part.dropped;
    sum.initialSurvivors += part.initialSurvivors;
    sum.activeReliable += part.activeReliable;
  }
  return sum;
}

std::vector<SurvivalPoint> ExplorationTracker::survival() const {
  std::vector<int64_t> censored(static_cast<size_t>(step_) + 1);
  int64_t atRisk = 0;
  for (const int64_t ended : endedGrownLives_) atRisk += ended;
  for (const Layer& layer : layers_)
    forEachOne(layer.active, [&](int64_t i) {
      if (layer.at(i).sinceUpdate == 0) return;
      ++censored[static_cast<size_t>(ongoing(layer, i))];
      ++atRisk;
    });
  // A life censored at an age is still at risk at that age.
  std::vector<SurvivalPoint> curve{{0, 1.0, atRisk}};
  double survival = 1;
  for (size_t age = 0; age < endedGrownLives_.size(); ++age) {
    if (const int64_t ended = endedGrownLives_[age]; ended > 0) {
      survival *= 1.0 - static_cast<double>(ended) / static_cast<double>(atRisk);
      curve.push_back({static_cast<int64_t>(age), survival, atRisk});
      atRisk -= ended;
    }
    atRisk -= censored[age];
  }
  return curve;
}

int64_t ExplorationTracker::aliveSince(size_t layer, int64_t position) const {
  return stepOfUpdate_[layers_[layer].at(position).sinceUpdate];
}

int64_t ExplorationTracker::lives(size_t layer, int64_t position) const {
  return layers_[layer].at(position).lives;
}

}  // namespace lab
