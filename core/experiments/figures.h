#pragma once
// The paper's figures as presets: a grid, axes to draw, and what the paper says must be seen, as named contrasts.

#include "experiments/sweep.h"
#include "result.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class FigureScale { Quick, Standard, Paper };
std::string_view name(FigureScale scale);
std::optional<FigureScale> findScale(std::string_view name);

/// What must be seen at every value of the panel axis.
enum class Expectation {
  BestBeats,  ///< the best of some cells, by mean test accuracy, lies above the best of others
  RsRises     ///< mean R_s never falls from one cell to the next of a list, and rises over all of it
};

struct Contrast {
  std::string name;                 ///< "ΔT in 30..300 beats static"
  std::string paper;                ///< the paper's claim in one sentence
  std::vector<std::string> better;  ///< labels on the curve axis; RsRises: in the order in which R_s must rise
  std::vector<std::string> worse;   ///< empty for RsRises
  Expectation expectation = Expectation::BestBeats;
};

struct FigureGrid;

struct Figure {
  std::string_view name;  ///< "figure3"
  std::string_view title;
  std::string_view help;            ///< what it shows, in plain words
  std::string_view source;          ///< "ITOP (ICML 2021), figure 3"
  std::string_view panelKey;        ///< one panel or colour a value: "sparsity"
  std::string_view curveKey;        ///< along the curve: "update_interval" (static is the label "static")
  std::vector<FigureScale> scales;  ///< those it has
  Result<FigureGrid> (*make)(const Figure& figure, FigureScale scale, int seeds) = nullptr;
};

std::span<const Figure> figures();
const Figure* findFigure(std::string_view name);

struct FigureGrid {
  const Figure* figure = nullptr;
  FigureScale scale = FigureScale::Quick;
  int seeds = 0;
  std::vector<Cell> cells;                 ///< labels: {panel value, curve label}
  std::vector<std::string> panels, curve;  ///< label order
  std::vector<Contrast> contrasts;
  std::optional<Cell> denseReference;  ///< drawn as a line when its run is there; run on request
};

/// seeds <= 0: the scale's own number. Problem: the figure has no such scale.
Result<FigureGrid> makeFigure(const Figure& figure, FigureScale scale, int seeds);

/// One point of the figure: mean ± standard deviation over the seeds done so far.
struct FigurePoint {
  std::string panel, curve;
  int n = 0;
  double accuracy = 0, accuracyDeviation = 0;
  double rs = 0, rsDeviation = 0;
  double reliable = 0;
};

enum class Verdict { Pass, Fail, Undecided };
std::string_view name(Verdict verdict);

struct ContrastResult {
  std::string name, paper, panel;
  Verdict verdict = Verdict::Undecided;
  /// BestBeats: test accuracy, better minus worse, fractions, with its 95 % t interval from the standard deviation
  /// pooled over the panel's cells. RsRises: the rise of R_s from the first cell to the last, and the smallest and
  /// the largest of its steps.
  double difference = 0;
  double low = 0, high = 0;
  std::string sentence;  ///< with the numbers, or what is still missing
};

struct FigureData {
  std::vector<FigurePoint> points;
  std::vector<ContrastResult> contrasts;
  std::optional<double> denseAccuracy;
};

/// `results` in the order of grid.cells; unfinished ones are left out. A contrast is undecided until all its runs
/// are there.
FigureData summarize(const FigureGrid& grid, const std::vector<CellResult>& results,
                     const std::optional<CellResult>& dense = {});

/// FIGURE.csv (a row a cell and seed), FIGURE.summary.csv (mean, standard deviation, n), FIGURE.verdict.json in
/// `folder`, each written whole or not at all. Problem: the path and the system's reason.
Problems writeFigureFiles(const FigureGrid& grid, const std::vector<CellResult>& results, const FigureData& data,
                          const std::filesystem::path& folder);

/// Reads FIGURE.summary.csv and FIGURE.verdict.json back (the window and the headless renderer draw from them).
Result<FigureData> readFigureFiles(const std::filesystem::path& folder, std::string_view figure);

}  // namespace lab
