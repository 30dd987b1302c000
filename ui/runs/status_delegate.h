#pragma once
// Draws how far a run under way is, as a thin bar below its status.

#include <QStyledItemDelegate>

namespace lab::ui {

class StatusDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace lab::ui
