#include "settings_history.h"

#include <QScopedValueRollback>
#include <QUndoCommand>

#include <utility>

namespace lab::ui {

class SettingsHistory::Edit : public QUndoCommand {
 public:
  Edit(SettingsHistory& history, const QString& text, std::function<void()> undo, std::function<void()> redo,
       State state, const QString& key, QUndoCommand* group)
      : QUndoCommand(text, group),
        history_(history),
        undo_(std::move(undo)),
        redo_(std::move(redo)),
        state_(state),
        key_(key) {}
  void undo() override { apply(undo_); }
  void redo() override {
    if (std::exchange(state_, State::ToBeDone) == State::ToBeDone) apply(redo_);
  }
  /// As a part of a step that is added as a whole.
  void carryOut() {
    redo();
    state_ = State::Done;
  }
  int id() const override { return key_.isEmpty() ? -1 : 1; }
  bool mergeWith(const QUndoCommand* other) override {
    const auto& next = static_cast<const Edit&>(*other);
    if (next.key_ != key_ || next.text() != text()) return false;
    redo_ = next.redo_;
    return true;
  }

 private:
  void apply(const std::function<void()>& change) {
    const QScopedValueRollback applying(history_.applying_, true);
    change();
  }

  SettingsHistory& history_;
  std::function<void()> undo_, redo_;
  State state_;
  QString key_;
};

SettingsHistory::SettingsHistory(QObject* parent) : QObject(parent) {
  connect(&stack_, &QUndoStack::indexChanged, this, &SettingsHistory::changed);
}

SettingsHistory::~SettingsHistory() { stack_.disconnect(this); }

void SettingsHistory::add(const QString& text, std::function<void()> undo, std::function<void()> redo, State state,
                          const QString& key) {
  if (applying_) return;
  editedWhileHeld_ = held_;
  auto* edit = new Edit(*this, text, std::move(undo), std::move(redo), state, key, group_.get());
  group_ ? edit->carryOut() : stack_.push(edit);
}

void SettingsHistory::addAsOne(const QString& text, const std::function<void()>& change) {
  group_ = std::make_unique<QUndoCommand>(text);
  change();
  if (group_->childCount() > 0) stack_.push(group_.release());
  group_.reset();
}

void SettingsHistory::hold(bool held) {
  held_ = held;
  floor_ = stack_.index();
  editedWhileHeld_ = false;
  Q_EMIT changed();
}

bool SettingsHistory::canUndo() const { return stack_.canUndo() && (!held_ || stack_.index() > floor_); }

bool SettingsHistory::canRedo() const { return stack_.canRedo() && (!held_ || editedWhileHeld_); }

void SettingsHistory::undo() {
  if (canUndo()) stack_.undo();
}

void SettingsHistory::redo() {
  if (canRedo()) stack_.redo();
}

}  // namespace lab::ui
