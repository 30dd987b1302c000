#pragma once
// What a sweep came to over its first axis: a line with error bars for each combination of the others; or, of two
// axes, a heatmap of mean test accuracy.

#include "plots/plot.h"
#include "sweeps/sweep_data.h"

namespace lab::ui {

class SweepPlot : public Plot {
  Q_OBJECT
 public:
  enum class Kind { Lines, Heatmap };

  explicit SweepPlot(QWidget* parent = nullptr);

  void setData(const SweepData& data);
  void setKind(Kind kind);
  /// Which are possible: a heatmap needs two axes with more than one value.
  static bool canBeHeatmap(const SweepData& data);

  void resetView() override;
  CsvTable exportTable() const override;

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;

 private:
  struct Point {
    std::vector<std::string> labels;
    double mean = 0, deviation = 0;  ///< of test accuracy, fractions
    double rs = 0;                   ///< mean
    int runs = 0;
  };
  void draw(const Theme& t);
  void drawLines(const Theme& t);
  void drawHeatmap(const Theme& t);
  double place(size_t axis, const std::string& label) const;

  SweepData data_;
  std::vector<Point> points_;
  Kind kind_ = Kind::Lines;
  QCPAxisRect* rect_;
  QCPLegend* legend_;
  QList<QCPAbstractPlottable*> drawn_;
  QList<QCPAbstractItem*> squares_;
  const Theme* painted_ = nullptr;  ///< in whose colours
};

}  // namespace lab::ui
