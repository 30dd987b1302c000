#pragma once
// Every run as a line over one vertical axis for each swept parameter and each outcome, coloured by accuracy.
// Dragging along an axis brushes it: only the runs inside all brushes stay.

#include "export/plot_export.h"
#include "sweeps/sweep_data.h"

#include <QWidget>

#include <optional>
#include <utility>
#include <vector>

namespace lab::ui {

class ParallelCoordinates : public QWidget, public Exportable {
  Q_OBJECT
 public:
  explicit ParallelCoordinates(QWidget* parent = nullptr);

  /// Keeps the brushes while the axes stay the same.
  void setData(const SweepData& data);
  /// Whether a cell lies inside all brushes.
  bool passes(size_t cell) const;
  void clearBrushes();
  QRectF axisRect(size_t axis) const;  ///< where a brush on it is drawn
  size_t axisCount() const { return axes_.size(); }

  QString exportTitle() const override { return tr("Parallel coordinates"); }
  QString exportName() const override { return QStringLiteral("parallel"); }
  QSize exportSize() const override { return size().expandedTo({600, 320}); }
  void paintExport(QCPPainter& painter, QSize size) override;
  CsvTable exportTable() const override;

  QSize sizeHint() const override { return {720, 300}; }
  QSize minimumSizeHint() const override { return {180, 140}; }

 Q_SIGNALS:
  void brushed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  struct Axis {
    QString title;
    QStringList ticks;                         ///< of swept parameters: their labels, evenly spaced
    double low = 0, high = 0;                  ///< of outcomes
    std::vector<std::optional<double>> place;  ///< [cell], from 0 at the bottom to 1
    std::optional<std::pair<double, double>> brush;
  };
  void paintInto(QPainter& painter, const QRectF& area, bool dark) const;
  double xOf(size_t axis, const QRectF& area) const;
  QRectF plotArea(const QRectF& area) const;
  std::optional<size_t> axisAt(QPointF position) const;
  double placeAt(QPointF position) const;

  std::vector<Axis> axes_;
  std::vector<std::optional<double>> colour_;  ///< [cell], from 0 to 1
  std::optional<size_t> dragged_;
  double dragStart_ = 0;
};

}  // namespace lab::ui
