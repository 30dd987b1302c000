#include "runs/status_delegate.h"

#include "runs/runs_model.h"
#include "theme.h"

#include <QPainter>

namespace lab::ui {

void StatusDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyledItemDelegate::paint(painter, option, index);
  const QVariant progress = index.data(RunsModel::kProgressRole);
  if (!progress.isValid()) return;
  const QRectF all(option.rect.left() + 8, option.rect.bottom() - 4, option.rect.width() - 16, 2);
  QRectF part = all;
  part.setWidth(all.width() * progress.toDouble());
  painter->fillRect(all, theme().border);
  painter->fillRect(part, theme().accent);
}

}  // namespace lab::ui
