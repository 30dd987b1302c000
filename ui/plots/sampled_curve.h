#pragma once
// A curve of any length, of which as much is drawn as there are pixels: beside its points it keeps the least and the
// largest of blocks of them, and of blocks of blocks, so that what is drawn costs the same however long it has become.
// X never falls. What is not a number is a gap, unless its block has numbers too and is drawn from afar.

#include "plots/qcp.h"

#include <optional>
#include <vector>

namespace lab::ui {

class SampledCurve {
 public:
  void clear();
  void append(double x, double y);
  size_t size() const { return points_.size(); }

  /// What to draw of `range`: all points where they are few, else at most about four a pixel.
  QVector<QCPGraphData> visible(const QCPRange& range, int pixels) const;
  std::optional<QCPRange> extent() const { return extent_; }  ///< of the finite values
  /// The last point at or before x.
  std::optional<double> valueAt(double x) const;

 private:
  static constexpr size_t kBlock = 4;  ///< points a block, blocks a block of the next level

  struct Block {
    QCPGraphData least, largest;
  };
  static Block joined(const Block& a, const Block& b);
  void addToLevels(const QCPGraphData& point);
  size_t pointFrom(double x) const;  ///< the first one at or after x

  std::vector<QCPGraphData> points_;
  std::vector<std::vector<Block>> levels_;
  std::optional<QCPRange> extent_;
};

}  // namespace lab::ui
