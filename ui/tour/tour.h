#pragma once
// A first look around: a few balloons beside the real controls, one after another.

#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;

namespace lab::ui {

struct TourStep {
  QWidget* target;  ///< must outlive the tour
  QString title, text;
};

/// Lies over its window until the last step, Skip or Esc; deletes itself then.
class Tour : public QWidget {
  Q_OBJECT
 public:
  Tour(std::vector<TourStep> steps, QWidget* window);

  size_t step() const { return step_; }
  void back();
  void next();
  void end();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  bool focusNextPrevChild(bool forward) override;  ///< Tab stays within the balloon

 private:
  void showStep(size_t step);
  void place();
  QRect targetRect() const;

  std::vector<TourStep> steps_;
  size_t step_ = 0;
  QWidget* balloon_;
  QLabel *title_, *text_, *count_;
  QPushButton *skip_, *back_, *next_;
};

}  // namespace lab::ui
