#include "run_progress.h"

#include "wording.h"

#include <QObject>

#include <algorithm>
#include <cmath>

namespace lab::ui {

constexpr double kWindowSeconds = 5;

void RunProgress::start(const RunStart& start) {
  step_ = 0;
  planned_ = start.plannedSteps;
  recent_.clear();
}

void RunProgress::add(const std::vector<Metrics>& rows) {
  for (const auto& row : rows) {
    step_ = row.step;
    planned_ = row.plannedSteps;
    // Training time, so that a pause is no slowness.
    recent_.emplace_back(row.trainSeconds, row.step);
    while (recent_.size() > 2 && row.trainSeconds - recent_.front().first > kWindowSeconds) recent_.pop_front();
  }
}

double RunProgress::fraction() const {
  return planned_ <= 0 ? 0 : std::clamp(static_cast<double>(step_) / static_cast<double>(planned_), 0.0, 1.0);
}

double RunProgress::stepsPerSecond() const {
  if (recent_.size() < 2) return 0;
  const double seconds = recent_.back().first - recent_.front().first;
  return seconds <= 0 ? 0 : static_cast<double>(recent_.back().second - recent_.front().second) / seconds;
}

QString RunProgress::text() const {
  QString text = QObject::tr("step %1 of %2").arg(grouped(step_), grouped(planned_));
  const double rate = stepsPerSecond();
  if (rate <= 0) return text;
  text += QObject::tr(" · %1 steps/s").arg(grouped(std::llround(rate)));
  if (step_ < planned_)
    text += QObject::tr(" · %1 left").arg(durationText(static_cast<double>(planned_ - step_) / rate));
  return text;
}

}  // namespace lab::ui
