#pragma once
// Draws an entry of the palette: its group muted, its text, its shortcut or value at the right.

#include <QStyledItemDelegate>

namespace lab::ui {

class EntryDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  enum Role { Group = Qt::UserRole, Note, Index };
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace lab::ui
