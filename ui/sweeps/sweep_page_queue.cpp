// What runs and waits on the page of sweeps, from one start of the window to the next.

#include "sweeps/sweep_page.h"

#include <QListWidget>
#include <QPushButton>

#include <algorithm>

namespace lab::ui {

void SweepPage::enqueue() {
  if (!planned_) return;
  queue_.add({sweepName(*planned_), *planned_});
}

void SweepPage::showQueue() {
  const int selected = waiting_->currentRow();
  waiting_->clear();
  if (const QueuedSweep* running = queue_.running())
    waiting_->addItem((queue_.controller().stopping() ? tr("stopping: %1") : tr("runs: %1")).arg(running->name));
  for (const QueuedSweep& sweep : queue_.waiting()) waiting_->addItem(tr("waits: %1").arg(sweep.name));
  if (waiting_->count() == 0) {
    auto* none = new QListWidgetItem(tr("Nothing runs or waits."));
    none->setFlags(Qt::NoItemFlags);
    waiting_->addItem(none);
  }
  waiting_->setCurrentRow(std::clamp(selected, 0, waiting_->count() - 1));
  hold_->setText(queue_.held() ? tr("Go on") : tr("Hold"));
  hold_->setEnabled(queue_.held() || queue_.busy() || !queue_.waiting().empty());
  cancel_->setEnabled(queue_.busy() || !queue_.waiting().empty());
  for (auto* move : {up_, down_}) move->setEnabled(queue_.waiting().size() > 1);
}

void SweepPage::stop() { queue_.hold(true); }

std::vector<SweepData> SweepPage::underWay() const {
  if (!busy()) return {};
  std::vector<SweepData> sweeps{queue_.running()->data};
  for (const QueuedSweep& sweep : queue_.waiting()) sweeps.push_back(sweep.data);
  return sweeps;
}

QStringList SweepPage::queueText() const {
  QStringList sweeps;
  if (const QueuedSweep* running = queue_.running()) sweeps << sweepText(running->data);
  for (const QueuedSweep& sweep : queue_.waiting()) sweeps << sweepText(sweep.data);
  return sweeps;
}

size_t SweepPage::restoreQueue(const QStringList& sweeps) {
  std::vector<QueuedSweep> queued;
  for (const QString& text : sweeps)
    if (auto sweep = readSweepText(text)) queued.push_back({sweepName(*sweep), std::move(*sweep)});
  const size_t count = queued.size();
  queue_.restore(std::move(queued));
  return count;
}

}  // namespace lab::ui
