#pragma once
// The stored runs as a table.

#include "store/run_reader.h"

#include <QAbstractTableModel>

#include <vector>

namespace lab::ui {

class RunsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Status, Method, Sparsity, UpdateInterval, Seed, Rs, Accuracy, Started, Id, ColumnCount };
  static constexpr int kSortRole = Qt::UserRole;

  using QAbstractTableModel::QAbstractTableModel;

  void setRuns(std::vector<StoredRun> runs);
  const std::vector<StoredRun>& runs() const { return runs_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<StoredRun> runs_;
};

}  // namespace lab::ui
