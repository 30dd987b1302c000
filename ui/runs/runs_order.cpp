#include "runs/runs_order.h"

#include "runs/runs_model.h"

#include <algorithm>
#include <utility>

namespace lab::ui {
namespace {

const RunsModel& modelOf(const RunsOrder& order) { return *qobject_cast<const RunsModel*>(order.sourceModel()); }

}  // namespace

RunsOrder::RunsOrder(QObject* parent) : QSortFilterProxyModel(parent) { setSortRole(RunsModel::kSortRole); }

void RunsOrder::setFilter(RunFilter filter) {
  filter_ = std::move(filter);
  invalidateFilter();
}

void RunsOrder::showArchived(bool on) {
  archived_ = on;
  invalidateFilter();
}

int RunsOrder::archivedCount() const {
  return static_cast<int>(
      std::ranges::count_if(modelOf(*this).runs(), [](const StoredRun& run) { return run.annotations.archived; }));
}

bool RunsOrder::filterAcceptsRow(int row, const QModelIndex&) const {
  return filter_.fits(modelOf(*this).run(row), archived_);
}

}  // namespace lab::ui
