#include "tour/tour.h"

#include "plots/plot.h"
#include "theme.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace lab::ui {
namespace {

constexpr int kBalloonWidth = 380, kBalloonGap = 14, kBalloonMargin = 8;
constexpr int kShade = 110;  // of 255
constexpr double kArrow = 9, kCorner = 24;

/// From the balloon's edge that faces the target.
QPainterPath arrowFrom(const QRectF& box, const QRectF& target) {
  const double x = std::clamp(target.center().x(), box.left() + kCorner, box.right() - kCorner);
  const double y = std::clamp(target.center().y(), box.top() + kCorner, box.bottom() - kCorner);
  QPolygonF arrow;
  if (target.bottom() < box.top())
    arrow << QPointF(x - kArrow, box.top() + 1) << QPointF(x, box.top() - kArrow)
          << QPointF(x + kArrow, box.top() + 1);
  else if (target.top() > box.bottom())
    arrow << QPointF(x - kArrow, box.bottom() - 1) << QPointF(x, box.bottom() + kArrow)
          << QPointF(x + kArrow, box.bottom() - 1);
  else
    arrow << QPointF(box.left() + 1, y - kArrow) << QPointF(box.left() - kArrow, y)
          << QPointF(box.left() + 1, y + kArrow);
  QPainterPath path;
  path.addPolygon(arrow);
  path.closeSubpath();
  return path;
}

}  // namespace

Tour::Tour(std::vector<TourStep> steps, QWidget* window)
    : QWidget(window),
      steps_(std::move(steps)),
      balloon_(new QWidget(this)),
      title_(new QLabel(balloon_)),
      text_(new QLabel(balloon_)),
      count_(new QLabel(balloon_)),
      skip_(new QPushButton(tr("Skip"), balloon_)),
      back_(new QPushButton(tr("Back"), balloon_)),
      next_(new QPushButton(balloon_)) {
  setObjectName(QStringLiteral("tour"));
  setAccessibleName(tr("Tour of the window"));
  skip_->setObjectName(QStringLiteral("tourSkip"));
  back_->setObjectName(QStringLiteral("tourBack"));
  next_->setObjectName(QStringLiteral("tourNext"));
  title_->setFont(scaledFont(1.15, true));
  text_->setWordWrap(true);
  count_->setObjectName(QStringLiteral("muted"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(count_, 1);
  for (auto* button : {skip_, back_, next_}) buttons->addWidget(button);
  auto* layout = new QVBoxLayout(balloon_);
  layout->setContentsMargins(18, 14, 18, 14);
  layout->setSpacing(10);
  layout->addWidget(title_);
  layout->addWidget(text_);
  layout->addLayout(buttons);
  connect(skip_, &QPushButton::clicked, this, &Tour::end);
  connect(back_, &QPushButton::clicked, this, &Tour::back);
  connect(next_, &QPushButton::clicked, this, &Tour::next);
  for (auto* button : {skip_, back_, next_}) button->installEventFilter(this);
  window->installEventFilter(this);
  QWidget::show();
  raise();
  showStep(0);
}

void Tour::back() {
  if (step_ > 0) showStep(step_ - 1);
}

void Tour::next() { step_ + 1 < steps_.size() ? showStep(step_ + 1) : end(); }

void Tour::end() {
  hide();
  deleteLater();
}

void Tour::showStep(size_t step) {
  step_ = step;
  const TourStep& now = steps_[step];
  title_->setText(now.title);
  text_->setText(now.text);
  count_->setText(tr("%1 of %2").arg(step + 1).arg(steps_.size()));
  back_->setEnabled(step > 0);
  skip_->setVisible(step + 1 < steps_.size());
  next_->setText(step + 1 < steps_.size() ? tr("Next") : tr("Done"));
  // What has the focus is read aloud, with its description.
  balloon_->setAccessibleName(now.title);
  next_->setAccessibleDescription(now.title + QStringLiteral(". ") + now.text);
  next_->setFocus();
  QAccessibleEvent event(next_, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&event);
  place();
}

QRect Tour::targetRect() const {
  const QWidget* target = steps_[step_].target;
  return QRect(target->mapTo(parentWidget(), QPoint()), target->size())
      .adjusted(-4, -4, 4, 4)
      .intersected(parentWidget()->rect());
}

/// Below the target where there is room, else beside or above it, and always within the window.
void Tour::place() {
  setGeometry(parentWidget()->rect());
  const int width = std::min(kBalloonWidth, this->width() - 2 * kBalloonMargin);
  balloon_->setFixedWidth(width);
  balloon_->layout()->activate();
  const int height = balloon_->layout()->hasHeightForWidth() ? balloon_->layout()->totalHeightForWidth(width)
                                                             : balloon_->sizeHint().height();
  const QRect target = targetRect();
  QPoint at(target.center().x() - width / 2, target.bottom() + kBalloonGap);
  if (at.y() + height > this->height() - kBalloonMargin) {
    at.setY(target.top() - kBalloonGap - height);
    if (at.y() < kBalloonMargin) at = QPoint(target.right() + kBalloonGap, target.center().y() - height / 2);
  }
  at.setX(std::clamp(at.x(), kBalloonMargin, std::max(kBalloonMargin, this->width() - width - kBalloonMargin)));
  at.setY(std::clamp(at.y(), kBalloonMargin, std::max(kBalloonMargin, this->height() - height - kBalloonMargin)));
  balloon_->setGeometry(QRect(at, QSize(width, height)));
  update();
}

bool Tour::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget() && event->type() == QEvent::Resize) place();
  // Before a button takes the arrow keys to walk to its neighbour.
  if (watched != parentWidget() && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Left || key == Qt::Key_Right) {
      keyPressEvent(static_cast<QKeyEvent*>(event));
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void Tour::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Escape:
      return end();
    case Qt::Key_Left:
      return back();
    case Qt::Key_Right:
    case Qt::Key_Return:
    case Qt::Key_Enter:
      return next();
    default:
      QWidget::keyPressEvent(event);
  }
}

bool Tour::focusNextPrevChild(bool forward) {
  QList<QPushButton*> chain{skip_, back_, next_};
  chain.removeIf([](const QPushButton* button) { return !button->isEnabled() || button->isHidden(); });
  const auto count = chain.size();
  const auto at = std::max<qsizetype>(0, chain.indexOf(qobject_cast<QPushButton*>(focusWidget())));
  chain[(at + (forward ? 1 : count - 1)) % count]->setFocus(Qt::TabFocusReason);
  return true;
}

void Tour::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath shade, hole;
  shade.addRect(rect());
  hole.addRoundedRect(targetRect(), 6, 6);
  painter.fillPath(shade.subtracted(hole), QColor(0, 0, 0, kShade));
  painter.setPen(QPen(theme().accent, 2));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(hole);

  const QRectF box = balloon_->geometry();
  QPainterPath balloon;
  balloon.addRoundedRect(box, 8, 8);
  painter.setPen(theme().border);
  painter.setBrush(theme().panel);
  painter.drawPath(balloon.united(arrowFrom(box, targetRect())));
}

}  // namespace lab::ui
