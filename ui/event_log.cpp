#include "event_log.h"

#include "theme.h"
#include "wording.h"

#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>

namespace lab::ui {

constexpr int kMostEntries = 2000;

EventLog::EventLog(QWidget* parent) : QTreeWidget(parent) {
  setObjectName(QStringLiteral("eventLog"));
  setAccessibleName(tr("Event log"));
  setHeaderLabels({tr("Step"), tr("Epoch"), tr("What happened")});
  setRootIsDecorated(false);
  setIndentation(0);
  setUniformRowHeights(true);
  setSelectionMode(QAbstractItemView::NoSelection);
  setFocusPolicy(Qt::TabFocus);
  setFrameShape(QFrame::NoFrame);
  header()->setSectionsMovable(false);
  header()->resizeSection(0, 72);
  header()->resizeSection(1, 60);
  setHeaderHidden(true);  // every line says on its own what it is
}

void EventLog::paintEvent(QPaintEvent* event) {
  QTreeWidget::paintEvent(event);
  if (topLevelItemCount() > 0) return;
  QPainter painter(viewport());
  painter.setPen(theme().mutedText);
  painter.drawText(viewport()->rect().adjusted(8, 4, -8, -4), Qt::AlignLeft | Qt::TextWordWrap,
                   tr("Changes, warnings and problems will stand here."));
}

void EventLog::append(const std::vector<RunEvent>& events) {
  for (const auto& event : events)
    add(grouped(event.step), QString::number(event.epoch, 'f', 2), QString::fromStdString(event.message),
        event.kind == "warning");
}

void EventLog::note(const QString& sentence) { add({}, {}, sentence, false); }

void EventLog::problem(const QString& sentence) { add({}, {}, sentence, true); }

void EventLog::add(const QString& step, const QString& epoch, const QString& sentence, bool isProblem) {
  const bool atEnd = verticalScrollBar()->value() == verticalScrollBar()->maximum();
  auto* item = new QTreeWidgetItem({step, epoch, sentence});
  item->setTextAlignment(0, Qt::AlignRight | Qt::AlignVCenter);
  item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
  item->setToolTip(0, step.isEmpty() ? QString() : tr("step"));
  item->setToolTip(1, epoch.isEmpty() ? QString() : tr("epoch"));
  item->setToolTip(2, sentence);
  if (isProblem) item->setForeground(2, theme().bad);
  addTopLevelItem(item);
  if (topLevelItemCount() > kMostEntries) delete takeTopLevelItem(0);
  if (atEnd) scrollToBottom();
}

}  // namespace lab::ui
