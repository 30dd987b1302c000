#pragma once
// A slider over the moments of a run: a click goes where it is, a flag marks the moment that changes are counted
// from.

#include <QSlider>

namespace lab::ui {

class MomentSlider : public QSlider {
  Q_OBJECT
 public:
  explicit MomentSlider(QWidget* parent = nullptr);
  void setFlag(int value);  ///< 0, the start, has none

  QSize sizeHint() const override { return {200, 24}; }
  QSize minimumSizeHint() const override { return {80, 24}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;

 private:
  double pixelOf(int value) const;
  int valueAt(double pixel) const;

  int flag_ = 0;
};

}  // namespace lab::ui
