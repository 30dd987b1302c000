#include "experiments/sweep.h"

#include "parameters/config_builder.h"

#include <fmt/format.h>

#include <algorithm>

namespace lab {

namespace {

ConfigBuilder builderFor(const Assignments& fixed, const std::vector<Axis>& axes,
                         const std::vector<size_t>& place) {
  ConfigBuilder builder;
  const auto set = [&](const Assignments& assignments) {
    for (const auto& [key, value] : assignments) builder.set(key, value, Origin::Preset);
  };
  builder.set("save_weights", "false", Origin::Preset);  // hundreds of networks that nobody asked for
  set(fixed);
  for (size_t a = 0; a < axes.size(); ++a) {
    const AxisValue& value = axes[a].values[place[a]];
    set(value.assignments.empty() ? Assignments{{axes[a].key, value.label}} : value.assignments);
  }
  return builder;
}

/// The next combination, the last axis fastest; false after the last.
bool advance(std::vector<size_t>& place, const std::vector<Axis>& axes) {
  for (size_t a = axes.size(); a-- > 0;) {
    if (++place[a] < axes[a].values.size()) return true;
    place[a] = 0;
  }
  return false;
}

void addOnce(Problems& problems, const Problems& more) {
  for (const Problem& problem : more)
    if (std::ranges::find(problems, problem) == problems.end()) problems.push_back(problem);
}

}  // namespace

Result<std::vector<Cell>> makeGrid(const Assignments& fixed, const std::vector<Axis>& axes, int seeds) {
  if (seeds < 1) return Problem{"seeds", fmt::format("seeds {}: a whole number from 1 would be right", seeds)};
  for (const Axis& axis : axes)
    if (axis.values.empty()) return Problem{axis.key, fmt::format("{} has no value to sweep over", axis.key)};
  std::vector<Cell> cells;
  Problems problems;
  std::vector<size_t> place(axes.size());
  do {
    const ConfigBuilder builder = builderFor(fixed, axes, place);
    auto resolved = builder.resolve();
    if (!resolved) {
      addOnce(problems, resolved.problems());
      continue;
    }
    Cell cell{resolved.take().config, {}};
    for (size_t a = 0; a < axes.size(); ++a) cell.labels.push_back(axes[a].values[place[a]].label);
    for (cell.config.seed = 1; cell.config.seed <= seeds; ++cell.config.seed) cells.push_back(cell);
  } while (advance(place, axes));
  if (!problems.empty()) return problems;
  return cells;
}

}  // namespace lab
