#pragma once
// One layer's connections as a picture: block density from afar, single connections with their values from near.

#include "export/plot_export.h"
#include "live/mask_picture.h"

#include <QWidget>

#include <memory>

namespace lab::ui {

class MaskView : public QWidget, public Exportable {
  Q_OBJECT
 public:
  /// `interactive`: wheel zoom, drag pan, tooltips and marginals; else a click or Enter is all it knows.
  explicit MaskView(bool interactive, QWidget* parent = nullptr);

  void setSource(std::shared_ptr<const MaskSource> source);
  const MaskSource* source() const { return picture_.source(); }
  /// Its moments as an animation: how many, and each of them.
  void setFilm(int frames, std::function<std::shared_ptr<const MaskSource>(int frame)> film);
  void resetView();
  /// Nearer (`factor` < 1) or farther around a position in pixels.
  void zoom(double factor, QPointF around);

  /// Where the matrix is drawn, which part of it, and the weight at a position in pixels (-1: none).
  QRectF pictureRect() const;
  MatrixPart visiblePart() const;
  int64_t weightAt(QPointF position) const;
  /// What the tooltip says.
  QString hint(QPointF position);

  QString exportTitle() const override;
  QString exportName() const override;
  QSize exportSize() const override { return size().expandedTo({400, 300}); }
  void paintExport(QCPPainter& painter, QSize size) override;
  CsvTable exportTable() const override;  ///< the shown connections: output, input, weight
  int frames() const override { return film_ ? frames_ : 0; }
  void paintFrame(QCPPainter& painter, QSize size, int frame) override;

  QSize sizeHint() const override { return {240, 160}; }

 Q_SIGNALS:
  void clicked();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  bool event(QEvent* event) override;

 private:
  const MatrixShape& matrix() const { return picture_.layout().picture; }
  void keepInside();

  MaskPicture picture_;
  QRectF view_{0, 0, 1, 1};  ///< of the matrix, as fractions
  QPointF pressed_, dragged_;
  int frames_ = 0;
  std::function<std::shared_ptr<const MaskSource>(int frame)> film_;
  const bool interactive_;
};

/// A source with its name and moment above it, as in exported pictures.
void paintMaskFigure(QPainter& painter, const QRectF& area, std::shared_ptr<const MaskSource> source,
                     bool withMarginals);

}  // namespace lab::ui
