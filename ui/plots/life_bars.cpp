#include "plots/life_bars.h"

#include <algorithm>

namespace lab::ui {

namespace {
constexpr double kLeastPixels = 1;    ///< a short life is seen too
constexpr double kGapFromPixels = 4;  ///< rows this high are drawn apart
}  // namespace

QCPRange LifeBars::getKeyRange(bool& found, QCP::SignDomain) const {
  found = !bars_.empty();
  QCPRange range;
  if (found) range = QCPRange(bars_.front().from, bars_.front().to);
  for (const Bar& bar : bars_) range.expand(QCPRange(bar.from, bar.to));
  return range;
}

QCPRange LifeBars::getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const {
  found = !bars_.empty();
  QCPRange range;
  if (found) range = QCPRange(bars_.front().row, bars_.front().row + 1);
  for (const Bar& bar : bars_) range.expand(QCPRange(bar.row, bar.row + 1));
  return range;
}

void LifeBars::draw(QCPPainter* painter) {
  painter->setAntialiasing(false);
  painter->setPen(Qt::NoPen);
  painter->setBrush(brush());
  for (const Bar& bar : bars_) {
    const QPointF a = coordsToPixels(bar.from, bar.row), b = coordsToPixels(bar.to, bar.row + 1);
    QRectF rect = QRectF(a, b).normalized();
    if (rect.width() < kLeastPixels) rect.setWidth(kLeastPixels);
    if (rect.height() >= kGapFromPixels) rect.adjust(0, 0, 0, -1);
    painter->drawRect(rect);
  }
}

void LifeBars::drawLegendIcon(QCPPainter* painter, const QRectF& rect) const {
  painter->setPen(Qt::NoPen);
  painter->setBrush(brush());
  painter->drawRect(rect.adjusted(0, 2, 0, -2));
}

}  // namespace lab::ui
