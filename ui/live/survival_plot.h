#pragma once
// How many of the grown connections live to an age, by Kaplan and Meier: those still alive are censored.

#include "exploration/exploration_tracker.h"
#include "plots/plot.h"

#include <vector>

namespace lab::ui {

class SurvivalPlot : public Plot {
  Q_OBJECT
 public:
  explicit SurvivalPlot(QWidget* parent = nullptr);

  /// As known at the moment shown, and at the end (empty: that is the moment shown).
  void setCurves(std::vector<lab::SurvivalPoint> now, std::vector<lab::SurvivalPoint> end, int64_t reliableSteps);
  const std::vector<lab::SurvivalPoint>& curve() const { return now_; }

  void resetView() override;
  CsvTable exportTable() const override;  ///< as survival.csv

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void hoverEnded() override;

 private:
  QCPAxisRect* rect_;
  QCPGraph *nowGraph_, *endGraph_;
  QCPItemStraightLine* threshold_;
  QCPItemText* thresholdText_;
  QList<QCPItemStraightLine*> cursors_;
  std::vector<lab::SurvivalPoint> now_, end_;
  int64_t reliableSteps_ = 0;
};

/// Share of the connections that live to an age.
double survivalAt(const std::vector<lab::SurvivalPoint>& curve, int64_t age);

}  // namespace lab::ui
