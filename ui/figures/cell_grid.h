#pragma once
// Every run of a figure as a small square: a row a panel value, a group of seeds for each value along the curve.

#include "experiments/figures.h"

#include <QWidget>

#include <vector>

namespace lab::ui {

class CellGrid : public QWidget {
  Q_OBJECT
 public:
  explicit CellGrid(QWidget* parent = nullptr);

  void setGrid(const lab::FigureGrid& grid);
  void setResult(size_t cell, const lab::CellResult& result);

  QRect squareOf(size_t cell) const;
  /// Its parameters, its state, and what came out or went wrong.
  QString describe(size_t cell) const;

  QSize sizeHint() const override { return minimumSizeHint(); }
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void cellActivated(size_t cell);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Square {
    int row = 0, column = 0, seed = 0;
    lab::CellState state = lab::CellState::Waiting;
    QString name, outcome;
  };
  int cellAt(QPoint position) const;
  int labelWidth() const;
  double groupWidth() const;

  std::vector<Square> squares_;
  QStringList rows_, columns_;
  int seeds_ = 1;
};

}  // namespace lab::ui
