#pragma once
// The page of one run: accuracy against R_s, curves over steps, masks of every layer, exploration timeline, and
// the time scrubber that takes all of them to any topology update. Takes values only; whoever owns the run feeds
// it from the GUI thread, at any rate: drawing is limited to 30 Hz.

#include "docks/dock.h"
#include "store/mask_replay.h"
#include "training/run_observer.h"

#include <QPointF>
#include <QString>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QMainWindow;

namespace lab::ui {

class ExplorationPanel;
class Exportable;
class LayerTable;
class MaskPanel;
class Panel;
class RsPlot;
class StructurePlot;
class TimePlot;
class TimeScrubber;

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
  /// Every update of a run under way, in order: the history that the scrubber replays.
  void appendUpdates(const std::vector<lab::TopologyEvent>& updates);
  /// The history of a stored run.
  void setReplay(std::shared_ptr<lab::MaskReplay> replay);
  /// The same history, which has become longer: what was chosen stays.
  void extendReplay(std::shared_ptr<lab::MaskReplay> replay);
  void setSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot);
  void endRun(const lab::RunResult& result);
  void clear();
  void setReferences(std::vector<ReferenceRun> references);

  /// Plots and pictures that can be exported, the one in focus first.
  std::vector<Exportable*> exportables() const;
  /// Opens the export dialog for them.
  void openExport();

  TimeScrubber& scrubber() { return *scrubber_; }

  /// The panels: accuracy against R_s, curves, masks, layers, exploration.
  const std::vector<Dock*>& docks() const { return docks_; }
  /// Where the panels are, to remember between sessions.
  QByteArray saveLayout() const;
  void restoreLayout(const QByteArray& layout);
  void resetLayout();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void showEvent(QShowEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void connectPanels();
  void redraw();

  // live_page_docks.cpp
  void makeDocks();
  void placeDocks();
  void sizeDocks();
  void enlargeMasks(bool on);

  // live_page_time.cpp
  void connectTime();
  void useReplay(std::shared_ptr<lab::MaskReplay> replay);
  void fitScrubber();
  /// What the scrubber points at, on all panels.
  void showChosenMoment();
  void showSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot);
  void setFlag();
  QString momentText(const lab::MaskSnapshot& snapshot) const;

  RsPlot* rsPlot_;
  TimePlot* timePlot_;
  StructurePlot* structurePlot_;
  ExplorationPanel* exploration_;
  MaskPanel* masks_;
  LayerTable* layers_;
  TimeScrubber* scrubber_;
  Panel *rsPanel_, *timePanel_, *layerPanel_;
  QMainWindow* area_;  ///< of the docks
  std::vector<Dock*> docks_;
  Dock *rsDock_, *timeDock_, *maskDock_, *layerDock_, *explorationDock_;
  QByteArray usualLayout_;   ///< while the masks have most of the page
  bool sizesWanted_ = true;  ///< by the first time the page is shown
  QTimer redraw_;

  std::shared_ptr<lab::MaskReplay> replay_;                  ///< null: no history
  std::shared_ptr<const lab::MaskSnapshot> latest_, shown_;  ///< of the run under way; on the panels
  int64_t flagStep_ = 0;
  std::vector<std::pair<int64_t, QString>> changes_;  ///< of parameters during the run: step, what it did
};

}  // namespace lab::ui
