#pragma once
// A scroll area for what may be too tall, but is never too wide: it is at least as wide as what it holds.

#include <QScrollArea>
#include <QScrollBar>

namespace lab::ui {

class TallScroll : public QScrollArea {
  Q_OBJECT
 public:
  explicit TallScroll(QWidget* content) {
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  }

  QSize minimumSizeHint() const override {
    return {widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width(),
            QScrollArea::minimumSizeHint().height()};
  }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::LayoutRequest) updateGeometry();
    return QScrollArea::eventFilter(watched, event);
  }
};

}  // namespace lab::ui
