#include "experiments/reliability.h"

#include "experiments/rank_correlation.h"
#include "experiments/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

namespace lab {

namespace {

constexpr int kReplicates = 2000;
constexpr uint64_t kSeed = 1;

template <int64_t LifeSums::*member>
std::map<int64_t, double> lifeSumsOf(const RunResult& run) {
  std::map<int64_t, double> sums;
  for (const auto& [k, sum] : run.lifeSums) sums[k] = static_cast<double>(sum.*member);
  return sums;
}

constexpr std::array kMeasures{
    Measure{kReliableShare, "R_rel(k): share of weights with an unbroken life of at least k steps; R_rel(0) = R_s",
            [](const RunResult& run) { return run.reliable; }},
    Measure{"r_surv", "R_surv(k): share of weights that survived at least k drop tests after a growth",
            [](const RunResult& run) { return run.survived; }},
    Measure{"longest_life", "sum over weights of min(longest life, k)", lifeSumsOf<&LifeSums::longest>},
    Measure{"total_life", "sum over weights of min(sum of their lives, k)", lifeSumsOf<&LifeSums::total>},
};

/// One measure over the runs of a panel.
struct Ranked {
  int64_t k;
  Ranking ranking;
};

std::vector<Ranked> rankedBy(const Measure& measure, const PanelRuns& runs) {
  std::map<int64_t, std::vector<double>> values;
  for (const RunResult& run : runs.runs)
    for (const auto& [k, value] : measure.of(run)) values[k].push_back(value);
  std::vector<Ranked> all;
  for (const auto& [k, ofRuns] : values)
    if (ofRuns.size() == runs.runs.size()) all.push_back({k, Ranking(ofRuns)});
  return all;
}

std::vector<double> correlations(const std::vector<Ranked>& all, const Ranking& accuracy, Multiplicities count) {
  std::vector<double> rho;
  for (const Ranked& each : all) rho.push_back(spearman(each.ranking, accuracy, count));
  return rho;
}

/// ρ of every k in the sample and in every resample of it.
struct Curve {
  std::vector<int64_t> k;
  std::vector<double> rho;
  std::vector<std::vector<double>> replicates;

  std::optional<size_t> placeOf(int64_t wanted) const {
    const auto found = std::ranges::find(k, wanted);
    return found == k.end() ? std::nullopt : std::optional(static_cast<size_t>(found - k.begin()));
  }
  std::pair<double, double> interval(size_t i) const {
    std::vector<double> values;
    for (const auto& replicate : replicates) values.push_back(replicate[i]);
    return percentileInterval(std::move(values), kConfidence);
  }
};

/// The first of the largest: the shortest life that serves as well.
size_t largest(const std::vector<double>& values) {
  return static_cast<size_t>(std::ranges::max_element(values) - values.begin());
}

Curve curveOf(const Measure& measure, const PanelRuns& runs) {
  const auto ranked = rankedBy(measure, runs);
  const Ranking accuracy(runs.accuracy);
  Curve curve;
  for (const Ranked& each : ranked) curve.k.push_back(each.k);
  curve.rho = correlations(ranked, accuracy, std::vector<uint32_t>(runs.runs.size(), 1));
  if (ranked.empty()) return curve;
  bootstrap(runs.runs.size(), kReplicates, kSeed,
            [&](Multiplicities count) { curve.replicates.push_back(correlations(ranked, accuracy, count)); });
  return curve;
}

/// The k that serves best in the other panels, by mean ρ; nothing without other panels.
std::optional<int64_t> bestElsewhere(const Measure& measure, const std::vector<PanelRuns>& all, size_t panel) {
  std::map<int64_t, double> sum;
  for (size_t other = 0; other < all.size(); ++other) {
    if (other == panel || all[other].runs.empty()) continue;
    const auto ranked = rankedBy(measure, all[other]);
    const auto rho =
        correlations(ranked, Ranking(all[other].accuracy), std::vector<uint32_t>(all[other].runs.size(), 1));
    for (size_t i = 0; i < ranked.size(); ++i) sum[ranked[i].k] += rho[i];
  }
  if (sum.empty()) return {};
  return std::ranges::max_element(sum, {}, [](const auto& entry) { return entry.second; })->first;
}

}  // namespace

std::span<const Measure> measures() { return kMeasures; }

std::vector<MeasureRank> rankMeasures(const PanelRuns& runs) {
  std::vector<MeasureRank> ranks;
  for (const Measure& measure : kMeasures) {
    const Curve curve = curveOf(measure, runs);
    for (size_t i = 0; i < curve.k.size(); ++i) {
      const auto [low, high] = curve.interval(i);
      ranks.push_back({runs.panel, std::string(measure.name), curve.k[i], curve.rho[i], low, high});
    }
  }
  return ranks;
}

ContrastResult judgeReliability(const Contrast& contrast, const std::vector<PanelRuns>& all, size_t panel) {
  ContrastResult result{contrast.name, contrast.paper, all[panel].panel, Verdict::Undecided, 0, 0, 0, {}};
  const Measure& measure = kMeasures.front();
  const Curve curve = curveOf(measure, all[panel]);
  const auto rs = curve.placeOf(0);
  if (!rs || curve.replicates.empty()) {
    result.sentence = "The runs have no R_rel(k) in common.";
    return result;
  }
  std::vector<double> best;
  for (const auto& replicate : curve.replicates) best.push_back(static_cast<double>(curve.k[largest(replicate)]));
  const auto [first, last] = percentileInterval(best, kConfidence);
  const size_t top = largest(curve.rho);
  const auto [topLow, topHigh] = curve.interval(top);
  const auto [rsLow, rsHigh] = curve.interval(*rs);
  result.sentence = fmt::format(
      "Exploration is reliable after about k = {} [{}, {}] steps: R_rel({}) ranks test accuracy with ρ = {:.2f} "
      "[{:.2f}, {:.2f}], R_s with {:.2f} [{:.2f}, {:.2f}].",
      curve.k[top], first, last, curve.k[top], curve.rho[top], topLow, topHigh, curve.rho[*rs], rsLow, rsHigh);

  const auto elsewhere = bestElsewhere(measure, all, panel);
  const auto chosen = elsewhere ? curve.placeOf(*elsewhere) : std::nullopt;
  if (!chosen) {
    result.sentence += " A k that these runs did not choose themselves needs another panel.";
    return result;
  }
  std::vector<double> gains;
  for (const auto& replicate : curve.replicates) gains.push_back(replicate[*chosen] - replicate[*rs]);
  result.difference = curve.rho[*chosen] - curve.rho[*rs];
  std::tie(result.low, result.high) = percentileInterval(gains, kConfidence);
  result.verdict = result.low > 0 ? Verdict::Pass : result.high < 0 ? Verdict::Fail : Verdict::Undecided;
  result.sentence += fmt::format(
      " R_rel({}), the best k elsewhere, gains {:+.2f} in ρ on R_s, 95 % interval {:+.2f} to {:+.2f} ({} runs, "
      "bootstrap).",
      *elsewhere, result.difference, result.low, result.high, all[panel].runs.size());
  return result;
}

}  // namespace lab
