#include "experiments/finished_runs.h"

#include "parameters/config_builder.h"

#include <algorithm>

namespace lab {

namespace {

/// The hash decides nearly always; this rules a collision out.
bool giveSameResults(const Config& a, const Config& b) {
  const auto idle = idleParameters(a);
  return std::ranges::all_of(parameters(), [&](const Parameter& parameter) {
    return !parameter.affectsResults || idle.contains(std::string(parameter.key)) ||
           valueText(a, parameter) == valueText(b, parameter);
  });
}

/// The configuration is that of the start: what was changed under way stands among the events.
bool keptItsParameters(const StoredRun& run) {
  const auto events = readEvents(run.directory);
  return events &&
         std::ranges::none_of(events.value(), [](const RunEvent& event) { return event.kind == "change"; });
}

}  // namespace

FinishedRuns::FinishedRuns(const std::filesystem::path& home) : FinishedRuns(listRuns(home)) {}

FinishedRuns::FinishedRuns(std::vector<StoredRun> runs) {
  for (StoredRun& run : runs)
    if (run.status == StoredStatus::Done) byHash_.emplace(run.hash, std::move(run));
}

std::optional<CellResult> FinishedRuns::find(const Config& config) const {
  const auto [begin, end] = byHash_.equal_range(configurationHash(config));
  for (auto run = begin; run != end; ++run)
    if (giveSameResults(config, run->second.config) && keptItsParameters(run->second))
      return CellResult{CellState::Reused, run->second.result, run->second.directory};
  return std::nullopt;
}

std::optional<CellResult> findFinished(const std::filesystem::path& home, const Config& config) {
  return FinishedRuns(home).find(config);
}

}  // namespace lab
