#pragma once
// The page of one run: accuracy against R_s, curves over steps, masks of every layer, exploration timeline.
// Takes values only; whoever owns the run feeds it from the GUI thread, at any rate: drawing is limited to 30 Hz.

#include "training/run_observer.h"

#include <QPointF>
#include <QString>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace lab::ui {

class ExplorationTimeline;
class Exportable;
class LayerTable;
class MaskPanel;
class Panel;
class RsPlot;
class TimePlot;

/// A run drawn behind the one on the page.
struct ReferenceRun {
  QString name;
  std::vector<QPointF> points;  ///< (R_s, test accuracy), fractions, in the order of time; one point: a marker
  bool level = false;           ///< no exploration to speak of (dense): the last accuracy as a horizontal line
};

class LivePage : public QWidget {
  Q_OBJECT
 public:
  explicit LivePage(QWidget* parent = nullptr);
  ~LivePage() override;

  /// Clears the page and names the layers; the references stay.
  void startRun(const lab::RunStart& start);
  void appendMetrics(const std::vector<lab::Metrics>& rows);
  void appendEvents(const std::vector<lab::RunEvent>& events);
  void setSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot);
  void endRun(const lab::RunResult& result);
  void clear();
  void setReferences(std::vector<ReferenceRun> references);

  /// Plots and pictures that can be exported, the one in focus first.
  std::vector<Exportable*> exportables() const;
  /// Opens the export dialog for them.
  void openExport();

  /// Sizes of the panels, to remember between sessions.
  QByteArray saveLayout() const;
  void restoreLayout(const QByteArray& layout);

 private:
  void redraw();

  RsPlot* rsPlot_;
  TimePlot* timePlot_;
  ExplorationTimeline* timeline_;
  MaskPanel* masks_;
  LayerTable* layers_;
  Panel *rsPanel_, *timePanel_, *timelinePanel_, *layerPanel_;
  QTimer redraw_;
};

}  // namespace lab::ui
