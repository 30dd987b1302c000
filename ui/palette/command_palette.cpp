#include "palette/command_palette.h"

#include "palette/entry_delegate.h"
#include "theme.h"

#include <QAccessible>
#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace lab::ui {
namespace {

constexpr int kMostWidth = 680, kFromTop = 56, kMostRows = 13;

}  // namespace

CommandPalette::CommandPalette(std::vector<PaletteEntry> entries, QWidget* window)
    : QFrame(window),
      entries_(std::move(entries)),
      focusBefore_(QApplication::focusWidget()),
      line_(new QLineEdit(this)),
      list_(new QListWidget(this)),
      nothing_(new QLabel(tr("Nothing is called so."), this)) {
  setObjectName(QStringLiteral("commandPalette"));
  setAccessibleName(tr("Command palette"));
  line_->setObjectName(QStringLiteral("paletteLine"));
  line_->setAccessibleName(tr("Search commands, figures, parameters and runs"));
  line_->setPlaceholderText(tr("Commands, figures, parameters, runs"));
  line_->setFrame(false);
  line_->installEventFilter(this);
  list_->setObjectName(QStringLiteral("paletteList"));
  list_->setAccessibleName(tr("What fits"));
  list_->setFrameShape(QFrame::NoFrame);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setUniformItemSizes(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setItemDelegate(new EntryDelegate(list_));
  nothing_->setObjectName(QStringLiteral("muted"));
  nothing_->setContentsMargins(14, 6, 14, 10);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(1, 6, 1, 6);
  layout->setSpacing(0);
  layout->addWidget(line_);
  layout->addWidget(list_);
  layout->addWidget(nothing_);
  connect(line_, &QLineEdit::textChanged, this, &CommandPalette::filter);
  connect(list_, &QListWidget::currentRowChanged, this, &CommandPalette::announce);
  connect(list_, &QListWidget::itemClicked, this, &CommandPalette::choose);
  filter();
  raise();
  show();
  line_->setFocus();
}

void CommandPalette::filter() {
  std::vector<std::pair<int, size_t>> found;
  for (size_t i = 0; i < entries_.size(); ++i)
    if (const int fit = fitOf(line_->text(), entries_[i]); fit >= 0) found.emplace_back(fit, i);
  std::ranges::stable_sort(found, std::ranges::greater(), &std::pair<int, size_t>::first);
  list_->clear();
  for (const auto& [fit, i] : found) {
    const PaletteEntry& entry = entries_[i];
    auto* item = new QListWidgetItem(entry.text, list_);
    item->setData(EntryDelegate::Group, entry.group);
    item->setData(EntryDelegate::Note, entry.note);
    item->setData(EntryDelegate::Index, static_cast<qulonglong>(i));
    item->setData(Qt::AccessibleTextRole, QStringLiteral("%1: %2 %3").arg(entry.group, entry.text, entry.note));
    if (!entry.possible) item->setFlags(Qt::NoItemFlags);
  }
  for (int row = 0; row < list_->count() && list_->currentRow() < 0; ++row)
    if (list_->item(row)->flags() != Qt::NoItemFlags) list_->setCurrentRow(row);
  list_->setVisible(list_->count() > 0);
  nothing_->setVisible(list_->count() == 0);
  fit();
}

void CommandPalette::fit() {
  const int rows = std::min(list_->count(), kMostRows);
  list_->setFixedHeight(std::max(1, rows * list_->sizeHintForRow(0)));
  const int width = std::min(kMostWidth, parentWidget()->width() - 32);
  setFixedWidth(width);
  layout()->activate();
  setGeometry((parentWidget()->width() - width) / 2, kFromTop, width, layout()->totalSizeHint().height());
}

/// The list never has the focus: the line tells screen readers what Enter would do.
void CommandPalette::announce() {
  const auto* item = list_->currentItem();
  line_->setAccessibleDescription(item != nullptr ? item->data(Qt::AccessibleTextRole).toString() : QString());
  QAccessibleEvent event(line_, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&event);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusOut && static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason) {
    focusBefore_ = nullptr;  // it has gone where the user wants it
    leave();
  }
  // Esc and Enter mean nothing but this here, whatever they do in the window.
  if (event->type() == QEvent::ShortcutOverride) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) event->accept();
    return false;
  }
  if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Escape:
      leave();
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      choose();
      return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
      QApplication::sendEvent(list_, event);
      return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
      return true;  // there is nowhere else to go
    default:
      return false;
  }
}

void CommandPalette::choose() {
  const auto* item = list_->currentItem();
  if (item == nullptr || item->flags() == Qt::NoItemFlags) return;
  const auto what = entries_[item->data(EntryDelegate::Index).toULongLong()].choose;
  leave();
  what();
}

void CommandPalette::leave() {
  if (isHidden()) return;
  line_->removeEventFilter(this);
  hide();
  if (focusBefore_ != nullptr) focusBefore_->setFocus();
  deleteLater();
}

void CommandPalette::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(theme().accent);
  painter.setBrush(theme().panel);
  painter.drawRoundedRect(QRectF(rect()).adjusted(.5, .5, -.5, -.5), 8, 8);
}

}  // namespace lab::ui
