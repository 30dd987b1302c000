#pragma once
// What has become of all maskable weights over the steps, as a stacked area.

#include "plots/plot.h"
#include "plots/vertical_marks.h"
#include "training/run_observer.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace lab::ui {

/// Disjoint shares of all weights, from the bottom of the stack; they add up to 1.
struct ExplorationShares {
  double initialSurvivors = 0;  ///< active since the start without a break
  double reliable = 0;          ///< grown, active, and for at least reliable_steps
  double young = 0;             ///< grown and active, for less
  double dropped = 0;           ///< explored, not active now
  double never = 1;
};
ExplorationShares sharesOf(const lab::LayerExploration& exploration);

/// One moment of the stack.
struct ExplorationRow {
  int64_t step = 0;
  double epoch = 0;
  ExplorationShares shares;
};

/// Of what became of a weight, by light and dark: the colours of the timeline and of the raster of lives.
enum class Fate { SinceTheStart, Reliable, Young, Dropped, Never };
QColor colourOf(Fate fate, const Theme& theme);

class ExplorationTimeline : public Plot {
  Q_OBJECT
 public:
  /// Which part of the stack fills the height: the active share is tiny in a very sparse network.
  enum class View { AllWeights, Explored, Active };

  explicit ExplorationTimeline(QWidget* parent = nullptr);

  void clear(int64_t plannedSteps);
  void append(const lab::Metrics& row);
  void addMark(double step, const QString& text);
  void refresh();  ///< draws what has been appended
  void setView(View view);
  /// Shows these rows in place of those appended, read anew at each refresh; null: back to those.
  void setSource(std::function<std::vector<ExplorationRow>()> rows);
  void showMoment(std::optional<double> step);  ///< a line at the moment that the page shows; none: the end
  void showCursor(std::optional<double> step);
  void setRange(const QCPRange& range);

  void resetView() override;
  CsvTable exportTable() const override;

 Q_SIGNALS:
  void hovered(std::optional<double> step);
  void rangeChanged(const QCPRange& range);

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void hoverEnded() override;
  void arrange() override {
    if (marks_) marks_->arrange();
  }

 private:
  void fit();
  void choosePoints();  ///< of the rows in view, about one a pixel
  std::span<const ExplorationRow> rowsInView() const;
  const std::vector<ExplorationRow>& rows() const { return source_ ? sourceRows_ : rows_; }

  QCPAxisRect* rect_;
  QList<QCPItemStraightLine*> cursors_, moment_;
  std::unique_ptr<VerticalMarks> marks_;
  std::vector<ExplorationRow> rows_, sourceRows_;
  std::function<std::vector<ExplorationRow>()> source_;
  double plannedSteps_ = 1;
  View view_ = View::Explored;
};

}  // namespace lab::ui
