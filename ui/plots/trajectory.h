#pragma once
// A curve through points in the order of time, coloured by it, with its newest point set off.

#include "plots/qcp.h"

#include <optional>
#include <utility>
#include <vector>

namespace lab::ui {

class Trajectory : public QCPAbstractPlottable {
  Q_OBJECT
 public:
  struct Point {
    double x = 0, y = 0;
    double time = 0;  ///< 0..timeEnd; the colour
  };

  Trajectory(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {}

  void setPoints(std::vector<Point> points) { points_ = std::move(points); }
  void append(const Point& point) { points_.push_back(point); }
  /// The time that has the last colour; at first 1.
  void setTimeEnd(double end) { timeEnd_ = end; }
  void setHighlight(std::optional<size_t> index) { highlight_ = index; }
  /// `paper` is drawn around the points.
  void setColours(bool dark, const QColor& paper) {
    dark_ = dark;
    paper_ = paper;
  }
  /// From one colour to another in place of the colours of time, for several trajectories side by side.
  void setRamp(const QColor& first, const QColor& last) { ramp_ = std::pair(first, last); }
  void setStyle(Qt::PenStyle style) { style_ = style; }
  /// The point nearest to a position in pixels; none farther than `reach` pixels.
  std::optional<size_t> nearest(QPointF position, double reach) const;

  double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }
  QCPRange getKeyRange(bool& found, QCP::SignDomain domain) const override;
  QCPRange getValueRange(bool& found, QCP::SignDomain domain, const QCPRange& keys) const override;

 protected:
  void draw(QCPPainter* painter) override;
  void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

 private:
  /// What of the points makes a difference to the picture.
  std::vector<Point> drawnPoints() const;
  QColor colourOf(double time) const;

  std::vector<Point> points_;
  double timeEnd_ = 1;
  std::optional<size_t> highlight_;
  QColor paper_ = Qt::white;
  bool dark_ = false;
  std::optional<std::pair<QColor, QColor>> ramp_;
  Qt::PenStyle style_ = Qt::SolidLine;
};

/// A small horizontal colour scale with its ends named, for a heading line.
class ColourBar : public QCPLayoutElement {
  Q_OBJECT
 public:
  explicit ColourBar(QCustomPlot* plot);
  void setEnds(const QString& low, const QString& high);
  void setColours(bool dark, const QColor& text);

 protected:
  QSize minimumOuterSizeHint() const override;
  QSize maximumOuterSizeHint() const override { return minimumOuterSizeHint(); }
  void draw(QCPPainter* painter) override;
  void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }

 private:
  QString low_, high_;
  QColor text_;
  bool dark_ = false;
};

}  // namespace lab::ui
