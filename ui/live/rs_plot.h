#pragma once
// Test accuracy against R_s: the signature plot. Each evaluation is a point; the trajectory is coloured by time or
// by the share of weights explored reliably.

#include "live/live_page.h"
#include "plots/plot.h"

namespace lab::ui {

class ColourBar;
class Trajectory;

class RsPlot : public Plot {
  Q_OBJECT
 public:
  explicit RsPlot(QWidget* parent = nullptr);

  void clear();
  void append(const lab::Metrics& row);  ///< rows that do not evaluate are left out
  void setReferences(std::vector<ReferenceRun> references);
  void highlightStep(std::optional<double> step);  ///< none: the moment, if one is shown
  void showMoment(std::optional<double> step);
  enum class ColourBy { Time, Reliable };
  void setColourBy(ColourBy what);
  void refresh();  ///< draws what has been appended
  size_t pointCount() const { return points_.size(); }

  void resetView() override;
  CsvTable exportTable() const override;

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void hoverEnded() override { highlightStep({}); }
  void addMenuActions(QMenu& menu) override;

 private:
  struct Point {
    int64_t step;
    double epoch, planned, rs, reliable, accuracy;
  };
  double colourEnd() const;
  double timeOf(const Point& point) const { return colourBy_ == ColourBy::Time ? point.epoch : point.reliable; }
  void drawReferences(const Theme& theme);
  void fit();

  std::vector<Point> points_;
  std::optional<QCPRange> xs_, ys_;  ///< of the points
  double mostReliable_ = 0;
  std::vector<ReferenceRun> references_;
  QList<QCPAbstractPlottable*> referenceCurves_;
  QList<QCPAbstractItem*> referenceItems_;
  Trajectory* trajectory_;
  ColourBar* colourBar_;
  QCPAxis *x_, *y_;
  std::optional<double> moment_;
  ColourBy colourBy_ = ColourBy::Time;
};

}  // namespace lab::ui
