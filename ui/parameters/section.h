#pragma once
// A titled part of a form that folds away.

#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace lab::ui {

class Section : public QWidget {
  Q_OBJECT
 public:
  Section(const QString& title, QWidget* parent = nullptr);
  void add(QWidget* widget);
  bool isOpen() const;
  void setOpen(bool open);

 private:
  QToolButton* header_;
  QWidget* content_;
  QVBoxLayout* rows_;
};

}  // namespace lab::ui
