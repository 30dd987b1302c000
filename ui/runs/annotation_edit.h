#pragma once
// One step of undo over tags, notes and the archive: some runs before and after.

#include "store/annotations.h"

#include <QUndoCommand>

#include <filesystem>
#include <functional>
#include <vector>

namespace lab::ui {

struct AnnotationChange {
  std::filesystem::path directory;
  Annotations before, after;
};

class AnnotationEdit : public QUndoCommand {
 public:
  /// `write` stores what is said about a run; it must outlive the edit.
  using Write = std::function<void(const std::filesystem::path&, const Annotations&)>;
  AnnotationEdit(const QString& text, std::vector<AnnotationChange> changes, Write write)
      : QUndoCommand(text), changes_(std::move(changes)), write_(std::move(write)) {}

  void redo() override {
    for (const auto& change : changes_) write_(change.directory, change.after);
  }
  void undo() override {
    for (const auto& change : changes_) write_(change.directory, change.before);
  }

 private:
  std::vector<AnnotationChange> changes_;
  Write write_;
};

}  // namespace lab::ui
