#pragma once
// One axis of a sweep: a parameter, the values as people write them, and what they come to.

#include "experiments/axis_text.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;

namespace lab::ui {

class AxisRow : public QWidget {
  Q_OBJECT
 public:
  AxisRow(const QString& key, const QString& values, QWidget* parent);

  QString key() const;
  QString values() const;
  /// Nothing while the values cannot be read; the row says why.
  const std::optional<lab::Axis>& axis() const { return axis_; }

 Q_SIGNALS:
  void changed();
  void removed();

 private:
  void read();

  QComboBox* parameter_;
  QLineEdit* values_;
  QLabel* preview_;
  std::optional<lab::Axis> axis_;
};

}  // namespace lab::ui
