#pragma once
// Test accuracy against R_s of several runs: one trajectory a series, paler at its start; means over seeds with a
// band of one standard deviation. Dense networks have nothing to explore: a level.

#include "compare/compared_runs.h"
#include "plots/plot.h"

#include <set>

namespace lab::ui {

class Trajectory;

class OverlayRsPlot : public Plot {
  Q_OBJECT
 public:
  explicit OverlayRsPlot(QWidget* parent = nullptr);

  void setSeries(const std::vector<Series>& series, const std::set<size_t>& hidden);
  void emphasize(std::optional<size_t> series);  ///< this one stands out, the others step back
  void highlightStep(std::optional<double> step);
  int shownCount() const;

  void resetView() override;
  CsvTable exportTable() const override;
  void paintExport(QCPPainter& painter, QSize size) override;

 Q_SIGNALS:
  void hovered(std::optional<double> step);

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void hoverEnded() override;

 private:
  struct Line {
    QString name;
    std::vector<BandPoint> points;
    Trajectory* trajectory;
    QCPCurve* band;
    bool shown;
    bool joined;                           ///< a mean over several seeds
    QCPItemStraightLine* level = nullptr;  ///< in place of the trajectory; null: it has one
    QCPItemText* levelName = nullptr;
  };
  Line lineOf(const Series& series, bool shown);
  void addLevel(Line& line);
  void fit();

  std::vector<Line> lines_;
  std::optional<size_t> emphasized_;
  QCPAxis *x_, *y_;
};

}  // namespace lab::ui
