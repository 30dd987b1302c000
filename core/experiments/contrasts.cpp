#include "experiments/contrasts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

namespace lab {

namespace {

constexpr std::array kVerdicts{Verdict::Pass, Verdict::Fail, Verdict::Undecided};

std::string labelOf(const Place& place, const std::string& panel) {
  std::string label = place.series == kDenseSeries && place.curve.empty() ? "" : place.curve;
  if (!place.series.empty()) label = label.empty() ? place.series : fmt::format("{} {}", place.series, label);
  const bool elsewhere = place.panel != panel && place.series != kDenseSeries;
  return elsewhere ? fmt::format("{} at {}", label, place.panel) : label;
}

/// One contrast in one panel, with everything there is to judge it by.
class Judge {
 public:
  Judge(const Contrast& contrast, const std::string& panel, const SeedsByPlace& runs,
        const PooledDeviation& pooled)
      : contrast_(contrast),
        panel_(panel),
        runs_(runs),
        pooled_(pooled),
        better_(resolved(contrast.better)),
        worse_(resolved(contrast.worse)) {
    result_.name = contrast.name;
    result_.paper = contrast.paper;
    result_.panel = panel;
  }

  ContrastResult judged(const std::map<Place, size_t>& wanted) {
    if (!contrast_.whyOpen.empty())
      result_.sentence = contrast_.whyOpen;
    else if (allThere(wanted))
      decide();
    return std::move(result_);
  }

 private:
  std::vector<Place> resolved(std::vector<Place> places) const {
    for (Place& place : places)
      if (place.series == kDenseSeries)
        place.panel.clear();
      else if (place.panel.empty())
        place.panel = panel_;
    return places;
  }

  bool allThere(const std::map<Place, size_t>& wanted) {
    std::set<Place> places(better_.begin(), better_.end());
    places.insert(worse_.begin(), worse_.end());
    size_t there = 0, needed = 0, dense = 0;
    for (const Place& place : places) {
      const auto count = wanted.find(place);
      const size_t all = count == wanted.end() ? 1 : count->second;
      const auto found = runs_.find(place);
      const size_t some = found == runs_.end() ? 0 : found->second.accuracy.size();
      needed += all;
      there += std::min(some, all);
      if (place.series == kDenseSeries && some < all) ++dense;
    }
    if (there == needed) return true;
    result_.sentence = fmt::format("{} of the {} runs it needs are there.", there, needed);
    if (dense > 0) result_.sentence += " The dense network is trained on request.";
    return false;
  }

  void decide() {
    switch (contrast_.expectation) {
      case Expectation::BestBeats:
      case Expectation::NoWorse:
        return compareBest();
      case Expectation::Gains:
        return compareGains();
      case Expectation::RsRises:
        return followRs();
      case Expectation::RsAbove:
        return compareRs();
      case Expectation::Reliable:
        return;
    }
  }

  const Seeds& at(const Place& place) const { return runs_.at(place); }
  std::string label(const Place& place) const { return labelOf(place, panel_); }

  std::string labels(const std::vector<Place>& places) const {
    std::vector<std::string> all;
    for (const Place& place : places) all.push_back(label(place));
    return fmt::format("{}", fmt::join(all, ", "));
  }

  /// The place with the highest mean accuracy.
  const Place& bestOf(const std::vector<Place>& places) const {
    return *std::ranges::max_element(places, {}, [&](const Place& place) { return mean(at(place).accuracy); });
  }

  /// "best of 30, 100, 300 by mean is 100: 86.06 %"
  std::string told(const std::vector<Place>& places, const Place& best) const {
    const std::string several =
        places.size() == 1 ? label(best) : fmt::format("best of {} by mean is {}", labels(places), label(best));
    return fmt::format("{}: {:.2f} %", several, 100 * mean(at(best).accuracy));
  }

  void compareBest() {
    const Place best = bestOf(better_), other = bestOf(worse_);
    const std::string means = fmt::format("{}; {}", told(better_, best), told(worse_, other));
    const bool noWorse = contrast_.expectation == Expectation::NoWorse;
    // Only what was chosen after the fact flatters the difference: the best of `worse` makes it smaller.
    interval({{1, at(best).accuracy}, {-1, at(other).accuracy}}, means, better_.size());
    if (!noWorse) return;
    const double spent = mean(at(best).flops), dense = mean(at(other).flops);
    result_.sentence += fmt::format(" At most {:.1f} points may be missing; training FLOPs {:.2g} against {:.2g}.",
                                    100 * contrast_.margin, spent, dense);
    if (spent >= dense) result_.verdict = Verdict::Fail;
  }

