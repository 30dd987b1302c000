#pragma once
// Small labels beside points, none over another.

#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <optional>
#include <vector>

namespace lab::ui {

/// For each point the rectangle of its label: around the point wherever it covers neither a point, nor a line, nor
/// another label, and stays within `area`; empty where there is no such place.
std::vector<std::optional<QRectF>> placeLabels(const std::vector<QPointF>& points,
                                               const std::vector<QSizeF>& sizes, const std::vector<QLineF>& lines,
                                               const QRectF& area);

}  // namespace lab::ui
