#include "handover/commands.h"

#include "parameters/config_builder.h"

namespace lab::ui {
namespace {

Arguments& operator<<(Arguments& words, const Arguments& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Arguments quietly(const std::filesystem::path& home) { return {"--quiet", "--home", home.string()}; }

}  // namespace

Arguments resumeCommand(const std::filesystem::path& run, const std::filesystem::path& home) {
  Arguments words{"resume", run.string()};
  return words << quietly(home);
}

Arguments figureCommand(const lab::FigureGrid& grid, bool dense, const std::filesystem::path& home) {
  const std::string figure(grid.figure->name);
  Arguments words{"reproduce", figure,
                  "--scale",   std::string(name(grid.scale)),
                  "--seeds",   std::to_string(grid.seeds),
                  "--out",     (home / "figures" / figure).string()};
  if (dense) words.emplace_back("--dense");
  return words << quietly(home);
}

Arguments sweepCommand(const SweepData& sweep, const std::filesystem::path& home) {
  Arguments words{"sweep"};
  words << toArguments(sweep.base);
  for (const auto& axis : sweep.axes) words << Arguments{"--axis", axisText(axis)};
  words << Arguments{"--seeds", std::to_string(sweep.seeds)};
  return words << quietly(home);
}

}  // namespace lab::ui
