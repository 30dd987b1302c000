#pragma once
// A line across the window that says what went wrong and what to do, or offers something, until it is closed.

#include <QFrame>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace lab::ui {

class Banner : public QFrame {
  Q_OBJECT
 public:
  /// A button; it closes the banner first.
  struct Choice {
    QString text;
    std::function<void()> act;
  };

  explicit Banner(QWidget* parent = nullptr);
  void tell(const QString& problem, const std::vector<Choice>& choices = {});
  /// Nothing is wrong. `dismissed` is called when the banner is closed without a choice.
  void offer(const QString& sentence, const std::vector<Choice>& choices, std::function<void()> dismissed);
  QString text() const;

 private:
  void show(const QString& sentence, bool isProblem, const std::vector<Choice>& choices);

  QLabel* label_;
  QHBoxLayout* buttons_;
  std::function<void()> dismissed_;
};

}  // namespace lab::ui
