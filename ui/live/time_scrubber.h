#pragma once
// Chooses a moment of the run: drag, step, play. At the right end it follows what is still to come.

#include "live/moment_slider.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QToolButton;

namespace lab::ui {

class TimeScrubber : public QWidget {
  Q_OBJECT
 public:
  using Mark = MomentSlider::Mark;

  explicit TimeScrubber(QWidget* parent = nullptr);

  /// Moments 0..count - 1. Where it was at the end it stays there, and says nothing.
  void setMoments(int count);
  int moments() const;
  int moment() const;
  bool atEnd() const { return atEnd_; }
  void setText(const QString& text);
  /// The moment that changes are counted from; 0: the start.
  void setFlag(int moment);
  /// Changes of parameters on the way.
  void setMarks(std::vector<Mark> marks) { slider_->setMarks(std::move(marks)); }
  void setRunning(bool running);  ///< the end is now
  bool playing() const { return tick_.isActive(); }

  void goTo(int moment);
  void stepBy(int moments);
  void goToEnd();
  void setPlaying(bool on);
  /// Moments a second while it plays.
  int speed() const;

  /// Left and Right, Home and End. True: it was one of them.
  bool handleKey(QKeyEvent* event);

 Q_SIGNALS:
  void momentChosen(int moment);  ///< by a person or by playing; at the end: atEnd()
  void flagWanted();              ///< changes are to be counted from the moment shown

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void advance();
  void updateButtons();
  void restyle();
  QToolButton* addButton(const QString& name, const QString& help);

  MomentSlider* slider_;
  QToolButton *back_, *play_, *forward_, *flag_, *end_;
  QComboBox* speed_;
  QLabel* text_;
  QTimer tick_;
  bool atEnd_ = true, running_ = false;
};

}  // namespace lab::ui
