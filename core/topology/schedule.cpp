#include "topology/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lab {

namespace {

constexpr double kPi = 3.14159265358979323846;

double constantRate(double initial, double, double) { return initial; }

double cosineRate(double initial, double floor, double progress) {
  return floor + 0.5 * (initial - floor) * (1.0 + std::cos(kPi * progress));
}

double linearRate(double initial, double floor, double progress) { return initial + (floor - initial) * progress; }

double powerRate(double initial, double floor, double progress) {
  return floor + (initial - floor) * std::pow(1.0 - progress, 3.0);
}

constexpr std::array<PruneSchedule, 4> kSchedules{{
    {"constant", "ζ = ζ0 throughout", constantRate, false},
    {"cosine", "ζ falls from ζ0 to the floor along half a cosine", cosineRate, true},
    {"linear", "ζ falls from ζ0 to the floor along a line", linearRate, true},
    {"power", "ζ falls from ζ0 to the floor as (1 - progress)³", powerRate, true},
}};

}  // namespace

std::span<const PruneSchedule> pruneSchedules() { return kSchedules; }

const PruneSchedule* findPruneSchedule(std::string_view name) {
  const auto row = std::find_if(kSchedules.begin(), kSchedules.end(), [&](const auto& s) { return s.name == name; });
  return row == kSchedules.end() ? nullptr : &*row;
}

std::vector<std::string> pruneScheduleNames() {
  std::vector<std::string> names;
  for (const auto& schedule : kSchedules) names.emplace_back(schedule.name);
  return names;
}

}  // namespace lab
