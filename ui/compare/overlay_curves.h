#pragma once
// Accuracy, training loss and R_s of several runs over optimizer steps: one curve a series, means over seeds with
// a band of one standard deviation, on one time axis.

#include "compare/compared_runs.h"
#include "plots/plot.h"
#include "plots/vertical_marks.h"

#include <memory>
#include <set>

namespace lab::ui {

class OverlayCurves : public Plot {
  Q_OBJECT
 public:
  enum Accuracy { Test, Validation, Train };

  explicit OverlayCurves(QWidget* parent = nullptr);

  void setSeries(const std::vector<Series>& series, const std::set<size_t>& hidden);
  void setAccuracy(Accuracy which);
  void setSmoothing(double factor);  ///< debiased exponential mean; 0: none, below 1
  void emphasize(std::optional<size_t> series);
  void showCursor(std::optional<double> step);
  int shownCount() const;
  size_t markCount() const { return marks_->count(); }

  void resetView() override;
  CsvTable exportTable() const override;
  void paintExport(QCPPainter& painter, QSize size) override;

 Q_SIGNALS:
  void hovered(std::optional<double> step);

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void hoverEnded() override;
  void arrange() override;

 private:
  struct Curve {
    size_t series;
    int quantity;
    std::vector<BandPoint> points;
    QCPGraph *line, *raw, *upper, *lower;
  };
  void draw();
  void addMarks(const Series& series);
  void fit();
  QCPAxis* timeAxis() const { return rects_.last()->axis(QCPAxis::atBottom); }

  QList<QCPAxisRect*> rects_;
  QList<QCPTextElement*> titles_;
  QList<QCPItemStraightLine*> cursors_;
  std::unique_ptr<VerticalMarks> marks_;  ///< changes of parameters during the runs
  std::vector<Series> series_;
  std::set<size_t> hidden_;
  std::vector<Curve> curves_;
  std::optional<size_t> emphasized_;
  Accuracy accuracy_ = Test;
  double smoothing_ = 0;
};

}  // namespace lab::ui
