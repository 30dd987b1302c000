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
  header()->resizeSection(0, fontMetrics().horizontalAdvance(tr("step %1").arg(QStringLiteral("0,000,000"))) + 12);
  header()->resizeSection(1, fontMetrics().horizontalAdvance(tr("epoch %1").arg(QStringLiteral("0000.00"))) + 12);
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
    add(tr("step %1").arg(grouped(event.step)), tr("epoch %1").arg(event.epoch, 0, 'f', 2), QString::fromStdString(event.message),
        event.kind == "warning");
}

void EventLog::note(const QString& sentence) { add({}, {}, sentence, false); }

void EventLog::problem(const QString& sentence) { add({}, {}, sentence, true); }

void EventLog::add(const QString& step, const QString& epoch, const QString& sentence, bool isProblem) {
  const bool atEnd = verticalScrollBar()->value() == verticalScrollBar()->maximum();
  auto* item = new QTreeWidgetItem({step, epoch, sentence});
  item->setToolTip(2, sentence);
  if (isProblem) item->setForeground(2, theme().bad);
  addTopLevelItem(item);
  if (topLevelItemCount() > kMostEntries) delete takeTopLevelItem(0);
  if (atEnd) scrollToBottom();
}

}  // namespace lab::ui
