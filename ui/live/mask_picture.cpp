#include "live/mask_picture.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

/// From afar a block holds about this many connections, or its shade would only be noise.
constexpr double kConnectionsABlock = 4;
constexpr double kSinglePixels = 4;   ///< weights this large are shown one by one in any case
constexpr double kGapPixels = 7;      ///< single connections this large are drawn apart
constexpr double kKernelPixels = 10;  ///< kernels this large are

/// Three times the mean has the strongest shade: then layers of very different density can be compared.
constexpr double kTopOverMean = 3;

void drawLines(QPainter& painter, const QRectF& area, const MatrixPart& part, int64_t everyRow,
               int64_t everyColumn) {
  const double width = area.width() / double(part.columns), height = area.height() / double(part.rows);
  const auto next = [](int64_t from, int64_t every) { return (from / every + 1) * every; };
  for (int64_t x = next(part.left, everyColumn); x < part.left + part.columns; x += everyColumn) {
    const double at = area.left() + width * double(x - part.left);
    painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
  }
  for (int64_t y = next(part.top, everyRow); y < part.top + part.rows; y += everyRow) {
    const double at = area.top() + height * double(y - part.top);
    painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at));
  }
}

}  // namespace

void MaskPicture::setSource(std::shared_ptr<const MaskSource> source) {
  source_ = std::move(source);
  marginals_.reset();
  cache_ = {};
}

const MaskLayout& MaskPicture::layout() const {
  static const MaskLayout none;
  return source_ ? source_->layout : none;
}

const MaskMarginals& MaskPicture::marginals() {
  if (!marginals_) marginals_ = source_ ? marginalsOf(source_->active(), source_->layout) : MaskMarginals{};
  return *marginals_;
}

double MaskPicture::drawnDensity() const {
  const auto size = static_cast<double>(std::max<int64_t>(1, source_->shown.size()));
  if (source_->mode == MaskMode::Survived) return static_cast<double>(source_->active().count()) / size;
  if (source_->mode == MaskMode::Change)
    return static_cast<double>(source_->ones() + source_->dropped.count()) / 2 / size;
  return source_->density();
}

BlockCounts MaskPicture::blocksFor(const lab::Mask& mask, const MatrixPart& part, QSize pixels) const {
  const double visible = static_cast<double>(part.rows * part.columns) / static_cast<double>(mask.size());
  const double down = static_cast<double>(part.rows) / pixels.height();  // weights a pixel
  const double across = static_cast<double>(part.columns) / pixels.width();
  const bool near = std::max(down, across) <= 1 / kSinglePixels;
  const double area = near ? 1 : std::max(1.0, kConnectionsABlock / std::max(drawnDensity(), 1e-9) * visible);
  const double side = std::sqrt(area / (down * across));  // pixels: blocks are square on the screen
  const auto block = [side](double aPixel, int64_t n, int64_t kernel) {
    auto size = std::clamp<int64_t>(std::llround(std::max(side * aPixel, std::ceil(aPixel))), 1, n);
    if (size > kernel) size = (size + kernel - 1) / kernel * kernel;  // whole kernels
    return std::min(size, n);
  };
  return countBlocks(mask, source_->layout.picture, part, block(down, part.rows, source_->layout.kernelRows),
                     block(across, part.columns, source_->layout.kernelColumns));
}

QImage MaskPicture::drawAges(const Theme& theme) const {
  std::vector<double> sums(blocks_.counts.size(), 0);
  const MatrixPart& part = blocks_.part;
  const auto now = static_cast<double>(std::max<int64_t>(1, source_->moment->step));
  size_t place = 0;
  forEachOne(source_->active(), [&](int64_t weight) {
    const int64_t age = source_->age(place++);
    const auto at = source_->layout.placeOf(weight);
    const int64_t row = at.row - part.top, column = at.column - part.left;
    if (row < 0 || row >= part.rows || column < 0 || column >= part.columns || age < 0) return;
    const int64_t block = row / blocks_.blockRows * blocks_.width + column / blocks_.blockColumns;
    sums[static_cast<size_t>(block)] += 1 - static_cast<double>(age) / now;  // when it was born
  });
  return meanImage(blocks_, sums, timeColours(theme.dark), densityColours(theme.dark).front());
}

QImage MaskPicture::draw(const MatrixPart& part, QSize pixels, const Theme& theme) {
  blocks_ = blocksFor(source_->shown, part, pixels);
  const bool single = blocks_.blockRows * blocks_.blockColumns == 1;
  const double top = single ? 1 : std::min(1.0, kTopOverMean * drawnDensity());
  if (source_->mode == MaskMode::Age) return drawAges(theme);
  if (source_->mode != MaskMode::Change) return densityImage(blocks_, top, densityColours(theme.dark));
  const BlockCounts losses =
      countBlocks(source_->dropped, source_->layout.picture, part, blocks_.blockRows, blocks_.blockColumns);
  return changeImage(blocks_, losses, top, changeColours(theme.dark));
}

void MaskPicture::paint(QPainter& painter, const QRectF& area, const MatrixPart& part, double pixelRatio,
                        const Theme& theme) {
  if (!source_ || part.rows == 0 || source_->shown.size() == 0) return;
  const QSize pixels = (area.size() * pixelRatio).toSize().expandedTo({1, 1});
  if (cache_.isNull() || cachedPart_ != part || cachedPixels_ != pixels || cachedDark_ != theme.dark) {
    cache_ = draw(part, pixels, theme);
    cachedPart_ = part;
    cachedPixels_ = pixels;
    cachedDark_ = theme.dark;
  }
  const double cellWidth = area.width() / double(part.columns), cellHeight = area.height() / double(part.rows);
  painter.save();
  painter.setClipRect(area);
  painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
  painter.drawImage(QRectF(area.left(), area.top(), cellWidth * double(blocks_.width * blocks_.blockColumns),
                           cellHeight * double(blocks_.height * blocks_.blockRows)),
                    cache_);
  paintGaps(painter, area, part, theme);
  painter.restore();
}

void MaskPicture::paintGaps(QPainter& painter, const QRectF& area, const MatrixPart& part,
                            const Theme& theme) const {
  const MaskLayout& layout = source_->layout;
  const double cell = std::min(area.width() / double(part.columns), area.height() / double(part.rows));
  if (cell >= kGapPixels) {
    painter.setPen(theme.panel);
    drawLines(painter, area, part, 1, 1);
  }
  if (layout.convolution() && cell * double(std::min(layout.kernelRows, layout.kernelColumns)) >= kKernelPixels) {
    painter.setPen(QPen(theme.border, cell >= kGapPixels ? 2 : 1));
    drawLines(painter, area, part, layout.kernelRows, layout.kernelColumns);
  }
}

void MaskPicture::paintMarginals(QPainter& painter, const QRectF& area, const MatrixPart& part,
                                 const Theme& theme) {
  if (!source_ || part.rows == 0) return;
  const MaskLayout& l = source_->layout;
  paintMarginal(painter, {area.right(), area.top(), kMarginalPixels, area.height()}, Qt::Vertical,
                marginals().outputs, double(part.top) / double(l.kernelRows),
                double(part.rows) / double(l.kernelRows), theme);
  paintMarginal(painter, {area.left(), area.bottom(), area.width(), kMarginalPixels}, Qt::Horizontal,
                marginals().inputs, double(part.left) / double(l.kernelColumns),
                double(part.columns) / double(l.kernelColumns), theme);
}

}  // namespace lab::ui
