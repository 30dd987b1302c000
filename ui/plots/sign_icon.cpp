#include "plots/sign_icon.h"

#include <QPainter>

namespace lab::ui {

namespace {

QPixmap drawn(Sign sign, const QColor& colour) {
  QPixmap pixmap(48, 48);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(colour, 3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  if (sign != Sign::Enlarge) painter.setBrush(colour);
  switch (sign) {
    case Sign::Play:
      painter.drawPolygon(QPolygonF({{15, 10}, {38, 24}, {15, 38}}));
      break;
    case Sign::Pause:
      painter.drawRect(QRectF(14, 11, 6, 26));
      painter.drawRect(QRectF(28, 11, 6, 26));
      break;
    case Sign::Back:
      painter.drawPolygon(QPolygonF({{34, 12}, {18, 24}, {34, 36}}));
      painter.drawLine(QPointF(13, 12), QPointF(13, 36));
      break;
    case Sign::Forward:
      painter.drawPolygon(QPolygonF({{14, 12}, {30, 24}, {14, 36}}));
      painter.drawLine(QPointF(35, 12), QPointF(35, 36));
      break;
    case Sign::End:
      painter.drawPolygon(QPolygonF({{9, 13}, {22, 24}, {9, 35}}));
      painter.drawPolygon(QPolygonF({{22, 13}, {35, 24}, {22, 35}}));
      painter.drawLine(QPointF(39, 13), QPointF(39, 35));
      break;
    case Sign::Flag:
      painter.drawLine(QPointF(14, 9), QPointF(14, 40));
      painter.drawPolygon(QPolygonF({{15, 11}, {36, 17}, {15, 25}}));
      break;
    case Sign::Enlarge:
      painter.drawLine(QPointF(28, 20), QPointF(38, 10));
      painter.drawPolyline(QPolygonF({{28, 10}, {38, 10}, {38, 20}}));
      painter.drawLine(QPointF(20, 28), QPointF(10, 38));
      painter.drawPolyline(QPolygonF({{20, 38}, {10, 38}, {10, 28}}));
      break;
    case Sign::More:
      for (const double y : {13., 24., 35.}) painter.drawEllipse(QPointF(24, y), 1.8, 1.8);
      break;
  }
  return pixmap;
}

}  // namespace

QIcon signIcon(Sign sign, const QColor& colour, const QColor& disabled) {
  QIcon icon(drawn(sign, colour));
  icon.addPixmap(drawn(sign, disabled), QIcon::Disabled);
  return icon;
}

}  // namespace lab::ui
