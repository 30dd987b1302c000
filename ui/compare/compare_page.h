#pragma once
// Several runs over each other: accuracy against R_s, curves over steps, what they differ in and what came of it.
// Shows the runs that are selected on the Runs page, and those that are pinned here.

#include "compare/compared_runs.h"

#include <QWidget>

#include <filesystem>
#include <map>
#include <set>
#include <vector>

class QCheckBox;
class QLabel;
class QStackedLayout;

namespace lab::ui {

class Background;
class CompareTable;
class Exportable;
class OverlayCurves;
class OverlayRsPlot;
class Panel;

class ComparePage : public QWidget {
  Q_OBJECT
 public:
  /// Reads runs on `background`, which outlives the page.
  explicit ComparePage(Background& background, QWidget* parent = nullptr);
  ~ComparePage() override;

  /// All runs there are, for the pinned ones, and the selected ones among them.
  void setRuns(const std::vector<StoredRun>& all, const std::vector<StoredRun>& selected);

  const std::vector<Series>& series() const { return series_; }
  std::set<std::string> pinned() const { return pinned_; }  ///< ids
  void setPinned(std::set<std::string> ids);
  void setJoinSeeds(bool on);

  std::vector<Exportable*> exportables() const;
  void openExport();
  void copyTable() const;

 Q_SIGNALS:
  void opened(const std::filesystem::path& directory);
  void failed(const QString& sentence);
  void shown();  ///< the wanted runs have been read and are on the page

 private:
  struct Loaded;
  void build();
  void load(std::vector<StoredRun> wanted);
  void showLoaded(Loaded loaded);
  void arrangeSeries();
  void draw();
  void drawPlots();
  std::set<size_t> hidden() const;  ///< series that are switched off
  std::string keyOf(const Series& series) const;

  Background& background_;
  std::vector<StoredRun> all_, selected_;
  ComparedRuns runs_;  ///< as read, in the order shown
  std::vector<Series> series_;
  std::set<std::string> pinned_;        ///< ids of runs
  std::set<std::string> hiddenSeries_;  ///< by the id of their first run

  OverlayRsPlot* rsPlot_;
  OverlayCurves* curves_;
  CompareTable* table_;
  Panel *rsPanel_, *curvesPanel_, *tablePanel_;
  QCheckBox* join_;
  QLabel* empty_;
  QStackedLayout* stack_;
};

}  // namespace lab::ui
