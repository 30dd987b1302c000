#pragma once
// What is under way in the window as arguments of the command line program, which then does the same runs.

#include "experiments/figures.h"
#include "handover/command_line_program.h"
#include "sweeps/sweep_data.h"

#include <filesystem>

namespace lab::ui {

/// A stopped run goes on from its checkpoint.
Arguments resumeCommand(const std::filesystem::path& run, const std::filesystem::path& home);

/// Its files go below `home`, into figures/NAME.
Arguments figureCommand(const lab::FigureGrid& grid, bool dense, const std::filesystem::path& home);

Arguments sweepCommand(const SweepData& sweep, const std::filesystem::path& home);

}  // namespace lab::ui
