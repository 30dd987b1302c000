#pragma once
// The names of the curves below an exported plot. On the screen a table has them.

#include "plots/plot.h"

namespace lab::ui {

class ExportLegend {
 public:
  /// There until the object goes.
  explicit ExportLegend(QCustomPlot& plot);
  ~ExportLegend();
  ExportLegend(const ExportLegend&) = delete;
  ExportLegend& operator=(const ExportLegend&) = delete;

  void add(QCPAbstractPlottable* plottable) const;

 private:
  QCustomPlot& plot_;
  QCPLegend* legend_;
};

}  // namespace lab::ui
