#pragma once
// A difference with its interval against zero, drawn small.

#include "experiments/figures.h"

#include <QWidget>

namespace lab::ui {

class IntervalBar : public QWidget {
 public:
  /// `reach`: the largest absolute value that the bars drawn together must show (fractions).
  IntervalBar(const lab::ContrastResult& result, double reach, QWidget* parent = nullptr);
  QSize sizeHint() const override { return {120, 14}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  lab::ContrastResult result_;
  double reach_;
};

}  // namespace lab::ui
