#pragma once
// The learning rate: a schedule and a warm-up, both functions of the epoch, so that a change of batch size leaves
// them whole. A time multiplier stretches them with the training.

#include "parameters/config.h"
#include "result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct LearningRateSchedule {
  std::string_view name;
  std::string_view help;
  bool usesMilestones;
  /// Factor on the initial learning rate. `epoch`: whole epochs done plus the fraction of the present one.
  double (*factor)(const Config& config, double epoch);
};

std::span<const LearningRateSchedule> learningRateSchedules();
const LearningRateSchedule* findLearningRateSchedule(std::string_view name);
std::vector<std::string> learningRateScheduleNames();

/// The epochs after which the schedule `step` multiplies the rate: of learning_rate_milestones, "0.5,0.75" are
/// fractions, here ⌊E/2⌋ and ⌊3E/4⌋ of all E epochs, and "30,60,90" are epochs, times the time multiplier.
/// Problem: neither, or beyond the end.
Result<std::vector<double>> learningRateMilestones(const Config& config);

/// Factor on the initial learning rate for the step that begins at `epoch`, one of `stepsPerEpoch`: the
/// schedule's, times (i + 1) / W in step i of a warm-up of W steps (Goyal et al. 2017). `config` must be valid.
double learningRateFactor(const Config& config, double epoch, int64_t stepsPerEpoch);

}  // namespace lab
