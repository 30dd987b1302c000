#pragma once
// Sampled weights as rows, time across: a bar for each life, coloured by whether it was reliable.

#include "live/life_sample.h"
#include "plots/plot.h"
#include "plots/vertical_marks.h"
#include "training/run_observer.h"

#include <memory>
#include <optional>
#include <vector>

namespace lab::ui {

class LifeBars;

class LifeRaster : public Plot {
  Q_OBJECT
 public:
  explicit LifeRaster(QWidget* parent = nullptr);

  void clear(int64_t plannedSteps, std::vector<lab::LayerInfo> layers);
  /// `now`: where lives that go on end for the time being.
  void setSample(std::vector<SampledWeight> sample, int64_t now, int64_t reliableSteps);
  const std::vector<SampledWeight>& sample() const { return sample_; }

  void addMark(double step, const QString& text);
  size_t markCount() const { return marks_->count(); }
  void showCursor(std::optional<double> step);
  void showMoment(std::optional<double> step);
  void setRange(const QCPRange& range);

  void resetView() override;
  CsvTable exportTable() const override;  ///< a row a life: layer, weight, begin, end, reliable

 Q_SIGNALS:
  void hovered(std::optional<double> step);
  void rangeChanged(const QCPRange& range);

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void hoverEnded() override;
  void arrange() override;

 private:
  enum Kind { SinceTheStart, Reliable, Young, Short, kKinds };
  Kind kindOf(const lab::ConnectionLife& life) const;
  QColor colourOf(Kind kind, const Theme& theme) const;

  QCPAxisRect* rect_;
  QList<LifeBars*> bars_;  ///< of each kind
  QList<QCPItemStraightLine*> cursors_, moment_;
  std::unique_ptr<VerticalMarks> marks_;  ///< changes of parameters during the run
  std::vector<SampledWeight> sample_;
  std::vector<lab::LayerInfo> layers_;
  double plannedSteps_ = 1;
  int64_t now_ = 0, reliableSteps_ = 0;
};

}  // namespace lab::ui
