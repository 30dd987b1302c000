#include "compare/series_style.h"

#include <QPainter>
#include <QPixmap>

#include <array>

namespace lab::ui {

namespace {

constexpr std::array kStyles = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
constexpr int kIconWidth = 22, kIconHeight = 14, kIconScale = 2;

}  // namespace

QColor seriesColour(size_t index, const Theme& theme) {
  return theme.series[static_cast<qsizetype>(index) % theme.series.size()];
}

QPen seriesPen(size_t index, const Theme& theme, double width) {
  const auto round = index / static_cast<size_t>(theme.series.size());
  return QPen(seriesColour(index, theme), width, kStyles[round % kStyles.size()], Qt::FlatCap);
}

QIcon seriesIcon(size_t index, const Theme& theme) {
  QPixmap pixmap(kIconWidth * kIconScale, kIconHeight * kIconScale);
  pixmap.setDevicePixelRatio(kIconScale);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setPen(seriesPen(index, theme, 3));
  painter.drawLine(QPointF(1, kIconHeight / 2.0), QPointF(kIconWidth - 1, kIconHeight / 2.0));
  return pixmap;
}

}  // namespace lab::ui
