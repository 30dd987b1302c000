#pragma once
// Moments marked on time axes: a dashed line through every axis rect and a label at an edge of the first. Labels
// that find no room are left out; the line stays.

#include "theme.h"

#include "plots/qcp.h"

#include <vector>

namespace lab::ui {

class VerticalMarks {
 public:
  VerticalMarks(QCustomPlot* plot, QList<QCPAxisRect*> rects, Qt::Edge edge)
      : plot_(plot), rects_(std::move(rects)), edge_(edge) {}

  void add(double x, const QString& text, const Theme& theme);
  void clear();
  void restyle(const Theme& theme);
  void arrange();  ///< after layout: which labels have room
  size_t count() const { return marks_.size(); }
  /// Texts of the marks within `reach` pixels of x pixel `at`.
  QStringList textsNear(double at, double reach = 4) const;

 private:
  struct Mark {
    double x;
    QList<QCPItemStraightLine*> lines;
    QCPItemText* label;
  };
  QCustomPlot* plot_;
  QList<QCPAxisRect*> rects_;
  Qt::Edge edge_;  ///< of the first rect, where the labels stand
  std::vector<Mark> marks_;
};

}  // namespace lab::ui
