#pragma once
// All stored runs; a double click opens one.

#include "store/run_reader.h"

#include <QWidget>

#include <filesystem>
#include <vector>

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStackedLayout;
class QTableView;

namespace lab::ui {

class RunsModel;

class RunsPage : public QWidget {
  Q_OBJECT
 public:
  explicit RunsPage(QWidget* parent = nullptr);

  void setRuns(std::vector<StoredRun> runs);  ///< keeps selection, order and filter
  const std::vector<StoredRun>& runs() const;
  QTableView* table() const { return table_; }

 Q_SIGNALS:
  void opened(const std::filesystem::path& directory);

 private:
  void openCurrent();
  void showCount();

  RunsModel* model_;
  QSortFilterProxyModel* order_;
  QTableView* table_;
  QLineEdit* filter_;
  QLabel* count_;
  QLabel* empty_;
  QStackedLayout* stack_;
};

}  // namespace lab::ui
