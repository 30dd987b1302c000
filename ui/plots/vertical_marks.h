#pragma once
// Moments marked on time axes: a dashed line through every axis rect and a label at the top of the first. Labels that
// would overlap an earlier one are left out; the line stays.

#include "theme.h"

#include "plots/qcp.h"

#include <vector>

namespace lab::ui {

class VerticalMarks {
 public:
  VerticalMarks(QCustomPlot* plot, QList<QCPAxisRect*> rects) : plot_(plot), rects_(std::move(rects)) {}

  void add(double x, const QString& text, const Theme& theme);
  void clear();
  void restyle(const Theme& theme);
  void arrange();  ///< after layout: which labels have room
  size_t count() const { return marks_.size(); }
  /// Texts of the marks within `reach` pixels of x pixel `at`.
  QStringList textsNear(double at, double reach) const;

 private:
  struct Mark {
    double x;
    QList<QCPItemStraightLine*> lines;
    QCPItemText* label;
  };
  QCustomPlot* plot_;
  QList<QCPAxisRect*> rects_;
  std::vector<Mark> marks_;
};

}  // namespace lab::ui
