#include "plots/density_key.h"

#include "plots/colour_maps.h"
#include "plots/plot.h"
#include "theme.h"

#include <QPainter>

namespace lab::ui {

namespace {
constexpr int kBarWidth = 60, kBarHeight = 8, kGap = 5;
}

DensityKey::DensityKey(QWidget* parent) : QWidget(parent) {
  setFont(scaledFont(.85));
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
  setToolTip(tr("Density of a block of connections, from none to three times the mean of its layer"));
}

QSize DensityKey::sizeHint() const {
  const QFontMetrics metrics(font());
  return {
      metrics.horizontalAdvance(tr("0")) + metrics.horizontalAdvance(tr("3 × mean")) + kBarWidth + 2 * kGap + 4,
      metrics.height() + 2};
}

void DensityKey::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const int left = QFontMetrics(font()).horizontalAdvance(tr("0")) + kGap;
  const QRect bar(left, (height() - kBarHeight) / 2, kBarWidth, kBarHeight);
  const ColourTable& colours = densityColours(theme().dark);
  for (int x = 0; x < kBarWidth; ++x)
    painter.fillRect(QRect(bar.left() + x, bar.top(), 1, kBarHeight), colourAt(colours, x / (kBarWidth - 1.0)));
  painter.setPen(theme().border);
  painter.drawRect(bar.adjusted(0, 0, -1, -1));
  painter.setPen(theme().mutedText);
  painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, tr("0"));
  painter.drawText(rect().adjusted(bar.right() + kGap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, tr("3 × mean"));
}

}  // namespace lab::ui
