#include "palette/entry_delegate.h"

#include "theme.h"

#include <QPainter>

namespace lab::ui {
namespace {

constexpr int kSideMargin = 14, kGroupWidth = 108, kNoteGap = 12;

}  // namespace

void EntryDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Theme& t = theme();
  const bool possible = index.flags().testFlag(Qt::ItemIsEnabled);
  if (option.state.testFlag(QStyle::State_Selected)) {
    QColor ground = t.accent;
    ground.setAlphaF(.18F);
    painter->fillRect(option.rect, ground);
  }
  const QRect row = option.rect.adjusted(kSideMargin, 0, -kSideMargin, 0);
  const QFontMetrics& metrics = option.fontMetrics;
  const QString note = metrics.elidedText(index.data(Note).toString(), Qt::ElideMiddle, row.width() / 3);
  const int noteWidth = note.isEmpty() ? 0 : metrics.horizontalAdvance(note) + kNoteGap;
  const auto draw = [&](const QRect& place, const QString& text, const QColor& colour, Qt::Alignment side) {
    painter->setPen(colour);
    painter->drawText(place, int(side | Qt::AlignVCenter) | Qt::TextSingleLine,
                      metrics.elidedText(text, Qt::ElideRight, place.width()));
  };
  painter->save();
  painter->setFont(option.font);
  if (!possible) painter->setOpacity(.55);
  draw(QRect(row.left(), row.top(), kGroupWidth, row.height()), index.data(Group).toString(), t.mutedText,
       Qt::AlignLeft);
  draw(row.adjusted(kGroupWidth + kNoteGap, 0, -noteWidth, 0), index.data().toString(), t.text, Qt::AlignLeft);
  draw(row, note, t.mutedText, Qt::AlignRight);
  painter->restore();
}

QSize EntryDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  return {100, option.fontMetrics.height() + 12};
}

}  // namespace lab::ui
