#pragma once
// What became of the weights, in three ways: shares over time, lives of single weights, survival by age. Of the
// whole network or of one layer.

#include "live/exploration_timeline.h"
#include "plots/panel.h"
#include "store/mask_replay.h"

#include <QElapsedTimer>

#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QStackedWidget;

namespace lab::ui {

class ChoiceBar;
class LifeRaster;
class SurvivalPlot;

class ExplorationPanel : public Panel {
  Q_OBJECT
 public:
  enum class Kind { Shares, Lives, Survival };

  explicit ExplorationPanel(QWidget* parent = nullptr);

  void clear();
  void startRun(const lab::RunStart& start);
  void append(const lab::Metrics& row);
  void addMark(double step, const QString& text);
  void refresh();  ///< draws what has been appended
  /// Null: lives and survival are not known. It may go on growing.
  void setReplay(std::shared_ptr<lab::MaskReplay> replay);
  void showMoment(std::optional<size_t> moment);  ///< none: the end
  void showLayer(int layer);                      ///< -1: the whole network
  void setKind(Kind kind);

  void showCursor(std::optional<double> step);
  void setRange(const QCPRange& range);
  /// ms that the last drawing took.
  double drawingTime() const;
  /// What is shown first.
  std::vector<Exportable*> exportables() const;

 Q_SIGNALS:
  void hovered(std::optional<double> step);
  void rangeChanged(const QCPRange& range);

 private:
  std::vector<ExplorationRow> layerRows(size_t layer) const;
  void drawLives();
  void drawSurvival();
  /// Draws lives or survival when they are seen; `anew`: also when that was a moment ago.
  void redrawShown(bool anew);
  int64_t now() const;  ///< steps done
  QString title() const;
  Plot* shown() const;

  QStackedWidget* stack_;
  ChoiceBar* kinds_;
  QComboBox* views_;
  ExplorationTimeline* timeline_;
  LifeRaster* raster_;
  SurvivalPlot* survival_;
  std::vector<lab::LayerInfo> layers_;
  std::shared_ptr<lab::MaskReplay> replay_;
  std::optional<size_t> moment_, layer_;
  int64_t stepsPerEpoch_ = 1, now_ = 0;  ///< steps
  Kind kind_ = Kind::Shares;
  QElapsedTimer sinceDrawn_;
  qint64 drawnIn_ = 0;  ///< ms
};

}  // namespace lab::ui
