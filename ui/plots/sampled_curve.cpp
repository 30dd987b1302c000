#include "plots/sampled_curve.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

constexpr size_t kBlocksAPixel = 2;  ///< of two points each
constexpr int kFewestPixels = 200;   ///< also of what is not laid out yet

}  // namespace

void SampledCurve::clear() {
  points_.clear();
  levels_.clear();
  extent_.reset();
}

void SampledCurve::append(double x, double y) {
  points_.emplace_back(x, y);
  addToLevels(points_.back());
  if (std::isfinite(y)) extent_ = extent_ ? extent_->expanded(QCPRange(y, y)) : QCPRange(y, y);
}

SampledCurve::Block SampledCurve::joined(const Block& a, const Block& b) {
  Block both = std::isnan(a.least.value) ? b : a;
  if (b.least.value < both.least.value) both.least = b.least;
  if (b.largest.value > both.largest.value) both.largest = b.largest;
  return both;
}

void SampledCurve::addToLevels(const QCPGraphData& point) {
  size_t index = points_.size() - 1;
  for (size_t level = 0;; ++level) {
    index /= kBlock;
    if (level == levels_.size()) {
      if (index == 0) return;
      // The first block of a new level holds what the level below has had so far.
      auto& blocks = levels_.emplace_back();
      const auto add = [&blocks](size_t i, const Block& part) {
        i / kBlock < blocks.size() ? void(blocks.back() = joined(blocks.back(), part)) : blocks.push_back(part);
      };
      if (level == 0)
        for (size_t i = 0; i < points_.size(); ++i) add(i, {points_[i], points_[i]});
      else
        for (size_t i = 0; i < levels_[level - 1].size(); ++i) add(i, levels_[level - 1][i]);
      return;
    }
    auto& blocks = levels_[level];
    const Block one{point, point};
    if (index < blocks.size())
      blocks.back() = joined(blocks.back(), one);
    else
      blocks.push_back(one);
  }
}

size_t SampledCurve::pointFrom(double x) const {
  return static_cast<size_t>(std::ranges::lower_bound(points_, x, {}, &QCPGraphData::key) - points_.begin());
}

std::optional<double> SampledCurve::valueAt(double x) const {
  const auto after = std::ranges::upper_bound(points_, x, {}, &QCPGraphData::key);
  if (after == points_.begin()) return {};
  return std::prev(after)->value;
}

QVector<QCPGraphData> SampledCurve::visible(const QCPRange& range, int pixels) const {
  // One more on each side: lines go on to what is not seen.
  size_t first = pointFrom(range.lower), end = std::min(points_.size(), pointFrom(range.upper) + 2);
  first = first > 0 ? first - 1 : 0;
  if (first >= end) return {};
  const size_t most = kBlocksAPixel * static_cast<size_t>(std::max(pixels, kFewestPixels));
  size_t level = 0, perBlock = 1;  // level 0 here: the points themselves
  while (level < levels_.size() && (end - first) / perBlock > (level == 0 ? 2 * most : most))
    ++level, perBlock *= kBlock;
  if (level == 0) return {points_.begin() + static_cast<ptrdiff_t>(first), points_.begin() + static_cast<ptrdiff_t>(end)};
  QVector<QCPGraphData> shown;
  const auto& blocks = levels_[level - 1];
  const auto add = [&shown](const QCPGraphData& point) {
    if (shown.isEmpty() || shown.last().key != point.key) shown.append(point);
  };
  add(points_[first]);
  for (size_t b = first / perBlock; b < std::min(blocks.size(), (end + perBlock - 1) / perBlock); ++b) {
    const auto& [least, largest] = blocks[b];
    add(least.key <= largest.key ? least : largest);
    add(least.key <= largest.key ? largest : least);
  }
  add(points_[end - 1]);
  return shown;
}

}  // namespace lab::ui
