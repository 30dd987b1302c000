#pragma once
// Everything that can be done, found by typing a few letters of it. Arrow keys choose, Enter does it, Esc leaves.

#include "palette/palette_entry.h"

#include <QFrame>
#include <QPointer>

#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;

namespace lab::ui {

class CommandPalette : public QFrame {
  Q_OBJECT
 public:
  /// Lies over the upper part of `window`; deletes itself when it is left.
  CommandPalette(std::vector<PaletteEntry> entries, QWidget* window);

  QLineEdit* line() const { return line_; }
  QListWidget* list() const { return list_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void filter();
  void fit();
  void announce();
  void choose();
  void leave();

  std::vector<PaletteEntry> entries_;
  QPointer<QWidget> focusBefore_;
  QLineEdit* line_;
  QListWidget* list_;
  QLabel* nothing_;
};

}  // namespace lab::ui
