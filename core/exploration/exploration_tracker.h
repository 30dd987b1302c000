#pragma once
// What the paper is about, measured: the in-time over-parameterization rate R_s (ITOP, section 3: the share of all
// maskable weights that were ever active) and reliable exploration (section 3.3: weights trained long enough before they
// are dropped). Sees only initial masks and topology events, never methods or weights. Masks change only at updates,
// so everything here is exact.

#include "topology/mask.h"
#include "topology/topology_update.h"

#include <cstdint>
#include <vector>

namespace lab {

/// One layer's share of the exploration, at some step.
struct LayerExploration {
  int64_t weights = 0;
  int64_t active = 0;
  int64_t explored = 0;   ///< ever active
  int64_t reliable = 0;   ///< explored with a longest life, the ongoing one included, of at least reliableSteps
  int64_t grown = 0;      ///< by the last update
  int64_t dropped = 0;
  int64_t initialSurvivors = 0;  ///< active since the start without a break
  int64_t activeReliable = 0;    ///< active, and the ongoing life is at least reliableSteps long
  bool countsAsDense = false;    ///< every weight active from the start
  double rs() const { return weights == 0 ? 0 : static_cast<double>(explored) / static_cast<double>(weights); }
};

/// Survival of grown connections by age (Kaplan-Meier: the ongoing lives are censored, not failures).
struct SurvivalPoint {
  int64_t age = 0;  ///< optimizer steps
  double survival = 1;
  int64_t atRisk = 0;
};

/// Growth counted over the whole run so far.
struct GrowthCounts {
  int64_t grown = 0;
  int64_t regrownAtOnce = 0;  ///< dropped and grown by the same update
  int64_t wasted = 0;         ///< dropped by the very next update
};

class ExplorationTracker {
 public:
  /// `initial`: the masks at step 0. `reliableSteps`: the k of R_rel(k) that the incremental counts use, >= 0.
  ExplorationTracker(std::vector<Mask> initial, int64_t reliableSteps);

  /// Events in order. A drop ends a life, also when the same position is regrown at once.
  void apply(const TopologyEvent& event);

  /// Ongoing lives grow with the steps; tell the tracker how many have been done. Never decreases.
  void advanceTo(int64_t step);

  int64_t step() const { return step_; }
  int64_t updates() const { return static_cast<int64_t>(stepOfUpdate_.size()) - 1; }
  size_t layerCount() const { return layers_.size(); }

  /// R_s over all maskable weights, and leaving out the layers that are dense from the start.
  double rs() const;
  double rsExcludingDense() const;

  /// R_rel(k): share of all maskable weights explored with a longest life of at least k steps. R_rel(0) = R_s.
  double reliable(int64_t k) const;
  /// The same for reliableSteps; cheap enough for every metrics row.
  double reliable() const;

  /// R_surv(m): share of all maskable weights that survived at least m drop tests after a growth, m >= 1.
  double survived(int64_t m) const;

  LayerExploration layer(size_t index) const;
  /// The same without the counts of ongoing reliable lives (`reliable` holds the ended ones only, `activeReliable` 0):
  /// constant time, for every update.
  LayerExploration layerCounts(size_t index) const;
  LayerExploration total() const;

  std::vector<SurvivalPoint> survival() const;  ///< of grown connections, whole network
  GrowthCounts growth() const { return growth_; }

  const Mask& active(size_t layer) const { return layers_[layer].active; }
  const Mask& explored(size_t layer) const { return layers_[layer].explored; }
  /// Step at which the ongoing life of an active position began, and number of lives of any position.
  int64_t aliveSince(size_t layer, int64_t position) const;
  int64_t lives(size_t layer, int64_t position) const;

 private:
  /// What is remembered of one position, in one place: an update touches positions at random.
  struct Position {
    uint32_t sinceUpdate = 0;    ///< update at which the ongoing or last life began; 0: from the start
    uint32_t longestEnded = 0;   ///< steps, of ended lives
    uint16_t survivedTests = 0;  ///< most drop tests survived by an ended grown life
    uint8_t lives = 0;           ///< saturates at 255
    bool reliableEnded = false;  ///< an ended life was at least reliableSteps long
  };
  struct Layer {
    Mask active, explored;
    std::vector<Position> positions;
    int64_t activeCount = 0, exploredCount = 0, reliableEndedCount = 0, survivors = 0;
    int64_t lastGrown = 0, lastDropped = 0;
    bool dense = false;
    const Position& at(int64_t position) const { return positions[static_cast<size_t>(position)]; }
    Position& at(int64_t position) { return positions[static_cast<size_t>(position)]; }
  };

  void endLife(Layer& layer, int64_t position, const TopologyEvent& event);
  void beginLife(Layer& layer, int64_t position);
  int64_t ongoing(const Layer& layer, int64_t position) const;  ///< steps of the life of an active position

  std::vector<Layer> layers_;
  int64_t weights_ = 0;
  int64_t reliableSteps_;
  int64_t step_ = 0;
  std::vector<int64_t> stepOfUpdate_{0};  ///< update 0 is the start
  std::vector<int64_t> endedGrownLives_;  ///< by length in steps: how many ended
  GrowthCounts growth_;
};

}  // namespace lab
