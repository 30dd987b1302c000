#pragma once
// What comes out of the runs of a figure, and the files that hold it.

#include "experiments/figures.h"
#include "experiments/reliability.h"

#include <filesystem>

namespace lab {

/// One point of the figure: mean ± standard deviation over the seeds done so far.
struct FigurePoint {
  std::string panel, series, curve;
  int n = 0;
  double accuracy = 0, accuracyDeviation = 0;
  double rs = 0, rsDeviation = 0;
  double reliable = 0;
  double flops = 0;  ///< of training, in trainings of the dense reference (of the longest dense training of the
                     ///< figure where there is none)
};

struct FigureData {
  std::vector<FigurePoint> points;
  std::vector<ContrastResult> contrasts;
  std::optional<double> denseAccuracy;  ///< of the one dense network that is a line
  std::vector<FigurePoint> dense;       ///< of dense networks along the curve; panel and series are empty
  std::vector<MeasureRank> ranks;       ///< of figures that compare measures of exploration
};

/// `results` in the order of grid.cells, `references` in that of grid.references; unfinished ones are left out. A
/// contrast is undecided until all its runs are there.
FigureData summarize(const FigureGrid& grid, const std::vector<CellResult>& results,
                     const std::vector<CellResult>& references = {});

/// FIGURE.csv (a row a cell and seed), FIGURE.summary.csv (mean, standard deviation, n), FIGURE.verdict.json and,
/// where measures are compared, FIGURE.ranks.csv in `folder`, each written whole or not at all.
/// Problem: the path and the system's reason.
Problems writeFigureFiles(const FigureGrid& grid, const std::vector<CellResult>& results, const FigureData& data,
                          const std::filesystem::path& folder);

/// Reads all but FIGURE.csv back (the window and the headless renderer draw from them).
Result<FigureData> readFigureFiles(const std::filesystem::path& folder, std::string_view figure);

}  // namespace lab
