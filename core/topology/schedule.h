#pragma once
// Prune-rate schedules ζ(progress): functions of progress = (epoch + fraction of it) / epochs, so that a change of
// batch size leaves them whole.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct PruneSchedule {
  std::string_view name;
  std::string_view help;
  /// `progress` in [0, 1] of the time in which the topology is updated. Returns ζ in [0, 1].
  double (*rate)(double initial, double floor, double progress);
  bool usesFloor;
};

std::span<const PruneSchedule> pruneSchedules();
const PruneSchedule* findPruneSchedule(std::string_view name);
std::vector<std::string> pruneScheduleNames();

}  // namespace lab
