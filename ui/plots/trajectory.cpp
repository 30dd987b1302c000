#include "plots/trajectory.h"

#include "plots/colour_maps.h"
#include "plots/plot.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lab::ui {

namespace {

constexpr size_t kMostWhole = 1000;   ///< beyond, what a column of pixels has is drawn as its ends and extremes
constexpr size_t kMostMarkers = 200;  ///< beyond, they only thicken the line
constexpr int kBarWidth = 72, kBarHeight = 7, kBarGap = 6;

template <class Get>
QCPRange rangeOf(const std::vector<Trajectory::Point>& points, bool& found, Get get) {
  found = false;
  QCPRange range;
  for (const auto& point : points) {
    const double value = get(point);
    if (!std::isfinite(value)) continue;
    if (found)
      range.expand(value);
    else
      range = QCPRange(value, value);
    found = true;
  }
  return range;
}

}  // namespace

std::optional<size_t> Trajectory::nearest(QPointF position, double reach) const {
  std::optional<size_t> best;
  for (size_t i = 0; i < points_.size(); ++i) {
    const double distance = QLineF(coordsToPixels(points_[i].x, points_[i].y), position).length();
    if (distance <= reach) best = i, reach = distance;
  }
  return best;
}

QCPRange Trajectory::getKeyRange(bool& found, QCP::SignDomain) const {
  return rangeOf(points_, found, [](const Point& p) { return p.x; });
}

QCPRange Trajectory::getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const {
  return rangeOf(points_, found, [](const Point& p) { return p.y; });
}

QColor Trajectory::colourOf(double time) const {
  time = timeEnd_ > 0 ? time / timeEnd_ : 0;
  if (!ramp_) return colourAt(timeColours(dark_), time);
  const auto mix = [share = static_cast<float>(std::clamp(time, 0.0, 1.0))](float a, float b) {
    return a + (b - a) * share;
  };
  const auto& [first, last] = *ramp_;
  return QColor::fromRgbF(mix(first.redF(), last.redF()), mix(first.greenF(), last.greenF()),
                          mix(first.blueF(), last.blueF()));
}

std::vector<Trajectory::Point> Trajectory::drawnPoints() const {
  if (points_.size() <= kMostWhole) return points_;
  std::vector<Point> drawn;
  for (size_t first = 0; first < points_.size();) {
    // The keys of this column of pixels; asking for each point's column would take longer than all the rest.
    const double column = std::floor(keyAxis()->coordToPixel(points_[first].x));
    const double from = keyAxis()->pixelToCoord(column), to = keyAxis()->pixelToCoord(column + 1);
    size_t end = first, least = first, largest = first;
    do {
      const double y = points_[end].y;
      if (y < points_[least].y || std::isnan(points_[least].y)) least = end;
      if (y > points_[largest].y || std::isnan(points_[largest].y)) largest = end;
    } while (++end < points_.size() && points_[end].x >= from && points_[end].x < to);
    std::array<size_t, 4> kept{first, std::min(least, largest), std::max(least, largest), end - 1};
    const auto last = std::unique(kept.begin(), kept.end());
    for (auto index = kept.begin(); index != last; ++index) drawn.push_back(points_[*index]);
    first = end;
  }
  return drawn;
}

void Trajectory::draw(QCPPainter* painter) {
  const std::vector<Point> drawn = drawnPoints();
  const bool whole = drawn.size() <= kMostWhole;
  painter->setAntialiasing(whole);
  for (size_t i = 1; i < drawn.size(); ++i) {
    const Point &a = drawn[i - 1], &b = drawn[i];
    if (!std::isfinite(a.y) || !std::isfinite(b.y)) continue;
    painter->setPen(QPen(colourOf((a.time + b.time) / 2), whole ? 2 : 1, style_, Qt::RoundCap));
    painter->drawLine(QLineF(coordsToPixels(a.x, a.y), coordsToPixels(b.x, b.y)));
  }
  painter->setAntialiasing(true);
  for (size_t i = 0; i < points_.size(); ++i) {
    const bool special = i + 1 == points_.size() || highlight_ == i;
    if (!std::isfinite(points_[i].y) || (!special && points_.size() > kMostMarkers)) continue;
    painter->setPen(QPen(paper_, special ? 1.5 : 1));
    painter->setBrush(colourOf(points_[i].time));
    const double radius = special ? 5.5 : 3.2;
    painter->drawEllipse(coordsToPixels(points_[i].x, points_[i].y), radius, radius);
  }
}

void Trajectory::drawLegendIcon(QCPPainter* painter, const QRectF& rect) const {
  painter->setPen(QPen(colourOf(.5), 2));
  painter->drawLine(QLineF(rect.left(), rect.center().y(), rect.right(), rect.center().y()));
}

ColourBar::ColourBar(QCustomPlot* plot) : QCPLayoutElement(plot) { setMargins({8, 2, 8, 2}); }

void ColourBar::setEnds(const QString& low, const QString& high) {
  low_ = low;
  high_ = high;
}

void ColourBar::setColours(bool dark, const QColor& text) {
  dark_ = dark;
  text_ = text;
}

QSize ColourBar::minimumOuterSizeHint() const {
  const QFontMetrics metrics(scaledFont(.88));
  return {metrics.horizontalAdvance(low_) + metrics.horizontalAdvance(high_) + kBarWidth + 2 * kBarGap + 18,
          metrics.height() + 4};
}

void ColourBar::draw(QCPPainter* painter) {
  const QFont font = scaledFont(.88);
  const int lowWidth = QFontMetrics(font).horizontalAdvance(low_);
  const QRect bar(mRect.left() + lowWidth + kBarGap, mRect.center().y() - kBarHeight / 2, kBarWidth, kBarHeight);
  const ColourTable& colours = timeColours(dark_);
  for (int x = 0; x < kBarWidth; ++x)
    painter->fillRect(QRect(bar.left() + x, bar.top(), 1, kBarHeight), colourAt(colours, x / (kBarWidth - 1.0)));
  painter->setFont(font);
  painter->setPen(text_);
  painter->drawText(mRect, Qt::AlignLeft | Qt::AlignVCenter, low_);
  painter->drawText(QRect(bar.right() + kBarGap, mRect.top(), 400, mRect.height()),
                    Qt::AlignLeft | Qt::AlignVCenter, high_);
}

}  // namespace lab::ui
