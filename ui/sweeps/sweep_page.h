#pragma once
// Sweeps of any parameters: axes on the left with the time they will take, a queue, and what came out as lines or
// heatmap, as parallel coordinates, and as a list of runs that follows the brushes.

#include "sweeps/sweep_queue.h"

#include <QWidget>

#include <filesystem>
#include <vector>

class QLabel;
class QListWidget;
class QPushButton;
class QSpinBox;
class QTableWidget;
class QVBoxLayout;

namespace lab::ui {

class AxisRow;
class ChoiceBar;
class Exportable;
class Panel;
class ParallelCoordinates;
class SweepPlot;

class SweepPage : public QWidget {
  Q_OBJECT
 public:
  explicit SweepPage(const Laboratory& laboratory, QWidget* parent = nullptr);

  /// What lies beneath the axes: the parameters of a single run.
  void setBase(const lab::Config& config);
  /// While a run or figure of its own is under way, sweeps wait.
  void setOthersBusy(bool busy);
  bool busy() const { return queue_.busy(); }
  void stop();
  std::vector<SweepData> underWay() const;  ///< what runs, and what waits behind it

  SweepQueue& queue() { return queue_; }

  /// What runs and waits, a text a sweep, to remember between sessions.
  QStringList queueText() const;
  /// They wait, held; those that cannot be read are left out. How many there are.
  size_t restoreQueue(const QStringList& sweeps);

  std::vector<Exportable*> exportables() const;
  void openExport();

  /// Axes as "key=values" and the number of seeds, to remember between sessions.
  QStringList axesText() const;
  void setAxesText(const QStringList& axes);

 Q_SIGNALS:
  void busyChanged();
  void completed();  ///< a sweep has come to its end
  void opened(const std::filesystem::path& directory);
  void progressed(const lab::SweepProgress& progress);
  void problem(const QString& sentence);
  void axesEdited(const QStringList& before, const QStringList& after);  ///< as by axesText
  void runsChanged();  ///< there are new ones on the disk

 private:
  QWidget* makeEditor();
  QWidget* makeResults();
  void addAxis(const QString& key, const QString& values);
  void plan();
  void enqueue();
  void showQueue();
  void showResults(const SweepData& data);
  void fillTable();

  SweepQueue queue_;
  lab::Config base_;
  std::vector<AxisRow*> rows_;
  std::optional<SweepData> planned_;
  SweepData shown_;
  bool othersBusy_ = false;
  QStringList told_;  ///< axes as they were told last
  bool setting_ = false;

  QVBoxLayout* axes_ = nullptr;
  QSpinBox* seeds_ = nullptr;
  QLabel* plan_ = nullptr;
  QPushButton *start_ = nullptr, *up_ = nullptr, *down_ = nullptr, *hold_ = nullptr, *cancel_ = nullptr;
  QListWidget* waiting_ = nullptr;
  SweepPlot* plot_ = nullptr;
  ParallelCoordinates* parallel_ = nullptr;
  Panel *plotPanel_ = nullptr, *parallelPanel_ = nullptr, *listPanel_ = nullptr;
  QTableWidget* table_ = nullptr;
  QLabel* count_ = nullptr;
};

}  // namespace lab::ui
