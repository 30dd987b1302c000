#pragma once
// What the paper leaves open: how long must a weight be trained before it counts as explored? Every measure of
// exploration is asked how well it ranks runs by test accuracy; the k at which R_rel(k) does so best is the answer.

#include "experiments/contrasts.h"
#include "training/run_observer.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// A family of measures of a run's exploration, one measure a k.
struct Measure {
  std::string_view name;  ///< "r_rel"
  std::string_view help;  ///< what it is, and what k means
  std::map<int64_t, double> (*of)(const RunResult&);
};

std::span<const Measure> measures();
/// The measure whose k = 0 is R_s itself.
inline constexpr std::string_view kReliableShare = "r_rel";

/// How well a measure ranks the runs of a panel by test accuracy: Spearman's ρ, and its 95 % bootstrap interval.
struct MeasureRank {
  std::string panel, measure;
  int64_t k = 0;
  double rho = 0, low = 0, high = 0;
};

/// Runs of one panel that differ in how they explored. Runs are the units that are resampled: their number is small
/// (a few seeds of a dozen ΔT), and taking ΔT for drawn at random makes the intervals rather too wide than too narrow.
struct PanelRuns {
  std::string panel;
  std::vector<double> accuracy;
  std::vector<RunResult> runs;
};

/// Of every measure that all runs of the panel have; in the order of measures(), then of k.
std::vector<MeasureRank> rankMeasures(const PanelRuns& runs);

/// Whether reliable exploration ranks the runs of `ranked[panel]` better than R_s, and after how many steps exploration
/// is reliable. The k that is compared with R_s is the best one of the other panels, so that no run judges a k that it
/// chose; with one panel only, the question stays open.
ContrastResult judgeReliability(const Contrast& contrast, const std::vector<PanelRuns>& all, size_t panel);

}  // namespace lab
