#include "engines/sparse/topology_step.h"

#include "engines/sparse/largest_scores.h"
#include "topology/select.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace lab::sparse {

namespace {

constexpr int64_t kScoredRows = 32;  // whose gradients exist at a time

/// The positions just dropped, where an update must not grow them again. The layer keeps the mask, so that an
/// update neither allocates nor clears one bit a weight.
class Barred {
 public:
  Barred(Layer& layer, std::span<const int64_t> dropped, bool regrowDropped)
      : mask_(layer.barred), dropped_(dropped) {
    if (regrowDropped) dropped_ = {};
    if (!dropped_.empty() && mask_.size() == 0) mask_ = Mask(layer.active.size());
    for (const int64_t position : dropped_) mask_.set(position);
  }
  ~Barred() {
    for (const int64_t position : dropped_) mask_.clear(position);
  }
  Barred(const Barred&) = delete;
  Barred& operator=(const Barred&) = delete;
  const Mask* mask() const { return dropped_.empty() ? nullptr : &mask_; }

 private:
  Mask& mask_;
  std::span<const int64_t> dropped_;
};

std::vector<int64_t> growByGradient(Mlp& mlp, size_t l, const Mask* barred, int64_t k) {
  const Layer& layer = mlp.layers()[l];
  const int64_t columns = layer.shape.columns;
  AlignedVector<float> gradient(static_cast<size_t>(std::min(kScoredRows, layer.shape.rows) * columns + 8));
  LargestScores best(k);
  for (int64_t first = 0; first < layer.shape.rows; first += kScoredRows) {
    const Range rows{first, std::min(first + kScoredRows, layer.shape.rows)};
    mlp.denseGradient(l, rows, gradient.data());
    for (int64_t position = rows.begin * columns; position < rows.end * columns; ++position) {
      const float score = gradient[static_cast<size_t>(position - rows.begin * columns)];
      if (best.wants(score) && !layer.active.test(position) && (barred == nullptr || !barred->test(position)))
        best.add(position, score);
    }
  }
  return best.positions();
}

std::vector<int64_t> grow(Mlp& mlp, size_t l, const Mask* barred, int64_t k, const TopologyPlan& plan) {
  const Layer& layer = mlp.layers()[l];
  const RandomKey key{plan.seed, Purpose::Grow, static_cast<uint32_t>(l), static_cast<uint32_t>(plan.update)};
  switch (plan.rules.grow) {
    case GrowRule::None:
      return {};
    case GrowRule::Random:
      return growRandom(layer.active, barred, k, key);
    case GrowRule::ExploreFirst:
      return growExploreFirst(layer.active, layer.explored, barred, k, key);
    case GrowRule::Gradient:
      return growByGradient(mlp, l, barred, k);
  }
  throw std::logic_error("a growth rule that the sparse engine does not know");
}

}  // namespace

LayerChange updateTopology(Mlp& mlp, size_t l, const TopologyPlan& plan) {
  Layer& layer = mlp.layers()[l];
  LayerChange change;
  const int64_t k = plan.drop.at(l);
  if (k == 0) return change;
  const auto places = smallestMagnitude(layer.matrix.weights(), k);
  change.dropped = layer.matrix.positionsOf(places);
  for (const int64_t position : change.dropped) layer.active.clear(position);
  const Barred barred(layer, change.dropped, plan.regrowDropped);
  change.grown = grow(mlp, l, barred.mask(), k, plan);
  for (const int64_t position : change.grown) {
    layer.active.set(position);
    layer.explored.set(position);
  }
  layer.matrix.replace(places, change.grown);
  return change;
}

}  // namespace lab::sparse
