#pragma once
// The paper's figures as presets: a grid, axes to draw, and what the paper says must be seen, as named contrasts.

#include "experiments/contrasts.h"
#include "experiments/sweep.h"
#include "result.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class FigureScale { Quick, Standard, Paper };
std::string_view name(FigureScale scale);
std::optional<FigureScale> findScale(std::string_view name);

/// What the second plot of a figure shows.
enum class SecondPlot {
  AgainstRs,       ///< accuracy against R_s
  AgainstFlops,    ///< accuracy against training FLOPs, in trainings of the dense reference
  RankCorrelation  ///< how well each measure of exploration ranks the runs, see reliability.h
};

struct FigureGrid;

struct Figure {
  std::string_view name;  ///< "figure3"
  std::string_view title;
  std::string_view help;       ///< what it shows, in plain words
  std::string_view source;     ///< "ITOP (ICML 2021), figure 3"
  std::string_view panelKey;   ///< the claims are judged within each of its values: "sparsity"
  std::string_view seriesKey;  ///< one line a value within a panel: "method"; empty: a panel is one line
  std::string_view curveKey;   ///< along the line: "update_interval" (static is the label "static")
  std::vector<FigureScale> scales;  ///< those it has
  Result<FigureGrid> (*make)(const Figure& figure, FigureScale scale, int seeds) = nullptr;
  SecondPlot secondPlot = SecondPlot::AgainstRs;
};

std::span<const Figure> figures();
const Figure* findFigure(std::string_view name);

/// Series that the others are compared with, drawn dotted.
inline bool isReference(std::string_view series) { return series == "static"; }

struct FigureGrid {
  const Figure* figure = nullptr;
  FigureScale scale = FigureScale::Quick;
  int seeds = 0;
  std::vector<Cell> cells;          ///< labels: {panel, curve}, or {panel, series, curve} with a series key
  std::vector<std::string> panels;  ///< label order
  std::vector<std::string> series;  ///< empty without a series key
  std::vector<std::string> curve;
  std::vector<Contrast> contrasts;
  /// Dense networks, for comparison: run on request, drawn when their runs are there. Labels: {} for one line,
  /// {curve} for a point of a dense line. The first tells what a training of the dense network is.
  std::vector<Cell> references;
};

/// Where the runs of a cell stand in the figure.
Place placeOf(const Cell& cell);

/// seeds <= 0: the scale's own number. Problem: the figure has no such scale, or what its scale needs is not there.
Result<FigureGrid> makeFigure(const Figure& figure, FigureScale scale, int seeds);

/// "quick or standard"
std::string scaleNames(const Figure& figure);

}  // namespace lab
