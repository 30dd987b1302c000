// What a tracker's memory says: shares, survival, sums of lives.

#include "exploration/exploration_tracker.h"
#include "exploration/survival.h"

#include <algorithm>
#include <stdexcept>

namespace lab {

namespace {

double share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double ExplorationTracker::rs() const {
  int64_t explored = 0;
  for (const Layer& layer : layers_) explored += layer.exploredCount;
  return share(explored, weights_);
}

double ExplorationTracker::rsExcludingDense() const {
  int64_t explored = 0, weights = 0;
  for (const Layer& layer : layers_)
    if (!layer.dense()) {
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

double ExplorationTracker::reliable() const { return share(total().reliable, weights_); }

double ExplorationTracker::survived(int64_t m) const {
  if (m < 1 || m > kMostSurvivedTests) throw std::invalid_argument("R_surv(m) needs m from 1 to 63");
  int64_t count = 0;
  for (const Layer& layer : layers_)
    forEachOne(layer.explored, [&](int64_t i) {
      const int64_t since = layer.at(i).sinceUpdate;
      count += layer.at(i).survivedTests >= m || (layer.active.test(i) && since > 0 && updates() - since >= m);
    });
  return share(count, weights_);
}

LifeSums ExplorationTracker::lifeSums(int64_t k) const {
  if (k < 0 || k > kMostLifeSteps) throw std::invalid_argument("sums of lives need k from 0 to 2^25 - 1");
  LifeSums sums;
  for (const Layer& layer : layers_)
    forEachOne(layer.explored, [&](int64_t i) {
      const Position& p = layer.at(i);
      const int64_t now = layer.active.test(i) ? ongoing(layer, i) : 0;
      sums.longest += std::min(std::max<int64_t>(p.longestEnded, now), k);
      sums.total += std::min(p.totalEnded + now, k);
    });
  return sums;
}

LayerExploration ExplorationTracker::layer(size_t index) const {
  const Layer& layer = layers_[index];
  LayerExploration result;
  result.weights = layer.active.size();
  result.active = layer.activeCount;
  result.explored = layer.exploredCount;
  // A life of no steps is one too.
  result.reliable = reliableSteps_ == 0 ? layer.exploredCount : layer.reliableEnded + layer.old.unproven;
  result.grown = layer.lastGrown;
  result.dropped = layer.lastDropped;
  result.initialSurvivors = layer.survivors;
  result.initialEdges = layer.initialEdges;
  result.activeReliable = layer.old.living;
  result.countsAsDense = layer.dense();
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
    sum.initialEdges += part.initialEdges;
    sum.activeReliable += part.activeReliable;
  }
  return sum;
}

std::vector<SurvivalPoint> ExplorationTracker::survival() const {
  std::vector<int64_t> censored(static_cast<size_t>(step_) + 1);
  for (const Layer& layer : layers_)
    forEachOne(layer.active, [&](int64_t i) {
      if (layer.at(i).sinceUpdate != 0) ++censored[static_cast<size_t>(ongoing(layer, i))];
    });
  return kaplanMeier(endedGrownLives_, censored);
}

int64_t ExplorationTracker::aliveSince(size_t layer, int64_t position) const {
  return stepOfUpdate_[layers_[layer].at(position).sinceUpdate];
}

uint8_t ExplorationTracker::lives(size_t layer, int64_t position) const {
  return layers_[layer].at(position).lives;
}

}  // namespace lab
