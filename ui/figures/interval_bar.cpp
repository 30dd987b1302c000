#include "figures/interval_bar.h"

#include "figures/verdict_panel.h"
#include "theme.h"

#include <QPainter>

namespace lab::ui {

IntervalBar::IntervalBar(const lab::ContrastResult& result, double reach, QWidget* parent)
    : QWidget(parent), result_(result), reach_(reach) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setToolTip(tr("The difference with its 95 % interval; the line in the middle is no difference."));
}

void IntervalBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double middle = height() / 2.0;
  const auto x = [this](double value) { return width() / 2.0 + value / reach_ * (width() / 2.0 - 5); };
  painter.setPen(QPen(theme().grid, 1));
  painter.drawLine(QPointF(0, middle), QPointF(width(), middle));
  painter.setPen(QPen(theme().mutedText, 1));
  painter.drawLine(QPointF(x(0), 1), QPointF(x(0), height() - 1));
  if (reach_ <= 0 || (result_.low == 0 && result_.high == 0)) return;
  const QColor colour = verdictColour(result_.verdict);
  painter.setPen(QPen(colour, 2, Qt::SolidLine, Qt::RoundCap));
  painter.drawLine(QPointF(x(result_.low), middle), QPointF(x(result_.high), middle));
  painter.setPen(QPen(theme().panel, 1));
  painter.setBrush(colour);
  painter.drawEllipse(QPointF(x(result_.difference), middle), 4, 4);
}

}  // namespace lab::ui
