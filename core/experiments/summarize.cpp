// From runs to points and verdicts.

#include "experiments/figure_data.h"

#include <algorithm>

namespace lab {

namespace {

/// Epochs of the dense training that FLOPs are told in: of the dense reference, else the longest of the figure.
double referenceEpochs(const FigureGrid& grid) {
  if (!grid.references.empty()) return static_cast<double>(grid.references.front().config.totalEpochs());
  int64_t longest = 1;
  for (const Cell& cell : grid.cells) longest = std::max(longest, cell.config.totalEpochs());
  return static_cast<double>(longest);
}

void addRun(const Cell& cell, const CellResult& done, const Place& place, double denseEpochs, SeedsByPlace& runs) {
  const RunResult& result = done.result;
  if (!done.finished() || !result.testAccuracy) return;
  Seeds& seeds = runs[place];
  seeds.accuracy.push_back(*result.testAccuracy);
  seeds.rs.push_back(result.rs);
  const auto reliable = result.reliable.find(cell.config.reliable_steps);
  if (reliable != result.reliable.end()) seeds.reliable.push_back(reliable->second);
  // A run's own FLOPs are told relative to a dense run of its own length.
  const double trainings = static_cast<double>(cell.config.totalEpochs()) / denseEpochs;
  seeds.flops.push_back(result.trainFlopsRelativeToDense * trainings);
}

Place placeOfReference(const Cell& cell) {
  return {cell.labels.empty() ? std::string() : cell.labels[0], kDenseSeries};
}

FigurePoint pointOf(const Place& place, const Seeds& s) {
  return {place.panel,
          place.series,
          place.curve,
          static_cast<int>(s.accuracy.size()),
          mean(s.accuracy),
          deviation(s.accuracy),
          mean(s.rs),
          deviation(s.rs),
          mean(s.reliable),
          mean(s.flops)};
}

/// Places in the order in which the figure names them.
std::vector<Place> placesOf(const FigureGrid& grid, const std::string& panel) {
  std::vector<Place> places;
  const std::vector<std::string> one{""};
  for (const std::string& series : grid.series.empty() ? one : grid.series)
    for (const std::string& label : grid.curve) places.emplace_back(label, series, panel);
  return places;
}

void addDense(const FigureGrid& grid, const SeedsByPlace& runs, FigureData& data) {
  for (const Cell& cell : grid.references) {
    const auto found = runs.find(placeOfReference(cell));
    if (found == runs.end()) continue;
    if (cell.labels.empty()) {
      data.denseAccuracy = mean(found->second.accuracy);
      continue;
    }
    FigurePoint point = pointOf(found->first, found->second);
    point.series.clear();
    if (data.dense.empty() || data.dense.back().curve != point.curve) data.dense.push_back(std::move(point));
  }
}

bool concerns(const Contrast& contrast, const std::string& panel) {
  return contrast.panels.empty() || std::ranges::find(contrast.panels, panel) != contrast.panels.end();
}

/// The runs of each panel; a panel whose runs are not all there has none.
std::vector<PanelRuns> completePanels(const FigureGrid& grid, const std::vector<CellResult>& results) {
  std::vector<PanelRuns> panels;
  for (const std::string& panel : grid.panels) {
    PanelRuns runs{panel, {}, {}};
    bool complete = true;
    for (size_t i = 0; i < grid.cells.size(); ++i) {
      if (placeOf(grid.cells[i]).panel != panel) continue;
      const bool there = i < results.size() && results[i].finished() && results[i].result.testAccuracy;
      complete = complete && there;
      if (!there) continue;
      runs.accuracy.push_back(*results[i].result.testAccuracy);
      runs.runs.push_back(results[i].result);
    }
    if (!complete) runs = {panel, {}, {}};
    panels.push_back(std::move(runs));
  }
  return panels;
}

void judgeMeasures(const FigureGrid& grid, const std::vector<CellResult>& results, FigureData& data) {
  const auto panels = completePanels(grid, results);
  for (const PanelRuns& panel : panels) {
    auto ranks = panel.runs.empty() ? std::vector<MeasureRank>{} : rankMeasures(panel);
    std::ranges::move(ranks, std::back_inserter(data.ranks));
  }
  for (size_t p = 0; p < panels.size(); ++p)
    for (const Contrast& contrast : grid.contrasts) {
      if (contrast.expectation != Expectation::Reliable || !concerns(contrast, panels[p].panel)) continue;
      if (panels[p].runs.empty())
        data.contrasts.push_back({contrast.name, contrast.paper, panels[p].panel, Verdict::Undecided, 0, 0, 0,
                                  "Not all runs of this panel are there."});
      else
        data.contrasts.push_back(judgeReliability(contrast, panels, p));
    }
}

}  // namespace

FigureData summarize(const FigureGrid& grid, const std::vector<CellResult>& results,
                     const std::vector<CellResult>& references) {
  FigureData data;
  SeedsByPlace runs;
  std::map<Place, size_t> wanted;
  const double epochs = referenceEpochs(grid);
  for (const Cell& cell : grid.cells) ++wanted[placeOf(cell)];
  for (const Cell& cell : grid.references) ++wanted[placeOfReference(cell)];
  for (size_t i = 0; i < std::min(grid.cells.size(), results.size()); ++i)
    addRun(grid.cells[i], results[i], placeOf(grid.cells[i]), epochs, runs);
  for (size_t i = 0; i < std::min(grid.references.size(), references.size()); ++i)
    addRun(grid.references[i], references[i], placeOfReference(grid.references[i]), epochs, runs);
  addDense(grid, runs, data);

  for (const std::string& panel : grid.panels) {
    PooledDeviation pooled;
    for (const Place& place : placesOf(grid, panel)) {
      const auto found = runs.find(place);
      if (found == runs.end()) continue;
      pooled.add(found->second.accuracy);
      data.points.push_back(pointOf(place, found->second));
    }
    for (const Contrast& contrast : grid.contrasts)
      if (contrast.expectation != Expectation::Reliable && concerns(contrast, panel))
        data.contrasts.push_back(judge(contrast, panel, runs, pooled, wanted));
  }
  if (grid.figure->secondPlot == SecondPlot::RankCorrelation) judgeMeasures(grid, results, data);
  return data;
}

}  // namespace lab
