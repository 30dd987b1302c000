#pragma once
// One topology update: the plan (Trainer to engine), what came of it (engine to trackers), and the update itself, the
// same for every engine: it sees the layers of an engine through a narrow interface. Identical weights, scores and
// masks give the identical next mask.

#include "topology/growth_constraint.h"
#include "topology/methods.h"
#include "topology/semantics.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace lab {

/// Itop: the update follows the optimizer step of its training step. Rigl: it replaces it.
enum class UpdateOrder { Itop, Rigl };

struct TopologyPlan {
  int64_t update = 0;  ///< 1 for the first; keys the randomness
  int64_t step = 0;    ///< optimizer steps done when it happens (its own included)
  double pruneRate = 0;
  Rules rules;
  UpdateOrder order = UpdateOrder::Itop;
  bool regrowDropped = true;  ///< a position dropped by this update may be grown by it
  bool keepRegrown = false;   ///< then it keeps weight and momentum, as if it had not been dropped
  uint64_t seed = 0;
  /// Pruning: so many active weights at most stay in each layer (Scope::Global: their sum over all layers), before
  /// ζ of those is dropped and grown elsewhere. Empty: all stay.
  std::vector<int64_t> keep;
  double dropThreshold = 0;  ///< of the threshold rules: |w| below it is dropped; the adaptive one starts with it
  double temperature = 0;    ///< of DropRule::Soft
  GrowthConstraint constraint;
  Semantics semantics;
};

struct LayerChange {
  std::vector<int64_t> dropped;  ///< ascending flat positions
  std::vector<int64_t> grown;    ///< ascending; may share positions with dropped: the old life ended, a new one began
};

struct TopologyEvent {
  int64_t update = 0;
  int64_t step = 0;
  double pruneRate = 0;
  std::vector<LayerChange> layers;
};

/// What weights are scored by beside their magnitude.
enum class Score { Gradient, Momentum };

/// One layer of an engine, as an update sees it. Places count the active positions in ascending order.
class TopologyLayer {
 public:
  virtual ~TopologyLayer() = default;

  virtual int64_t rows() const = 0;
  virtual int64_t columns() const = 0;
  virtual const Mask& active() const = 0;
  virtual int64_t activeCount() const = 0;
  virtual const Mask& explored() const = 0;

  virtual std::span<const float> weights() = 0;              ///< at the active positions
  virtual std::vector<float> atActive(Score score) = 0;      ///< gradients are of the last batch
  virtual std::vector<int64_t> positionsOf(std::span<const int64_t> places) const = 0;

  /// Scores of all positions, handed over in blocks of consecutive ones.
  using Block = std::function<void(int64_t first, std::span<const float> scores)>;
  virtual void scan(Score score, const Block& block) = 0;

  /// Removes the weights at `places` and adds weights of value and optimizer state 0 at `grown`, which may be
  /// positions just removed; both ascending. Updates active() and explored().
  virtual void replace(std::span<const int64_t> places, std::span<const int64_t> dropped,
                       std::span<const int64_t> grown) = 0;
};

/// Carries the plan out on all layers. `adaptiveThreshold`: the state of DropRule::AdaptiveThreshold; 0 before the
/// first update. Every layer keeps at least one weight. Exact semantics: counts are exact, ties go to the lower
/// position; a layer without an inactive position has nothing to explore and is left alone while its count stays.
TopologyEvent updateTopology(const TopologyPlan& plan, std::span<TopologyLayer* const> layers,
                             double& adaptiveThreshold);

}  // namespace lab
