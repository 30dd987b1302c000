#include "training/learning_rate.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lab {

namespace {

double constantFactor(double, int64_t) { return 1; }

double stepFactor(double epoch, int64_t epochs) {
  double factor = 1;
  if (epoch >= static_cast<double>(epochs / 2)) factor *= 0.1;
  if (epoch >= static_cast<double>(3 * epochs / 4)) factor *= 0.1;
  return factor;
}

double cosineFactor(double epoch, int64_t epochs) {
  return 0.5 * (1 + std::cos(3.14159265358979323846 * epoch / static_cast<double>(epochs)));
}

constexpr std::array<LearningRateSchedule, 3> kSchedules{{
    {"step", "a tenth after ⌊E/2⌋ epochs and a hundredth after ⌊3E/4⌋ (ITOP, appendix)", stepFactor},
    {"cosine", "half a cosine from the initial rate to zero", cosineFactor},
    {"constant", "the initial rate throughout", constantFactor},
}};

}  // namespace

std::span<const LearningRateSchedule> learningRateSchedules() { return kSchedules; }

const LearningRateSchedule* findLearningRateSchedule(std::string_view name) {
  const auto row = std::find_if(kSchedules.begin(), kSchedules.end(), [&](const auto& s) { return s.name == name; });
  return row == kSchedules.end() ? nullptr : &*row;
}

std::vector<std::string> learningRateScheduleNames() {
  std::vector<std::string> names;
  for (const auto& schedule : kSchedules) names.emplace_back(schedule.name);
  return names;
}

}  // namespace lab
