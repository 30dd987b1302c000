#pragma once
// One line of the form: label, input, reset, and below it what is wrong. A dial adds a slider and a note.

#include "parameters/parameter_table.h"
#include "parameters/value_field.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QSlider;
class QToolButton;

namespace lab::ui {

class ParameterRow : public QWidget {
  Q_OBJECT
 public:
  explicit ParameterRow(const Parameter& parameter, QWidget* parent = nullptr);

  const Parameter& parameter() const { return parameter_; }
  ValueField* field() const { return field_; }
  QToolButton* resetButton() const { return reset_; }
  QString problem() const;
  bool isInUse() const { return field_->isEnabled(); }

  virtual void setValue(const QString& text, const QString& defaultText);
  void setProblem(const QString& sentence);
  /// Greyed out with a reason; empty: in use.
  virtual void setUnavailable(const QString& reason);

 Q_SIGNALS:
  void edited(const QString& text);
  void settled();
  void resetRequested();

 protected:
  QGridLayout* grid_;
  QLabel* label_;
  ValueField* field_;

 private:
  const Parameter& parameter_;
  QToolButton* reset_;
  QLabel* message_;
  bool modified_ = false;
};

/// A parameter with a slider over `stops`, the values worth trying (ascending). The number takes any other.
class Dial : public ParameterRow {
  Q_OBJECT
 public:
  Dial(const Parameter& parameter, std::vector<double> stops, QWidget* parent = nullptr);

  QSlider* slider() const { return slider_; }
  void setNote(const QString& text);
  QString note() const;
  void setValue(const QString& text, const QString& defaultText) override;
  void setUnavailable(const QString& reason) override;

 private:
  std::vector<double> stops_;
  QSlider* slider_;
  QLabel* note_;
};

}  // namespace lab::ui
