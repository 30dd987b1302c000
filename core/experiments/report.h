#pragma once
// A figure as one page to send: picture, verdicts, numbers, settings, runs and environment in a single HTML file that
// needs nothing else.

#include "experiments/figure_data.h"

#include <string>
#include <utility>
#include <vector>

namespace lab {

struct ReportInput {
  const FigureGrid& grid;
  const std::vector<CellResult>& results;  ///< in the order of grid.cells
  const FigureData& data;
  std::string picture;  ///< SVG; empty: the report says that there is none
  /// What else a reader needs to repeat it, in order: program version, machine, command, date.
  std::vector<std::pair<std::string, std::string>> environment;
};

/// The usual environment: program and its commit, machine, system, command, and now.
std::vector<std::pair<std::string, std::string>> reportEnvironment(const std::string& programVersion,
                                                                   const std::string& commandLine);

/// UTF-8. The same input gives the same text.
std::string reportHtml(const ReportInput& input);

}  // namespace lab
