#pragma once
// A line across the window that says what went wrong and what to do, until it is closed.

#include <QFrame>

class QLabel;

namespace lab::ui {

class Banner : public QFrame {
  Q_OBJECT
 public:
  explicit Banner(QWidget* parent = nullptr);
  void tell(const QString& sentence);
  QString text() const;

 private:
  QLabel* label_;
};

}  // namespace lab::ui
