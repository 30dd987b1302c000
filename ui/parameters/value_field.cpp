#include "parameters/value_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyle>

namespace lab::ui {
namespace {

class WheelFilter : public QObject {
 public:
  using QObject::QObject;
  bool eventFilter(QObject* watched, QEvent* event) override {
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (event->type() != QEvent::Wheel || widget == nullptr || widget->hasFocus()) return false;
    event->ignore();
    return true;
  }
};

class UndoFilter : public QObject {
 public:
  using QObject::QObject;
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() != QEvent::ShortcutOverride) return false;
    auto* key = static_cast<QKeyEvent*>(event);
    if (!key->matches(QKeySequence::Undo) && !key->matches(QKeySequence::Redo)) return false;
    event->ignore();
    return true;
  }
};

void adopt(ValueField* field, QWidget* input) {
  auto* layout = new QHBoxLayout(field);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(input);
  field->setFocusProxy(input);
}

class ChoiceField : public ValueField {
 public:
  ChoiceField(const Parameter& parameter, QWidget* parent) : ValueField(parent), combo_(new QComboBox(this)) {
    for (const auto& choice : parameter.choices()) combo_->addItem(toQt(choice));
    combo_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo_->setMinimumContentsLength(6);
    ignoreWheelWithoutFocus(combo_);
    adopt(this, combo_);
    if (!parameter.fileSuffix.empty()) acceptPaths();
    connect(combo_, &QComboBox::textActivated, this, [this](const QString& choice) {
      Q_EMIT edited(choice);
      Q_EMIT settled();
    });
  }
  QString text() const override { return combo_->currentText(); }
  void show(const QString& text) override {
    const QSignalBlocker quiet(combo_);
    if (combo_->isEditable() && combo_->currentText() == text) return;  // the cursor stays where the user types
    combo_->setCurrentIndex(combo_->findText(text));
    if (combo_->isEditable()) combo_->setEditText(text);
  }

 private:
  /// The path of a file is typed in place of a choice.
  void acceptPaths() {
    combo_->setEditable(true);
    combo_->setInsertPolicy(QComboBox::NoInsert);
    leaveUndoToTheWindow(combo_->lineEdit());
    connect(combo_->lineEdit(), &QLineEdit::textEdited, this, &ValueField::edited);
    connect(combo_->lineEdit(), &QLineEdit::editingFinished, this, &ValueField::settled);
  }

  QComboBox* combo_;
};

class SwitchField : public ValueField {
 public:
  explicit SwitchField(QWidget* parent) : ValueField(parent), box_(new QCheckBox(this)) {
    adopt(this, box_);
    connect(box_, &QCheckBox::toggled, this, [this] {
      Q_EMIT edited(text());
      Q_EMIT settled();
    });
  }
  QString text() const override { return box_->isChecked() ? QStringLiteral("true") : QStringLiteral("false"); }
  void show(const QString& text) override {
    const QSignalBlocker quiet(box_);
    box_->setChecked(text == QLatin1String("true"));
  }

 private:
  QCheckBox* box_;
};

class LineField : public ValueField {
 public:
  LineField(const Parameter& parameter, QWidget* parent) : ValueField(parent), line_(new QLineEdit(this)) {
    if (std::holds_alternative<std::string Config::*>(parameter.member))
      line_->setPlaceholderText(tr("the usual places"));
    adopt(this, line_);
    leaveUndoToTheWindow(line_);
    showUnit(toQt(parameter.unit), toQt(parameter.label));
    connect(line_, &QLineEdit::textEdited, this, &ValueField::edited);
    connect(line_, &QLineEdit::editingFinished, this, &ValueField::settled);
  }
  /// Inside the field at its right end, where it leaves room for the value and says more than the label.
  void showUnit(const QString& unit, const QString& label) {
    const int width = fontMetrics().horizontalAdvance(unit) + 10;
    if (unit.isEmpty() || width > 64 || label.contains(unit, Qt::CaseInsensitive)) return;
    auto* hint = new QLabel(unit, line_);
    hint->setObjectName(QStringLiteral("unit"));
    hint->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto* inside = new QHBoxLayout(line_);
    inside->setContentsMargins(0, 0, 8, 0);
    inside->addStretch();
    inside->addWidget(hint);
    line_->setTextMargins(0, 0, width, 0);
  }
  QString text() const override { return line_->text(); }
  void show(const QString& text) override {
    if (line_->text() != text) line_->setText(text);
  }
  void setInvalid(bool invalid) override {
    line_->setProperty("invalid", invalid);
    line_->style()->unpolish(line_);
    line_->style()->polish(line_);
  }

 private:
  QLineEdit* line_;
};

}  // namespace

ValueField* makeValueField(const Parameter& parameter, QWidget* parent) {
  if (parameter.choices != nullptr) return new ChoiceField(parameter, parent);
  if (std::holds_alternative<bool Config::*>(parameter.member)) return new SwitchField(parent);
  return new LineField(parameter, parent);
}

void leaveUndoToTheWindow(QLineEdit* line) { line->installEventFilter(new UndoFilter(line)); }

void ignoreWheelWithoutFocus(QWidget* widget) {
  widget->setFocusPolicy(Qt::StrongFocus);
  widget->installEventFilter(new WheelFilter(widget));
}

}  // namespace lab::ui
