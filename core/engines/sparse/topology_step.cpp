#include "engines/sparse/topology_step.h"

#include <algorithm>
#include <stdexcept>

namespace lab::sparse {

namespace {
constexpr int64_t kScoredRows = 32;  // whose gradients exist at a time
}

std::vector<float> SparseTopologyLayer::atActive(Score score) {
  if (score == Score::Gradient) return mlp_.activeGradient(index_);
  const auto momentum = layer().matrix.momentum();
  return {momentum.begin(), momentum.end()};
}

std::vector<int64_t> SparseTopologyLayer::positionsOf(std::span<const int64_t> places) const {
  return layer().matrix.positionsOf(places);
}

void SparseTopologyLayer::scan(Score score, const Block& block) {
  if (score != Score::Gradient) throw std::logic_error("the sparse engine keeps no momentum of inactive positions");
  const int64_t columns = layer().shape.columns, rows = layer().shape.rows;
  AlignedVector<float> gradient(static_cast<size_t>(std::min(kScoredRows, rows) * columns + 8));
  for (int64_t first = 0; first < rows; first += kScoredRows) {
    const Range part{first, std::min(first + kScoredRows, rows)};
    mlp_.denseGradient(index_, part, gradient.data());
    block(first * columns, {gradient.data(), static_cast<size_t>((part.end - part.begin) * columns)});
  }
}

void SparseTopologyLayer::replace(std::span<const int64_t> places, std::span<const int64_t> dropped,
                                  std::span<const int64_t> grown) {
  Layer& changed = layer();
  for (const int64_t position : dropped) changed.active.clear(position);
  for (const int64_t position : grown) {
    changed.active.set(position);
    changed.explored.set(position);
  }
  changed.matrix.replace(places, grown);
}

}  // namespace lab::sparse
