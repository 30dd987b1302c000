#pragma once
// Something that the command palette offers, and how well it fits what was typed.

#include <QString>

#include <functional>

namespace lab::ui {

struct PaletteEntry {
  QString group;  ///< "View", "Parameter": muted, before the text
  QString text;
  QString note;  ///< muted, at the right: the shortcut or the value
  QString also;  ///< found by this too: the name of a parameter on the command line
  bool possible = true;
  std::function<void()> choose;
};

/// Every word of `query` must be found: as the beginning of a word, within one, or its letters in their order.
/// Higher is better, 0 for an empty query; negative when it does not fit.
int fitOf(const QString& query, const PaletteEntry& entry);

}  // namespace lab::ui
