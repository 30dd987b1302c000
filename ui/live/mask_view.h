#pragma once
// One layer's connections as a picture: block density from afar, single connections with their values from near.

#include "export/plot_export.h"
#include "live/mask_image.h"
#include "training/run_observer.h"

#include <QImage>
#include <QWidget>

#include <memory>

namespace lab::ui {

enum class MaskMode { Active, Explored, New };

/// One layer's part of a snapshot, and what the picture is to show of it.
struct MaskSource {
  std::shared_ptr<const lab::MaskSnapshot> snapshot;
  size_t layer = 0;
  std::string name;
  std::vector<int64_t> shape;
  MaskMode mode = MaskMode::Active;
  lab::Mask shown;  ///< by mode
  double density() const;
};

class MaskView : public QWidget, public Exportable {
  Q_OBJECT
 public:
  /// `interactive`: wheel zoom, drag pan and tooltips; else a click is all it knows.
  explicit MaskView(bool interactive, QWidget* parent = nullptr);

  void setSource(std::shared_ptr<const MaskSource> source);
  const MaskSource* source() const { return source_.get(); }
  void resetView();

  /// The part of the matrix in view, and the weight at a position in pixels (-1: none).
  MatrixPart visiblePart() const;
  int64_t weightAt(QPointF position) const;
  /// Index, whether it exists, weight, since when: what the tooltip says.
  QString describe(int64_t weight) const;

  QString exportTitle() const override;
  QString exportName() const override;
  QSize exportSize() const override { return size().expandedTo({400, 300}); }
  void paintExport(QCPPainter& painter, QSize size) override;
  CsvTable exportTable() const override;  ///< the shown connections: row, column, weight

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
  void contextMenuEvent(QContextMenuEvent* event) override;
  bool event(QEvent* event) override;

 private:
  MatrixShape matrix() const;
  BlockCounts blocksFor(const MatrixPart& part, QSize pixels) const;
  void paintInto(QPainter& painter, const QRectF& area, double pixelRatio, bool dark);
  void keepInside();

  std::shared_ptr<const MaskSource> source_;
  QRectF view_{0, 0, 1, 1};  ///< of the matrix, as fractions
  QPointF pressed_, dragged_;
  BlockCounts blocks_;
  QImage cache_;
  MatrixPart cachedPart_;
  QSize cachedPixels_;
  bool cachedDark_ = false;
  const bool interactive_;
};

}  // namespace lab::ui
