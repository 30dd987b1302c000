#pragma once
// Accuracy, loss and exploration of a run over optimizer steps: three plots above each other on one time axis.

#include "plots/long_graph.h"
#include "plots/plot.h"
#include "plots/vertical_marks.h"
#include "training/run_observer.h"

#include <memory>
#include <optional>
#include <vector>

namespace lab::ui {

class TimePlot : public Plot {
  Q_OBJECT
 public:
  explicit TimePlot(QWidget* parent = nullptr);

  void clear(int64_t plannedSteps, int64_t reliableSteps);
  void append(const lab::Metrics& row);
  void addMark(double step, const QString& text);
  size_t markCount() const { return marks_->count(); }
  void refresh();  ///< draws what has been appended

  /// Where the cursor is on another plot of the same run.
  void showMoment(std::optional<double> step);  ///< a line at the moment that the page shows; none: the end
  void showCursor(std::optional<double> step);
  void setRange(const QCPRange& range);

  void resetView() override;
  CsvTable exportTable() const override;

 Q_SIGNALS:
  void hovered(std::optional<double> step);
  void rangeChanged(const QCPRange& range);

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void hoverEnded() override;
  void arrange() override;

 private:
  void fit();
  QCPAxis* timeAxis() const { return rects_.last()->axis(QCPAxis::atBottom); }

  QList<QCPAxisRect*> rects_;
  QList<QCPItemStraightLine*> cursors_, moment_;
  QList<LongGraph*> curves_;  ///< in the order of the graphs
  std::unique_ptr<VerticalMarks> marks_;
  std::vector<lab::Metrics> rows_;
  double plannedSteps_ = 1;
};

}  // namespace lab::ui
