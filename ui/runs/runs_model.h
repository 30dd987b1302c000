#pragma once
// The stored runs as a table whose columns somebody chose. Tags and notes can be edited in place.

#include "runs/run_columns.h"
#include "store/run_reader.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace lab::ui {

class RunsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  static constexpr int kSortRole = Qt::UserRole;
  static constexpr int kProgressRole = Qt::UserRole + 1;  ///< in the status column: 0..1 of a run under way

  explicit RunsModel(QObject* parent = nullptr);

  /// Keeps rows, and so selections and editors, when the same runs come in the same order.
  void setRuns(std::vector<StoredRun> runs);
  const std::vector<StoredRun>& runs() const { return runs_; }
  const StoredRun& run(int row) const { return runs_[static_cast<size_t>(row)]; }
  void setAnnotations(const std::filesystem::path& directory, const Annotations& annotations);

  void setColumns(const QStringList& keys);  ///< unknown ones are left out; none left: the usual ones
  QStringList columns() const;
  int columnOf(const std::string& key) const;  ///< -1: not shown

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 Q_SIGNALS:
  /// Somebody typed tags or a note; the model waits for setAnnotations.
  void annotated(const lab::StoredRun& run, const lab::Annotations& wanted);
  void refused(const QString& sentence);

 private:
  void update(std::vector<StoredRun> runs);
  const IdleParameters& idleOf(int row) const;

  std::vector<StoredRun> runs_;
  mutable std::vector<std::optional<IdleParameters>> idle_;  ///< found out when first shown
  std::vector<RunColumn> columns_;
};

}  // namespace lab::ui
