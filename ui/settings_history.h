#pragma once
// Undo and redo of every change to settings, in the order in which they were made: parameters, figure, sweep,
// theme.

#include <QObject>
#include <QUndoStack>

#include <functional>
#include <memory>

namespace lab::ui {

class SettingsHistory : public QObject {
  Q_OBJECT
 public:
  explicit SettingsHistory(QObject* parent = nullptr);
  ~SettingsHistory() override;

  /// Whether the first `redo` of an edit is yet to come or has been done already, by who tells of it.
  enum class State { ToBeDone, Done };
  /// Edits with the same text and the same key that follow each other are one step; an empty key makes a step of
  /// its own. Nothing is added while another edit is undone or redone.
  void add(const QString& text, std::function<void()> undo, std::function<void()> redo, State state,
           const QString& key = {});
  /// What `change` adds is one step.
  void addAsOne(const QString& text, const std::function<void()>& change);

  /// While a run is under way only what was changed since its start can be undone: the rest belongs to it.
  void hold(bool held);
  bool held() const { return held_; }
  bool canUndo() const;
  bool canRedo() const;
  QString undoText() const { return stack_.undoText(); }
  QString redoText() const { return stack_.redoText(); }
  void undo();
  void redo();
  void clear() { stack_.clear(); }

 Q_SIGNALS:
  void changed();

 private:
  class Edit;

  QUndoStack stack_;
  std::unique_ptr<QUndoCommand> group_;  ///< of what is added as one
  bool applying_ = false;
  bool held_ = false;
  bool editedWhileHeld_ = false;
  int floor_ = 0;  ///< where the stack stood when it was held
};

}  // namespace lab::ui
