#pragma once
// Connections of every output and input of a layer, drawn as bars along its picture. Units without any are marked:
// an output that sees nothing, an input that nothing in the layer listens to.

#include "live/mask_image.h"
#include "theme.h"

#include <QPainter>

namespace lab::ui {

struct MaskMarginals {
  std::vector<int64_t> outputs, inputs;  ///< connections of each
};
MaskMarginals marginalsOf(const lab::Mask& active, const MaskLayout& layout);

/// Units without a connection.
int64_t countEmpty(const std::vector<int64_t>& connections);

/// Units [first, first + shown) (they may begin and end within one) along `strip`: from top to bottom with bars to
/// the right, or from left to right with bars downwards.
void paintMarginal(QPainter& painter, const QRectF& strip, Qt::Orientation along,
                   const std::vector<int64_t>& connections, double first, double shown, const Theme& theme);

}  // namespace lab::ui
