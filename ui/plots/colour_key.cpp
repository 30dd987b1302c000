#include "plots/colour_key.h"

#include "plots/plot.h"
#include "theme.h"

#include <QPainter>

namespace lab::ui {

namespace {
constexpr int kKeyWidth = 44, kKeyHeight = 8, kKeyGap = 5;
}

ColourKey::ColourKey(QWidget* parent) : QWidget(parent) {
  setFont(scaledFont(.85));
  setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
}

void ColourKey::setScale(const QString& low, const QString& high, Colours colours, const QString& help) {
  low_ = low;
  high_ = high;
  colours_ = colours;
  setToolTip(help);
  setAccessibleName(help);
  updateGeometry();
  update();
}

QSize ColourKey::sizeHint() const {
  const QFontMetrics metrics(font());
  return {metrics.horizontalAdvance(low_) + metrics.horizontalAdvance(high_) + kKeyWidth + 2 * kKeyGap + 4,
          metrics.height() + 2};
}

void ColourKey::paintEvent(QPaintEvent*) {
  if (width() < sizeHint().width()) return;
  QPainter painter(this);
  const int left = QFontMetrics(font()).horizontalAdvance(low_) + kKeyGap;
  const QRect bar(left, (height() - kKeyHeight) / 2, kKeyWidth, kKeyHeight);
  const ColourTable& colours = colours_(theme().dark);
  for (int x = 0; x < kKeyWidth; ++x)
    painter.fillRect(QRect(bar.left() + x, bar.top(), 1, kKeyHeight), colourAt(colours, x / (kKeyWidth - 1.0)));
  painter.setPen(theme().border);
  painter.drawRect(bar.adjusted(0, 0, -1, -1));
  painter.setPen(theme().mutedText);
  painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, low_);
  painter.drawText(rect().adjusted(bar.right() + kKeyGap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, high_);
}

}  // namespace lab::ui
