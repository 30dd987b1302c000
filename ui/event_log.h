#pragma once
// What happened, newest last: changes of parameters, pauses, warnings, problems.

#include "training/run_observer.h"

#include <QTreeWidget>

#include <vector>

namespace lab::ui {

class EventLog : public QTreeWidget {
  Q_OBJECT
 public:
  explicit EventLog(QWidget* parent = nullptr);
  void append(const std::vector<RunEvent>& events);
  void note(const QString& sentence);  ///< of the window itself
  void problem(const QString& sentence);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void add(const QString& step, const QString& epoch, const QString& sentence, bool isProblem);
};

}  // namespace lab::ui
