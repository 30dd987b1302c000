#pragma once
// A slider over the moments of a run: a click goes where it is, a flag marks the moment that changes are counted
// from.

#include <QSlider>
#include <QString>

#include <vector>

namespace lab::ui {

class MomentSlider : public QSlider {
  Q_OBJECT
 public:
  explicit MomentSlider(QWidget* parent = nullptr);
  struct Mark {
    int value;
    QString text;
    bool operator==(const Mark&) const = default;
  };

  void setFlag(int value);  ///< 0, the start, has none
  void setMarks(std::vector<Mark> marks);
  /// The texts of the marks at a pixel, a line each.
  QString marksAt(double pixel) const;

  QSize sizeHint() const override { return {200, 24}; }
  QSize minimumSizeHint() const override { return {80, 24}; }

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;

 private:
  double pixelOf(int value) const;
  int valueAt(double pixel) const;

  int flag_ = 0;
  std::vector<Mark> marks_;
};

}  // namespace lab::ui
