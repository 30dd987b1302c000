#pragma once
// A few choices side by side, one of them pressed.

#include <QStringList>
#include <QWidget>

namespace lab::ui {

class ChoiceBar : public QWidget {
  Q_OBJECT
 public:
  ChoiceBar(const QStringList& choices, int current, QWidget* parent = nullptr);

 Q_SIGNALS:
  void chosen(int index);
};

}  // namespace lab::ui
