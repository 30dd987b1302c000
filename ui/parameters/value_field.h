#pragma once
// The input widget of one parameter. Every kind of value goes in and out as the text that TOML and the command
// line use.

#include "parameters/parameter_table.h"
#include "wording.h"

#include <QString>
#include <QWidget>

class QLineEdit;

namespace lab::ui {

class ValueField : public QWidget {
  Q_OBJECT
 public:
  using QWidget::QWidget;
  virtual QString text() const = 0;
  virtual void show(const QString& text) = 0;  ///< emits nothing
  virtual void setInvalid(bool) {}

 Q_SIGNALS:
  void edited(const QString& text);
  void settled();  ///< the user has finished one edit
};

/// A choice, a switch or a line of text, by the type of the row's member.
ValueField* makeValueField(const Parameter& parameter, QWidget* parent);

/// Scrolling a form must not change the values that happen to pass under the pointer.
void ignoreWheelWithoutFocus(QWidget* widget);

/// Ctrl+Z in a line of text undoes the last change of settings, not the last key typed into that line.
void leaveUndoToTheWindow(QLineEdit* line);

}  // namespace lab::ui
