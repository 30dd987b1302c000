#pragma once
// What the paper is about, measured: the in-time over-parameterization rate R_s (ITOP, section 3: the share of all
// maskable weights that were ever active) and reliable exploration (section 3.3: weights trained long enough
// before they are dropped). Sees only initial masks and topology events, never methods or weights. Masks change
// only at updates, so everything here is exact.

#include "exploration/tracker_state.h"
#include "topology/mask.h"
#include "topology/topology_update.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace lab {

/// One layer's share of the exploration, at some step.
struct LayerExploration {
  int64_t weights = 0;
  int64_t active = 0;
  int64_t explored = 0;  ///< ever active
  int64_t reliable = 0;  ///< explored with a longest life, the ongoing one included, of at least reliableSteps
  int64_t grown = 0;     ///< by the last update
  int64_t dropped = 0;
  int64_t initialSurvivors = 0;  ///< active since the start without a break
  int64_t initialEdges = 0;      ///< active now and at the start: survivors and regrown ones
  int64_t activeReliable = 0;    ///< active, and the ongoing life is at least reliableSteps long
  bool countsAsDense = false;    ///< every weight active since the start
  bool operator==(const LayerExploration&) const = default;
  double rs() const { return weights == 0 ? 0 : static_cast<double>(explored) / static_cast<double>(weights); }
  /// Share of the active weights that were active at the start: 1 less the distance of the topology from the
  /// first.
  double initialEdgesKept() const {
    return active == 0 ? 0 : static_cast<double>(initialEdges) / static_cast<double>(active);
  }
};

/// Survival of grown connections by age (Kaplan-Meier: the ongoing lives are censored, not failures).
struct SurvivalPoint {
  int64_t age = 0;  ///< optimizer steps
  double survival = 1;
  int64_t atRisk = 0;
};

/// How long weights lived, each counted up to k steps: Σ over all weights of min(life, k), the ongoing life
/// included. In units of weight × optimizer step.
struct LifeSums {
  int64_t longest = 0;  ///< of each weight's longest life
  int64_t total = 0;    ///< of the sum of each weight's lives
  bool operator==(const LifeSums&) const = default;
};

class ExplorationTracker {
 public:
  /// `initial`: the masks at step 0. `reliableSteps`: the k of R_rel(k) that the incremental counts use, >= 0.
  ExplorationTracker(std::vector<Mask> initial, int64_t reliableSteps);

  /// Goes on where state() was taken, to the same numbers. Throws std::invalid_argument for a state that
  /// contradicts itself.
  explicit ExplorationTracker(const TrackerState& state);
  TrackerState state() const;

  /// Events in order. A drop ends a life, also when the same position is regrown at once. A layer may drop and
  /// grow different numbers.
  void apply(const TopologyEvent& event);

  /// Ongoing lives grow with the steps; tell the tracker how many have been done. Never decreases.
  void advanceTo(int64_t step);

  int64_t step() const { return step_; }
  int64_t updates() const { return static_cast<int64_t>(stepOfUpdate_.size()) - 1; }
  size_t layerCount() const { return layers_.size(); }

  /// R_s over all maskable weights, and leaving out the layers that have been dense all the time.
  double rs() const;
  double rsExcludingDense() const;

  /// R_rel(k): share of all maskable weights explored with a longest life of at least k steps. R_rel(0) = R_s.
  double reliable(int64_t k) const;
  /// The same for reliableSteps, at once.
  double reliable() const;

  /// R_surv(m): share of all maskable weights that survived at least m drop tests after a growth,
  /// 1 <= m <= kMostSurvivedTests.
  double survived(int64_t m) const;
  static constexpr int64_t kMostSurvivedTests = 63;

  /// k from 0 to kMostLifeSteps.
  LifeSums lifeSums(int64_t k) const;
  static constexpr int64_t kMostLifeSteps = (1 << 25) - 1;
  /// Sum of all lives: for every step done, the number of active weights.
  int64_t activeSteps() const { return activeSteps_; }

  /// Counts are kept as lives begin, end and grow old: asking costs nothing.
  LayerExploration layer(size_t index) const;
  LayerExploration total() const;

  std::vector<SurvivalPoint> survival() const;  ///< of grown connections, whole network
  GrowthCounts growth() const { return growth_; }

  const Mask& active(size_t layer) const { return layers_[layer].active; }
  const Mask& explored(size_t layer) const { return layers_[layer].explored; }
  /// Step at which the ongoing life of an active position began.
  int64_t aliveSince(size_t layer, int64_t position) const;
  /// Number of lives of any position, at most 255.
  uint8_t lives(size_t layer, int64_t position) const;

 private:
  /// What is remembered of one position, in one place and 12 bytes: an update touches positions at random, and the
  /// time it takes is the time to fetch them.
  struct Position {
    uint32_t sinceUpdate : 24 = 0;  ///< update at which the ongoing life began or the last one ended; 0: the start
    uint32_t lives : 8 = 0;         ///< saturates
    uint32_t longestEnded = 0;      ///< steps, of ended lives
    uint32_t totalEnded : 25 = 0;   ///< steps of all ended lives; saturates
    uint32_t survivedTests : 6 = 0;  ///< most drop tests survived by an ended grown life; saturates
    uint32_t initial : 1 = 0;        ///< active at the start
  };

  /// Active weights born by the same update: those of them without an ended life of reliableSteps apart.
  struct Cohort {
    int64_t living = 0, unproven = 0;
  };

  struct Layer {
    Mask active, explored;
    std::vector<Position> positions;
    int64_t activeCount = 0, exploredCount = 0, survivors = 0, initialEdges = 0;
    int64_t reliableEnded = 0;  ///< positions with an ended life of reliableSteps
    /// The ongoing lives by age: those of reliableSteps, and by update those that are younger.
    Cohort old;
    std::deque<Cohort> young;
    int64_t lastGrown = 0, lastDropped = 0;
    bool dense() const { return survivors == active.size(); }
    const Position& at(int64_t position) const { return positions[static_cast<size_t>(position)]; }
    Position& at(int64_t position) { return positions[static_cast<size_t>(position)]; }
  };

  void addLayer(Mask active, Mask explored, std::vector<Position> positions);
  void endLife(Layer& layer, int64_t position, const TopologyEvent& event);
  void beginLife(Layer& layer, int64_t position);
  Cohort& cohortOf(Layer& layer, const Position& p);
  bool unproven(const Position& p) const { return p.longestEnded < reliableSteps_; }
  int64_t ongoing(const Layer& layer, int64_t position) const;  ///< steps of the life of an active position

  std::vector<Layer> layers_;
  int64_t weights_ = 0;
  int64_t reliableSteps_;
  int64_t step_ = 0;
  int64_t activeSteps_ = 0;
  std::vector<int64_t> stepOfUpdate_{0};  ///< update 0 is the start
  int64_t firstYoung_ = 0;                ///< the first update whose lives are younger than reliableSteps
  std::vector<int64_t> endedGrownLives_;  ///< by length in steps: how many ended
  GrowthCounts growth_;
};

}  // namespace lab
