#pragma once
// A graph of any length, of which as much is drawn as there are pixels: beside its points it keeps the least and the
// largest of blocks of them, and of blocks of blocks, so that drawing costs the same however long it has become. Points
// are appended only, their keys never fall. What is not a number is a gap, unless its block has numbers too and is seen
// from afar. Markers are drawn as long as there are few.

#include "plots/qcp.h"

#include <optional>
#include <vector>

namespace lab::ui {

class LongGraph : public QCPGraph {
  Q_OBJECT

 public:
  using QCPGraph::QCPGraph;  ///< as any graph, it belongs to the plot of its axes

  void clearPoints();

  /// The extremes of the finite values.
  std::optional<QCPRange> extent();

  /// What is drawn of `range` on `pixels`: all points where they are few, else at most about four a pixel.
  QVector<QCPGraphData> drawnPoints(const QCPRange& range, int pixels);

 protected:
  void draw(QCPPainter* painter) override;

 private:
  static constexpr size_t kBlock = 4;  ///< points a block, blocks a block of the next level

  struct Block {
    QCPGraphData least, largest;
  };
  static Block joined(const Block& a, const Block& b);
  void follow();  ///< takes in what the data have more than the blocks
  void addToLevels(size_t point);
  const QCPGraphData& point(size_t i) const { return *(mDataContainer->constBegin() + static_cast<qsizetype>(i)); }
  size_t pointFrom(double key) const;  ///< the first one at or after it
  QVector<QCPGraphData> onKeyAxis();

  size_t taken_ = 0;  ///< points in the blocks
  std::vector<std::vector<Block>> levels_;
  std::optional<QCPRange> extent_;
};

}  // namespace lab::ui
