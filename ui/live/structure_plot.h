#pragma once
// How the topology moves and what drives it: gradient norm of the active weights, and how many of the connections
// are those of the start, of the whole network and of each layer (1 less the distance from the first topology).

#include "plots/long_graph.h"
#include "plots/plot.h"
#include "plots/vertical_marks.h"
#include "training/run_observer.h"

#include <memory>
#include <optional>
#include <vector>

namespace lab::ui {

class StructurePlot : public Plot {
  Q_OBJECT
 public:
  explicit StructurePlot(QWidget* parent = nullptr);

  void clear(int64_t plannedSteps, const std::vector<lab::LayerInfo>& layers);
  void append(const lab::Metrics& row);
  void addMark(double step, const QString& text);
  size_t markCount() const { return marks_->count(); }
  void refresh();  ///< draws what has been appended
  void showCursor(std::optional<double> step);

  void resetView() override;
  CsvTable exportTable() const override;

 Q_SIGNALS:
  void hovered(std::optional<double> step);

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void hoverEnded() override;
  void arrange() override;

 private:
  void fit();

  QList<QCPAxisRect*> rects_;
  QCPLegend* legend_;
  LongGraph *norm_, *whole_;
  QList<LongGraph*> layers_;
  QList<QCPItemStraightLine*> cursors_;
  std::unique_ptr<VerticalMarks> marks_;  ///< changes of parameters during the run
  std::vector<lab::Metrics> rows_;
  double plannedSteps_ = 1;
};

}  // namespace lab::ui
