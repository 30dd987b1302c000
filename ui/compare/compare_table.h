#pragma once
// One row a series: shown or not, pinned or not, the parameters that differ, and the results.

#include "compare/compared_runs.h"

#include <QTreeWidget>

#include <set>

namespace lab::ui {

class CompareTable : public QTreeWidget {
  Q_OBJECT
 public:
  explicit CompareTable(QWidget* parent = nullptr);

  void setSeries(const std::vector<Series>& series, const std::set<size_t>& hidden,
                 const std::set<size_t>& pinned);
  std::optional<size_t> current() const;
  QString csv() const;  ///< what the table shows; means and deviations in full

 Q_SIGNALS:
  void shownChanged(size_t series, bool shown);
  void pinnedChanged(size_t series, bool pinned);
  void currentSeriesChanged();
  void opened(size_t series);

 private:
  void addRow(size_t index, const Series& series, bool hidden, bool pinned);
  Qt::Alignment alignmentOf(int column) const;
  void restyle();

  std::vector<Series> series_;
  std::vector<const Parameter*> differing_;
};

}  // namespace lab::ui
