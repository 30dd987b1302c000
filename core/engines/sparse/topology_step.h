#pragma once
// A layer as topology updates see it, on its own weights: without a dense array of anything.

#include "engines/sparse/mlp.h"
#include "topology/topology_update.h"

namespace lab::sparse {

class SparseTopologyLayer final : public TopologyLayer {
 public:
  /// `mlp` outlives it.
  SparseTopologyLayer(Mlp& mlp, size_t index) : mlp_(mlp), index_(index) {}

  int64_t rows() const override { return layer().shape.rows; }
  int64_t columns() const override { return layer().shape.columns; }
  const Mask& active() const override { return layer().active; }
  int64_t activeCount() const override { return layer().matrix.size(); }
  const Mask& explored() const override { return layer().explored; }
  std::span<const float> weights() override { return layer().matrix.weights(); }
  std::vector<float> atActive(Score score) override;
  std::vector<int64_t> positionsOf(std::span<const int64_t> places) const override;

  /// Gradients by blocks of rows, from the activations and deltas of the last batch.
  /// Throws std::logic_error for Score::Momentum: inactive positions have none here.
  void scan(Score score, const Block& block) override;

  void replace(std::span<const int64_t> places, std::span<const int64_t> dropped,
               std::span<const int64_t> grown) override;

 private:
  Layer& layer() const { return mlp_.layers()[index_]; }

  Mlp& mlp_;
  size_t index_;
};

}  // namespace lab::sparse
