// From runs to points and verdicts.

#include "experiments/figures.h"
#include "experiments/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace lab {

namespace {

constexpr double kConfidence = 0.95;

struct Seeds {
  std::vector<double> accuracy, rs, reliable;
};

using Panel = std::map<std::string, Seeds>;  // by curve label

std::map<std::string, Panel> collect(const FigureGrid& grid, const std::vector<CellResult>& results) {
  std::map<std::string, Panel> panels;
  for (size_t i = 0; i < std::min(grid.cells.size(), results.size()); ++i) {
    const Cell& cell = grid.cells[i];
    const RunResult& result = results[i].result;
    if (!results[i].finished() || !result.testAccuracy) continue;
    Seeds& samples = panels[cell.labels[0]][cell.labels[1]];
    samples.accuracy.push_back(*result.testAccuracy);
    samples.rs.push_back(result.rs);
    const auto reliable = result.reliable.find(cell.config.reliable_steps);
    if (reliable != result.reliable.end()) samples.reliable.push_back(reliable->second);
  }
  return panels;
}

/// The label with the highest mean accuracy.
std::string bestOf(const std::vector<std::string>& labels, const Panel& panel) {
  return *std::ranges::max_element(labels, {}, [&](const std::string& l) { return mean(panel.at(l).accuracy); });
}

std::string listed(const std::vector<std::string>& labels) {
  return labels.size() == 1 ? labels[0] : fmt::format("best of {}", fmt::join(labels, ", "));
}

/// "best of 30, 100, 300 is 100: 86.06 %"
std::string told(const std::vector<std::string>& labels, const std::string& best, double accuracy) {
  return fmt::format("{}{}: {:.2f} %", listed(labels),
                     labels.size() == 1 ? "" : fmt::format(" by mean is {}", best), 100 * accuracy);
}

void judgeBest(ContrastResult& result, const Contrast& contrast, const Panel& panel,
               const PooledDeviation& pooled) {
  const std::string best = bestOf(contrast.better, panel), other = bestOf(contrast.worse, panel);
  const auto &a = panel.at(best).accuracy, &b = panel.at(other).accuracy;
  result.difference = mean(a) - mean(b);
  const std::string means = fmt::format("{}; {}; difference {:+.2f} points", told(contrast.better, best, mean(a)),
                                        told(contrast.worse, other, mean(b)), 100 * result.difference);
  if (pooled.freedom() == 0) {
    result.low = result.high = result.difference;
    result.sentence = means + ". One seed has no spread to judge by: at least two would be right.";
    return;
  }
  const double half = pooled.halfWidth(kConfidence, static_cast<double>(a.size()), static_cast<double>(b.size()));
  result.low = result.difference - half;
  result.high = result.difference + half;
  result.verdict = result.low > 0 ? Verdict::Pass : result.high < 0 ? Verdict::Fail : Verdict::Undecided;
  result.sentence = fmt::format("{}, 95 % interval {:+.2f} to {:+.2f} ({} and {} seeds, {} degrees of freedom).",
                                means, 100 * result.low, 100 * result.high, a.size(), b.size(), pooled.freedom());
}

void judgeRise(ContrastResult& result, const Contrast& contrast, const Panel& panel) {
  std::vector<double> rs, steps;
  for (const std::string& label : contrast.better) rs.push_back(mean(panel.at(label).rs));
  for (size_t i = 1; i < rs.size(); ++i) steps.push_back(rs[i] - rs[i - 1]);
  result.difference = rs.back() - rs.front();
  result.low = std::ranges::min(steps);
  result.high = std::ranges::max(steps);
  result.verdict = result.low >= 0 && result.difference > 0 ? Verdict::Pass : Verdict::Fail;
  result.sentence =
      fmt::format("R_s goes from {:.4f} ({}) to {:.4f} ({}); the smallest of its {} steps is {:+.4f}.", rs.front(),
                  contrast.better.front(), rs.back(), contrast.better.back(), steps.size(), result.low);
}

ContrastResult judge(const FigureGrid& grid, const Contrast& contrast, const std::string& name, const Panel& panel,
                     const PooledDeviation& pooled) {
  ContrastResult result{contrast.name, contrast.paper, name, Verdict::Undecided, 0, 0, 0, {}};
  size_t there = 0, wanted = 0;
  for (const auto* labels : {&contrast.better, &contrast.worse})
    for (const std::string& label : *labels) {
      wanted += static_cast<size_t>(grid.seeds);
      if (const auto samples = panel.find(label); samples != panel.end()) there += samples->second.accuracy.size();
    }
  if (there < wanted) {
    result.sentence = fmt::format("{} of the {} runs it needs are there.", there, wanted);
  } else if (contrast.expectation == Expectation::BestBeats) {
    judgeBest(result, contrast, panel, pooled);
  } else {
    judgeRise(result, contrast, panel);
  }
  return result;
}

}  // namespace

FigureData summarize(const FigureGrid& grid, const std::vector<CellResult>& results,
                     const std::optional<CellResult>& dense) {
  FigureData data;
  auto panels = collect(grid, results);
  for (const std::string& name : grid.panels) {
    const Panel& panel = panels[name];
    PooledDeviation pooled;
    for (const std::string& label : grid.curve) {
      const auto found = panel.find(label);
      if (found == panel.end()) continue;
      const Seeds& s = found->second;
      pooled.add(s.accuracy);
      data.points.push_back({name, label, static_cast<int>(s.accuracy.size()), mean(s.accuracy),
                             deviation(s.accuracy), mean(s.rs), deviation(s.rs), mean(s.reliable)});
    }
    for (const Contrast& contrast : grid.contrasts)
      data.contrasts.push_back(judge(grid, contrast, name, panel, pooled));
  }
  if (dense && dense->finished()) data.denseAccuracy = dense->result.testAccuracy;
  return data;
}

}  // namespace lab
