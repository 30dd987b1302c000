#include "plots/hover_card.h"

#include "theme.h"

#include <QPainter>

namespace lab::ui {

HoverCard::HoverCard(QWidget* parent) : QLabel(parent) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setTextFormat(Qt::RichText);
  setContentsMargins(9, 6, 9, 7);
  hide();
}

void HoverCard::showAt(QPoint cursor, const QString& heading, const QList<Row>& rows) {
  QString html = QStringLiteral("<b>%1</b><table cellspacing=0 cellpadding=0>").arg(heading.toHtmlEscaped());
  for (const Row& row : rows) {
    const QString swatch = row.colour.isValid()
                               ? QStringLiteral("<span style='color:%1'>■</span> ").arg(row.colour.name())
                               : QString();
    html += QStringLiteral("<tr><td style='padding-right:12px; color:%1'>%2%3</td><td align=right>%4</td></tr>")
                .arg(theme().mutedText.name(), swatch, row.name.toHtmlEscaped(), row.value.toHtmlEscaped());
  }
  setText(html + QStringLiteral("</table>"));
  adjustSize();
  constexpr int kGap = 14;
  const QSize room = parentWidget()->size();
  QPoint at = cursor + QPoint(kGap, kGap);
  if (at.x() + width() > room.width()) at.setX(cursor.x() - kGap - width());
  if (at.y() + height() > room.height()) at.setY(cursor.y() - kGap - height());
  move(qMax(0, at.x()), qMax(0, at.y()));
  show();
  raise();
}

void HoverCard::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(theme().border);
  painter.setBrush(theme().dark ? theme().panel.lighter(130) : theme().panel);
  painter.drawRoundedRect(QRectF(rect()).adjusted(.5, .5, -.5, -.5), 5, 5);
  painter.end();
  QLabel::paintEvent(event);
}

}  // namespace lab::ui
