#include "training/learning_rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace lab {

namespace {

constexpr double kAlmost = 1e-9;  // 0.29 × 100 epochs is 29, though not in binary

double constantFactor(const Config&, double) { return 1; }

double stepFactor(const Config& config, double epoch) {
  double factor = 1;
  for (const double milestone : learningRateMilestones(config).take())
    if (epoch >= milestone) factor *= config.learning_rate_decay;
  return factor;
}

double cosineFactor(const Config& config, double epoch) {
  return 0.5 * (1 + std::cos(3.14159265358979323846 * epoch / static_cast<double>(config.totalEpochs())));
}

constexpr std::array<LearningRateSchedule, 3> kLearningRateSchedules{{
    {"step", "multiplied by learning_rate_decay after each of learning_rate_milestones (ITOP, appendix)", true,
     stepFactor},
    {"cosine", "half a cosine from the initial rate to zero", false, cosineFactor},
    {"constant", "the initial rate throughout", false, constantFactor},
}};

/// The epoch that one entry of learning_rate_milestones means; nothing when it means none.
std::optional<double> milestone(std::string_view text, const Config& config) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value > 0)) return std::nullopt;
  if (value < 1) return std::floor(value * static_cast<double>(config.totalEpochs()) + kAlmost);
  if (value != std::floor(value) || value >= static_cast<double>(config.epochs)) return std::nullopt;
  return std::floor(value * config.time_multiplier + kAlmost);
}

}  // namespace

std::span<const LearningRateSchedule> learningRateSchedules() { return kLearningRateSchedules; }

const LearningRateSchedule* findLearningRateSchedule(std::string_view name) {
  const auto row = std::find_if(kLearningRateSchedules.begin(), kLearningRateSchedules.end(),
                                [&](const auto& s) { return s.name == name; });
  return row == kLearningRateSchedules.end() ? nullptr : &*row;
}

std::vector<std::string> learningRateScheduleNames() {
  std::vector<std::string> names;
  for (const auto& schedule : kLearningRateSchedules) names.emplace_back(schedule.name);
  return names;
}

Result<std::vector<double>> learningRateMilestones(const Config& config) {
  const std::string_view text = config.learning_rate_milestones;
  std::vector<double> epochs;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t comma = std::min(text.find(',', begin), text.size());
    const auto epoch = milestone(text.substr(begin, comma - begin), config);
    if (!epoch)
      return Problem{
          "learning_rate_milestones",
          fmt::format("learning_rate_milestones '{}' is not possible: it must be fractions of the training "
                      "such as 0.5,0.75 or whole epochs below {} such as 30,60,90",
                      text, config.epochs)};
    epochs.push_back(*epoch);
    begin = comma + 1;
  }
  return epochs;
}

double learningRateFactor(const Config& config, double epoch, int64_t stepsPerEpoch) {
  const double factor = findLearningRateSchedule(config.learning_rate_schedule)->factor(config, epoch);
  const double warmup = config.warmup_epochs * config.time_multiplier;
  const double afterStep = epoch + 1 / static_cast<double>(stepsPerEpoch);
  return afterStep < warmup ? factor * afterStep / warmup : factor;
}

}  // namespace lab
