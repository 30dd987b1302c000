#pragma once
// What must be seen in a figure: named contrasts between its cells, each judged by an interval.

#include "experiments/statistics.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lab {

/// A cell of a figure, by its labels.
struct Place {
  std::string curve;
  std::string series;  ///< empty where a panel is one line
  std::string panel;   ///< in a contrast empty: the panel that is judged

  Place() = default;
  Place(const char* onCurve) : curve(onCurve) {}
  Place(std::string onCurve, std::string inSeries = {}, std::string inPanel = {})
      : curve(std::move(onCurve)), series(std::move(inSeries)), panel(std::move(inPanel)) {}
  auto operator<=>(const Place&) const = default;
};

/// The series of the figure's dense references; they belong to every panel.
inline constexpr const char* kDenseSeries = "dense reference";

enum class Expectation {
  BestBeats,  ///< the best of `better`, by mean test accuracy, lies above the best of `worse`
  NoWorse,    ///< the same by more than -margin, at less training FLOPs
  Gains,      ///< better[0] - worse[0] lies above better[1] - worse[1]: one gains on the other
  RsRises,    ///< mean R_s never falls from one cell of `better` to the next, and rises over all of it
  RsAbove,    ///< mean R_s of better[i] lies above that of worse[i], for every i
  Reliable    ///< reliable exploration ranks the panel's runs better than R_s does; no cells, see reliability.h
};

struct Contrast {
  std::string name;   ///< "ΔT in 30..300 beats static"
  std::string paper;  ///< the paper's claim in one sentence
  std::vector<Place> better = {};
  std::vector<Place> worse = {};
  Expectation expectation = Expectation::BestBeats;
  std::vector<std::string> panels = {};  ///< those in which it is judged; empty: all
  double margin = 0;                     ///< NoWorse: what may be missing, fraction
  /// Cells that scatter differently (some do not learn at all) have no deviation in common: Welch's interval.
  bool ownDeviations = false;
  std::string whyOpen = {};  ///< why the scale cannot judge it; then it stays undecided
};

enum class Verdict { Pass, Fail, Undecided };
std::string_view name(Verdict verdict);
std::optional<Verdict> findVerdict(std::string_view name);

struct ContrastResult {
  std::string name, paper, panel;
  Verdict verdict = Verdict::Undecided;
  /// Differences of test accuracy, fractions, with their 95 % interval: Student's, from the standard deviation pooled
  /// over the panel's cells (or Welch's), and at Bonferroni's level where the best of several is named after the fact.
  /// RsRises and RsAbove: the rise of R_s over all, and the smallest and the largest of its steps.
  double difference = 0;
  double low = 0, high = 0;
  std::string sentence;  ///< with the numbers, or what is still missing
};

/// The finished runs of a cell, a value a seed.
struct Seeds {
  std::vector<double> accuracy, rs, reliable, flops;
};
using SeedsByPlace = std::map<Place, Seeds>;

/// `pooled`: of the panel's cells. `wanted`: runs that a cell has when it is complete, by place.
ContrastResult judge(const Contrast& contrast, const std::string& panel, const SeedsByPlace& runs,
                     const PooledDeviation& pooled, const std::map<Place, size_t>& wanted);

}  // namespace lab
