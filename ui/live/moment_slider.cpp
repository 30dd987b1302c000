#include "live/moment_slider.h"

#include "theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace lab::ui {

namespace {
constexpr double kMargin = 9, kTrack = 4, kHandle = 6.5, kMarkReach = 4;
}

MomentSlider::MomentSlider(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
  setRange(0, 0);
  setPageStep(10);
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void MomentSlider::setFlag(int value) {
  flag_ = value;
  update();
}

void MomentSlider::setMarks(std::vector<Mark> marks) {
  if (marks == marks_) return;
  marks_ = std::move(marks);
  update();
}

QString MomentSlider::marksAt(double pixel) const {
  QStringList texts;
  for (const Mark& mark : marks_)
    if (std::abs(pixelOf(mark.value) - pixel) <= kMarkReach) texts << mark.text;
  return texts.join('\n');
}

bool MomentSlider::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QSlider::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const QString text = marksAt(help->pos().x());
  QToolTip::showText(help->globalPos(), text.isEmpty() ? toolTip() : text, this);
  return true;
}

double MomentSlider::pixelOf(int value) const {
  return kMargin + (width() - 2 * kMargin) * value / std::max(1, maximum());
}

int MomentSlider::valueAt(double pixel) const {
  return std::clamp(qRound((pixel - kMargin) / std::max(1.0, width() - 2 * kMargin) * maximum()), 0, maximum());
}

void MomentSlider::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Theme& t = theme();
  const double middle = height() / 2.0, at = maximum() == 0 ? width() - kMargin : pixelOf(value());
  painter.setPen(Qt::NoPen);
  painter.setBrush(t.border);
  painter.drawRoundedRect(QRectF(kMargin, middle - kTrack / 2, width() - 2 * kMargin, kTrack), 2, 2);
  if (!isEnabled()) return;
  painter.setBrush(t.accent);
  painter.drawRoundedRect(QRectF(kMargin, middle - kTrack / 2, at - kMargin, kTrack), 2, 2);
  painter.setBrush(t.text);
  for (const Mark& mark : marks_) painter.drawRect(QRectF(pixelOf(mark.value) - .75, middle - 6, 1.5, 12));
  if (flag_ > 0) {
    const double x = pixelOf(flag_);
    painter.setBrush(t.warning);
    painter.drawRect(QRectF(x - .75, 2, 1.5, height() - 4));
    painter.drawPolygon(QPolygonF({{x, 2}, {x + 7, 5}, {x, 8}}));
  }
  painter.setPen(QPen(t.panel, 2));
  painter.setBrush(t.accent);
  painter.drawEllipse(QPointF(at, middle), kHandle, kHandle);
  if (!hasFocus()) return;
  painter.setPen(QPen(t.accent, 1.5));
  painter.setBrush(Qt::NoBrush);
  painter.drawEllipse(QPointF(at, middle), kHandle + 1.5, kHandle + 1.5);
}

void MomentSlider::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return event->ignore();
  setSliderDown(true);
  setValue(valueAt(event->position().x()));
}

void MomentSlider::mouseMoveEvent(QMouseEvent* event) {
  if (isSliderDown()) setValue(valueAt(event->position().x()));
}

void MomentSlider::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) setSliderDown(false);
}

}  // namespace lab::ui
