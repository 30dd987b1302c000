#include "figures/label_placement.h"

#include <algorithm>
#include <array>

namespace lab::ui {

namespace {

constexpr double kDistance = 5;    ///< pixels from a point to its label
constexpr double kPointCover = 4;  ///< a point covers this much around it

bool crosses(const QLineF& line, const QRectF& box) {
  if (box.contains(line.p1()) || box.contains(line.p2())) return true;
  const std::array<QLineF, 2> diagonals{QLineF(box.topLeft(), box.bottomRight()),
                                        QLineF(box.topRight(), box.bottomLeft())};
  return std::any_of(diagonals.begin(), diagonals.end(), [&](const QLineF& diagonal) {
    return line.intersects(diagonal, nullptr) == QLineF::BoundedIntersection;
  });
}

/// Centres around a point, the best first.
std::array<QPointF, 8> centres(QPointF point, QSizeF size) {
  const double dx = size.width() / 2 + kDistance, dy = size.height() / 2 + kDistance;
  const double side = size.width() / 2 + 2;
  return {point + QPointF(0, -dy),    point + QPointF(0, dy),    point + QPointF(-side, -dy),
          point + QPointF(side, -dy), point + QPointF(dx, 0),    point + QPointF(-dx, 0),
          point + QPointF(side, dy),  point + QPointF(-side, dy)};
}

}  // namespace

std::vector<std::optional<QRectF>> placeLabels(const std::vector<QPointF>& points,
                                               const std::vector<QSizeF>& sizes, const std::vector<QLineF>& lines,
                                               const QRectF& area) {
  std::vector<QRectF> taken;
  for (const QPointF& p : points)
    taken.emplace_back(p.x() - kPointCover, p.y() - kPointCover, 2 * kPointCover, 2 * kPointCover);
  const auto isFree = [&](const QRectF& label) {
    return area.contains(label) &&
           std::none_of(taken.begin(), taken.end(),
                        [&](const QRectF& other) { return other.intersects(label); }) &&
           std::none_of(lines.begin(), lines.end(), [&](const QLineF& line) { return crosses(line, label); });
  };
  std::vector<std::optional<QRectF>> labels(points.size());
  for (size_t i = 0; i < points.size(); ++i)
    for (const QPointF& centre : centres(points[i], sizes[i])) {
      QRectF label({}, sizes[i]);
      label.moveCenter(centre);
      if (!isFree(label)) continue;
      labels[i] = label;
      taken.push_back(label);
      break;
    }
  return labels;
}

}  // namespace lab::ui
