#pragma once
// Learning-rate schedules: functions of the epoch, so that a change of batch size leaves them whole.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct LearningRateSchedule {
  std::string_view name;
  std::string_view help;
  /// Factor on the initial learning rate. `epoch`: whole epochs done plus the fraction of the present one.
  double (*factor)(double epoch, int64_t epochs);
};

std::span<const LearningRateSchedule> learningRateSchedules();
const LearningRateSchedule* findLearningRateSchedule(std::string_view name);
std::vector<std::string> learningRateScheduleNames();

}  // namespace lab
