#include "plots/colour_key.h"

#include "plots/plot.h"
#include "theme.h"

#include <QPainter>

namespace lab::ui {

namespace {
constexpr int kBarWidth = 44, kBarHeight = 8, kGap = 5;
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
  return {metrics.horizontalAdvance(low_) + metrics.horizontalAdvance(high_) + kBarWidth + 2 * kGap + 4,
          metrics.height() + 2};
}

void ColourKey::paintEvent(QPaintEvent*) {
  if (width() < sizeHint().width()) return;
  QPainter painter(this);
  const int left = QFontMetrics(font()).horizontalAdvance(low_) + kGap;
  const QRect bar(left, (height() - kBarHeight) / 2, kBarWidth, kBarHeight);
  const ColourTable& colours = colours_(theme().dark);
  for (int x = 0; x < kBarWidth; ++x)
    painter.fillRect(QRect(bar.left() + x, bar.top(), 1, kBarHeight), colourAt(colours, x / (kBarWidth - 1.0)));
  painter.setPen(theme().border);
  painter.drawRect(bar.adjusted(0, 0, -1, -1));
  painter.setPen(theme().mutedText);
  painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, low_);
  painter.drawText(rect().adjusted(bar.right() + kGap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, high_);
}

}  // namespace lab::ui