  void compareGains() {
    std::string means;
    for (size_t i = 0; i < 2; ++i)
      means +=
          fmt::format("{}{} {:.2f} %, {} {:.2f} %", i == 0 ? "" : "; ", label(better_[i]),
                      100 * mean(at(better_[i]).accuracy), label(worse_[i]), 100 * mean(at(worse_[i]).accuracy));
    interval({{1, at(better_[0]).accuracy},
              {-1, at(worse_[0]).accuracy},
              {-1, at(better_[1]).accuracy},
              {1, at(worse_[1]).accuracy}},
             means, 1);
  }

  /// The difference with its interval, the verdict and the sentence. `candidates`: out of how many cells the first
  /// was chosen by the very numbers that judge it (Bonferroni).
  void interval(const std::vector<MeanTerm>& terms, const std::string& means, size_t candidates) {
    result_.difference = 0;
    std::vector<size_t> counts;
    for (const MeanTerm& term : terms) {
      result_.difference += term.weight * mean(term.values);
      counts.push_back(term.values.size());
    }
    result_.low = result_.high = result_.difference;
    const std::string told = fmt::format("{}; difference {:+.2f} points", means, 100 * result_.difference);
    const double confidence = 1 - (1 - kConfidence) / static_cast<double>(candidates);
    const auto width =
        contrast_.ownDeviations ? welchInterval(confidence, terms) : pooled_.interval(confidence, terms);
    if (!width) {
      result_.sentence = told + ". One seed has no spread to judge by: at least two would be right.";
      return;
    }
    result_.low -= width->half;
    result_.high += width->half;
    const double zero = -contrast_.margin;
    result_.verdict = result_.low > zero    ? Verdict::Pass
                      : result_.high < zero ? Verdict::Fail
                                            : Verdict::Undecided;
    result_.sentence = fmt::format("{}, 95 % interval {:+.2f} to {:+.2f} ({} seeds, {:.3g} degrees of freedom{}).",
                                   told, 100 * result_.low, 100 * result_.high, fmt::join(counts, " and "),
                                   width->freedom, candidates > 1 ? fmt::format(", best of {}", candidates) : "");
  }

  void followRs() {
    std::vector<double> rs, steps;
    for (const Place& place : better_) rs.push_back(mean(at(place).rs));
    for (size_t i = 1; i < rs.size(); ++i) steps.push_back(rs[i] - rs[i - 1]);
    result_.difference = rs.back() - rs.front();
    result_.low = std::ranges::min(steps);
    result_.high = std::ranges::max(steps);
    result_.verdict = result_.low >= 0 && result_.difference > 0 ? Verdict::Pass : Verdict::Fail;
    result_.sentence = fmt::format(
        "R_s goes from {:.4f} ({}) to {:.4f} ({}); the smallest of its {} steps is {:+.4f}.", rs.front(),
        label(better_.front()), rs.back(), label(better_.back()), steps.size(), result_.low);
  }

  void compareRs() {
    std::vector<double> differences;
    for (size_t i = 0; i < better_.size(); ++i)
      differences.push_back(mean(at(better_[i]).rs) - mean(at(worse_[i]).rs));
    const auto smallest = std::ranges::min_element(differences);
    const auto i = static_cast<size_t>(smallest - differences.begin());
    result_.low = *smallest;
    result_.high = std::ranges::max(differences);
    result_.difference = mean(differences);
    result_.verdict = result_.low > 0 ? Verdict::Pass : Verdict::Fail;
    result_.sentence = fmt::format(
        "The smallest of {} differences of R_s is {:+.4f} ({}: {:.4f}; {}: {:.4f}), the largest {:+.4f}.",
        differences.size(), result_.low, label(better_[i]), mean(at(better_[i]).rs), label(worse_[i]),
        mean(at(worse_[i]).rs), result_.high);
  }

  const Contrast& contrast_;
  const std::string& panel_;
  const SeedsByPlace& runs_;
  const PooledDeviation& pooled_;
  std::vector<Place> better_, worse_;
  ContrastResult result_;
};

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass:
      return "pass";
    case Verdict::Fail:
      return "fail";
    case Verdict::Undecided:
      return "undecided";
  }
  return "";
}

std::optional<Verdict> findVerdict(std::string_view wanted) {
  const auto* verdict = std::ranges::find_if(kVerdicts, [&](Verdict v) { return name(v) == wanted; });
  return verdict == kVerdicts.end() ? std::nullopt : std::optional(*verdict);
}

ContrastResult judge(const Contrast& contrast, const std::string& panel, const SeedsByPlace& runs,
                     const PooledDeviation& pooled, const std::map<Place, size_t>& wanted) {
  return Judge(contrast, panel, runs, pooled).judged(wanted);
}

}  // namespace lab
