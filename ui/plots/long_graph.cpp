#include "plots/long_graph.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

constexpr size_t kBlocksAPixel = 2;  ///< of two points each
constexpr int kFewestPixels = 200;   ///< also of what is not laid out yet
constexpr int kMostMarked = 200;     ///< beyond, they only thicken the line
constexpr double kPiece = 2;         ///< of a logarithmic axis: from a key to its double

}  // namespace

LongGraph::Block LongGraph::joined(const Block& a, const Block& b) {
  Block both = std::isnan(a.least.value) ? b : a;
  if (b.least.value < both.least.value) both.least = b.least;
  if (b.largest.value > both.largest.value) both.largest = b.largest;
  return both;
}

void LongGraph::clearPoints() {
  mDataContainer->clear();
  taken_ = 0;
  levels_.clear();
  extent_.reset();
}

void LongGraph::follow() {
  for (; taken_ < static_cast<size_t>(mDataContainer->size()); ++taken_) addToLevels(taken_);
}

void LongGraph::addToLevels(size_t added) {
  const QCPGraphData& last = point(added);
  if (std::isfinite(last.value)) {
    const QCPRange here(last.value, last.value);
    extent_ = extent_ ? extent_->expanded(here) : here;
  }
  for (size_t level = 0, index = added / kBlock;; ++level, index /= kBlock) {
    if (level == levels_.size()) {
      // A level begins with its second block; its first is what the level below has had so far.
      if (index == 0) return;
      Block first = level == 0 ? Block{point(0), point(0)} : levels_[level - 1][0];
      for (size_t i = 1; i < kBlock; ++i)
        first = joined(first, level == 0 ? Block{point(i), point(i)} : levels_[level - 1][i]);
      levels_.push_back({first});
    }
    auto& blocks = levels_[level];
    const Block one{last, last};
    if (index < blocks.size())
      blocks[index] = joined(blocks[index], one);
    else
      blocks.push_back(one);
  }
}

std::optional<QCPRange> LongGraph::extent() {
  follow();
  return extent_;
}

size_t LongGraph::pointFrom(double key) const {
  return static_cast<size_t>(mDataContainer->findBegin(key, false) - mDataContainer->constBegin());
}

QVector<QCPGraphData> LongGraph::drawnPoints(const QCPRange& range, int pixels) {
  follow();
  // One more on each side: lines go on to what is not seen.
  size_t first = pointFrom(range.lower);
  const size_t end = std::min(taken_, pointFrom(range.upper) + 2);
  first = first > 0 ? first - 1 : 0;
  if (first >= end) return {};
  const size_t most = kBlocksAPixel * static_cast<size_t>(std::max(pixels, kFewestPixels));
  size_t level = 0, perBlock = 1;  // level 0 here: the points themselves
  while (level < levels_.size() && (end - first) / perBlock > (level == 0 ? 2 * most : most))
    ++level, perBlock *= kBlock;
  if (level == 0) return {&point(first), &point(first) + (end - first)};
  // Whole blocks, from the first point of the first to the last of the last.
  const auto& blocks = levels_[level - 1];
  const size_t firstBlock = first / perBlock, endBlock = std::min(blocks.size(), (end + perBlock - 1) / perBlock);
  QVector<QCPGraphData> drawn;
  const auto add = [&drawn](const QCPGraphData& point) {
    if (drawn.isEmpty() || drawn.last().key != point.key) drawn.append(point);
  };
  add(point(firstBlock * perBlock));
  for (size_t b = firstBlock; b < endBlock; ++b) {
    const auto& [least, largest] = blocks[b];
    add(least.key <= largest.key ? least : largest);
    add(least.key <= largest.key ? largest : least);
  }
  add(point(std::min(taken_, endBlock * perBlock) - 1));
  return drawn;
}

QVector<QCPGraphData> LongGraph::onKeyAxis() {
  const QCPRange range = mKeyAxis->range();
  const int pixels = mKeyAxis->axisRect()->width();
  if (mKeyAxis->scaleType() == QCPAxis::stLinear || range.lower <= 0) return drawnPoints(range, pixels);
  // A few steps may fill half of a logarithmic axis: pieces that are nearly even within.
  QVector<QCPGraphData> drawn;
  for (double lower = range.lower; lower < range.upper; lower *= kPiece)
    for (const QCPGraphData& point : drawnPoints({lower, std::min(kPiece * lower, range.upper)}, pixels))
      if (drawn.isEmpty() || drawn.last().key < point.key) drawn.append(point);
  return drawn;
}

void LongGraph::draw(QCPPainter* painter) {
  if (mDataContainer->size() <= kMostMarked) return QCPGraph::draw(painter);
  applyDefaultAntialiasingHint(painter);
  painter->setPen(mPen);
  painter->setBrush(Qt::NoBrush);
  drawLinePlot(painter, dataToLines(onKeyAxis()));
}

}  // namespace lab::ui
