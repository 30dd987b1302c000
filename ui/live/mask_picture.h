#pragma once
// Draws a layer's mask: blocks of connections from afar, single connections from near.

#include "live/mask_image.h"
#include "live/mask_marginals.h"
#include "live/mask_source.h"

#include <memory>
#include <optional>

namespace lab::ui {

/// The widths of the strips right of and below a picture that has its marginals.
inline constexpr double kMarginalPixels = 34;

class MaskPicture {
 public:
  void setSource(std::shared_ptr<const MaskSource> source);
  const MaskSource* source() const { return source_.get(); }
  const MaskLayout& layout() const;

  void paint(QPainter& painter, const QRectF& area, const MatrixPart& part, double pixelRatio, const Theme& theme);
  /// Beside the picture in `area`.
  void paintMarginals(QPainter& painter, const QRectF& area, const MatrixPart& part, const Theme& theme);
  const MaskMarginals& marginals();

 private:
  BlockCounts blocksFor(const lab::Mask& mask, const MatrixPart& part, QSize pixels) const;
  QImage draw(const MatrixPart& part, QSize pixels, const Theme& theme);
  QImage drawAges(const Theme& theme) const;
  double drawnDensity() const;
  void paintGaps(QPainter& painter, const QRectF& area, const MatrixPart& part, const Theme& theme) const;

  std::shared_ptr<const MaskSource> source_;
  std::optional<MaskMarginals> marginals_;
  BlockCounts blocks_;  ///< as drawn last
  QImage cache_;
  MatrixPart cachedPart_;
  QSize cachedPixels_;
  bool cachedDark_ = false;
};

}  // namespace lab::ui
