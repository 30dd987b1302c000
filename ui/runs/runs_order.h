#pragma once
// Which runs are shown, and in which order.

#include "store/run_filter.h"

#include <QSortFilterProxyModel>

namespace lab::ui {

class RunsOrder : public QSortFilterProxyModel {
  Q_OBJECT
 public:
  explicit RunsOrder(QObject* parent = nullptr);
  void setFilter(RunFilter filter);
  void showArchived(bool on);
  int archivedCount() const;  ///< of all runs

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  RunFilter filter_;
  bool archived_ = false;
};

}  // namespace lab::ui
