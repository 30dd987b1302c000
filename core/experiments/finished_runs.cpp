#include "experiments/finished_runs.h"

#include "parameters/config_builder.h"
#include "store/checkpoint.h"

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
  for (StoredRun& run : runs) {
    if (run.status == StoredStatus::Done) {
      done_.emplace(run.hash, std::move(run));
    } else if (run.status == StoredStatus::Stopped || run.status == StoredStatus::Crashed) {
      if (hasCheckpoint(run.directory)) interrupted_.emplace(run.hash, std::move(run));
    }
  }
}

const StoredRun* FinishedRuns::find(const ByHash& runs, const Config& config) {
  const auto [begin, end] = runs.equal_range(configurationHash(config));
  for (auto run = begin; run != end; ++run)
    if (giveSameResults(config, run->second.config) && keptItsParameters(run->second)) return &run->second;
  return nullptr;
}

std::optional<CellResult> FinishedRuns::find(const Config& config) const {
  const StoredRun* run = find(done_, config);
  if (run == nullptr) return std::nullopt;
  return CellResult{CellState::Reused, run->result, run->directory};
}

std::filesystem::path FinishedRuns::findInterrupted(const Config& config) const {
  const StoredRun* run = find(interrupted_, config);
  return run == nullptr ? std::filesystem::path() : run->directory;
}

std::optional<CellResult> findFinished(const std::filesystem::path& home, const Config& config) {
  return FinishedRuns(home).find(config);
}

}  // namespace lab
