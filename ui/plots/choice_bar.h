#pragma once
// A few choices side by side, one of them pressed.

#include <QStringList>
#include <QWidget>

class QButtonGroup;

namespace lab::ui {

class ChoiceBar : public QWidget {
  Q_OBJECT
 public:
  ChoiceBar(const QStringList& choices, int current, QWidget* parent = nullptr);
  void setCurrent(int index);  ///< says nothing

 Q_SIGNALS:
  void chosen(int index);

 private:
  QButtonGroup* group_;
};

}  // namespace lab::ui
