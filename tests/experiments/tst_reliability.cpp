// Rank correlation against textbook values and brute force, the coverage of its bootstrap intervals, and the threshold
// of reliable exploration on runs made up to have one.

#include "experiments/rank_correlation.h"
#include "experiments/reliability.h"
#include "random/keyed_random.h"

#include <rapidcheck.h>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace lab;

namespace {

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

/// The definition: the rank of a value is 1 + how many are smaller + half of how many others are equal.
std::vector<double> slowRanks(const std::vector<double>& values) {
  std::vector<double> ranks;
  for (const double value : values) {
    double rank = 0.5;
    for (const double other : values) rank += other < value ? 1 : other == value ? 0.5 : 0;
    ranks.push_back(rank);
  }
  return ranks;
}

double pearson(const std::vector<double>& a, const std::vector<double>& b) {
  const double n = static_cast<double>(a.size());
  const double ma = std::accumulate(a.begin(), a.end(), 0.0) / n, mb = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double aa = 0, bb = 0, ab = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
    ab += (a[i] - ma) * (b[i] - mb);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

/// Runs of one panel whose accuracy follows R_rel(`threshold`), with noise; the other k each go their own way.
PanelRuns runsThatFollow(const std::string& panel, int64_t threshold, uint64_t seed) {
  PanelRuns runs{panel, {}, {}};
  for (uint64_t i = 0; i < 36; ++i) {
    RunResult run;
    for (const int64_t k : {0, 3, 10, 30, 100})
      run.reliable[k] = uniformAt({seed, Purpose::SyntheticData, 0, static_cast<uint32_t>(k)}, i);
    run.rs = run.reliable[0];
    runs.accuracy.push_back(run.reliable[threshold] + 0.1 * normalAt({seed, Purpose::SyntheticData, 1, 0}, i));
    runs.runs.push_back(run);
  }
  return runs;
}

const Contrast kContrast{
    .name = "reliable", .paper = "claim", .expectation = Expectation::Reliable};

}  // namespace

class TestReliability : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ranksShareTies() {
    std::vector<double> ranks;
    const std::vector<uint32_t> once(5, 1);
    Ranking(std::vector<double>{3, 1, 3, 2, 3}).ranks(once, ranks);
    QCOMPARE(ranks, (std::vector<double>{4, 1, 4, 2, 4}));
  }

  /// ρ = 1 - 6 Σd² / (n (n² - 1)) without ties: here Σd² = 194 of n = 10.
  void spearmanByHand() {
    const std::vector<double> iq{106, 86, 100, 101, 99, 103, 97, 113, 112, 110};
    const std::vector<double> hours{7, 0, 27, 50, 28, 29, 20, 12, 6, 17};
    QVERIFY(near(spearman(iq, hours), 1 - 6 * 194.0 / 990));
    QVERIFY(near(spearman(std::vector<double>{1, 2, 3, 4}, std::vector<double>{1, 8, 27, 64}), 1));
    QVERIFY(near(spearman(std::vector<double>{1, 2, 3, 4}, std::vector<double>{4, 3, 2, 1}), -1));
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / √(4.5 × 5).
    QVERIFY(near(spearman(std::vector<double>{1, 2, 2, 3}, std::vector<double>{1, 2, 3, 4}), 4.5 / std::sqrt(22.5)));
    QCOMPARE(spearman(std::vector<double>{1, 1, 1}, std::vector<double>{1, 2, 3}), 0.0);
  }

  void resamplesRankAsIfWrittenOut() {
    QVERIFY(rc::check([] {
      const auto n = *rc::gen::inRange<size_t>(2, 20);
      const auto a = *rc::gen::container<std::vector<int>>(n, rc::gen::inRange(0, 8));
      const auto b = *rc::gen::container<std::vector<int>>(n, rc::gen::inRange(0, 8));
      const auto count = *rc::gen::container<std::vector<uint32_t>>(n, rc::gen::inRange<uint32_t>(0, 4));
      std::vector<double> writtenA, writtenB;
      for (size_t i = 0; i < n; ++i)
        for (uint32_t c = 0; c < count[i]; ++c) writtenA.push_back(a[i]), writtenB.push_back(b[i]);
      const std::vector<double> x(a.begin(), a.end()), y(b.begin(), b.end());
      const double expected = writtenA.empty() ? 0 : pearson(slowRanks(writtenA), slowRanks(writtenB));
      RC_ASSERT(std::abs(spearman(Ranking(x), Ranking(y), count) - expected) < 1e-12);
    }));
  }

  void resamplesAreKeyedAndOfTheRightSize() {
    std::vector<std::vector<uint32_t>> first, second;
    const auto keep = [](auto& into) {
      return [&into](Multiplicities count) { into.emplace_back(count.begin(), count.end()); };
    };
    bootstrap(10, 400, 7, keep(first));
    bootstrap(10, 400, 7, keep(second));
    QCOMPARE(first, second);
    QVERIFY(first[0] != first[1]);
    double none = 0;
    for (const auto& count : first) {
      QCOMPARE(std::accumulate(count.begin(), count.end(), 0U), 10U);
      none += static_cast<double>(std::ranges::count(count, 0U));
    }
    QVERIFY(std::abs(none / 4000 - std::pow(0.9, 10)) < 0.03);  // (1 - 1/n)^n of the values are not drawn
  }

  void percentilesAreValuesOfTheSample() {
    std::vector<double> values(101);
    std::iota(values.begin(), values.end(), 0.0);
    std::ranges::reverse(values);
    QCOMPARE(percentileInterval(values, 0.9), (std::pair<double, double>{5, 95}));
    QCOMPARE(percentileInterval({3}, 0.95), (std::pair<double, double>{3, 3}));
  }

  /// Normal pairs of correlation r have ρ = 6/π asin(r/2). Of 300 samples of 36, an interval of 95 % misses it in 15
  /// ± 3.8; percentile intervals are known to be a little narrow.
  void intervalsCoverTheTruth() {
    const double r = 0.7, truth = 6 / M_PI * std::asin(r / 2);
    int covered = 0;
    for (uint32_t sample = 0; sample < 300; ++sample) {
      std::vector<double> x, y;
      for (uint64_t i = 0; i < 36; ++i) {
        x.push_back(normalAt({5, Purpose::SyntheticData, 0, sample}, i));
        y.push_back(r * x.back() + std::sqrt(1 - r * r) * normalAt({5, Purpose::SyntheticData, 1, sample}, i));
      }
      const Ranking a(x), b(y);
      std::vector<double> rho;
      bootstrap(36, 300, sample, [&](Multiplicities count) { rho.push_back(spearman(a, b, count)); });
      const auto [low, high] = percentileInterval(rho, 0.95);
      covered += low <= truth && truth <= high ? 1 : 0;
    }
    QVERIFY2(covered >= 270 && covered <= 297, QByteArray::number(covered));
  }

  void measuresAreRankedInOrder() {
    auto runs = runsThatFollow("a", 10, 1);
    for (RunResult& run : runs.runs) run.survived = {{1, run.rs}};
    runs.runs[5].reliable[77] = 0.5;  // not of all runs: left out
    const auto ranks = rankMeasures(runs);
    QCOMPARE(ranks.size(), 6U);
    QCOMPARE(ranks[2].measure, "r_rel");
    QCOMPARE(ranks[2].k, 10);
    QCOMPARE(ranks[5].measure, "r_surv");
    QVERIFY(near(ranks[5].rho, ranks[0].rho));
    for (const MeasureRank& rank : ranks) QVERIFY(rank.low <= rank.rho && rank.rho <= rank.high);
    QVERIFY(ranks[2].rho > 0.8 && ranks[2].low > 0.6);
  }

  /// The sums of lives are candidates like the others, each by its own numbers.
  void sumsOfLivesAreMeasuresOfTheirOwn() {
    auto runs = runsThatFollow("a", 10, 1);
    for (size_t i = 0; i < runs.runs.size(); ++i) {
      const auto rank = static_cast<int64_t>(i);
      runs.accuracy[i] = static_cast<double>(i);
      runs.runs[i].lifeSums[30] = {.longest = rank, .total = 1000 - rank};
      runs.runs[i].lifeSums[100] = {.longest = 7, .total = 7};
    }
    std::map<std::pair<std::string, int64_t>, double> rho;
    for (const MeasureRank& rank : rankMeasures(runs)) rho[{rank.measure, rank.k}] = rank.rho;
    QVERIFY(near(rho.at({"longest_life", 30}), 1));
    QVERIFY(near(rho.at({"total_life", 30}), -1));
    QVERIFY(near(rho.at({"longest_life", 100}), 0));
  }

  void aThresholdIsFoundAndConfirmedByOtherPanels() {
    const std::vector<PanelRuns> panels{runsThatFollow("a", 10, 1), runsThatFollow("b", 10, 2)};
    const auto result = judgeReliability(kContrast, panels, 0);
    QCOMPARE(result.panel, "a");
    QCOMPARE(result.verdict, Verdict::Pass);
    QVERIFY(result.low > 0 && result.difference > result.low && result.high > result.difference);
    QVERIFY2(result.sentence.starts_with("Exploration is reliable after about k = 10 [10, 10] steps: R_rel(10) ranks"),
             result.sentence.c_str());
    QVERIFY(result.sentence.find("R_rel(10), the best k elsewhere, gains") != std::string::npos);
  }

  /// Here R_s itself explains best, and the other panel chose a k that means nothing: a gain would be luck.
  void aThresholdOfOthersCanFail() {
    const std::vector<PanelRuns> panels{runsThatFollow("a", 0, 1), runsThatFollow("b", 10, 2)};
    const auto result = judgeReliability(kContrast, panels, 0);
    QCOMPARE(result.verdict, Verdict::Fail);
    QVERIFY(result.sentence.find("k = 0 [0, 0]") != std::string::npos);
  }

  void onePanelCannotConfirmItself() {
    const auto result = judgeReliability(kContrast, {runsThatFollow("a", 10, 1)}, 0);
    QCOMPARE(result.verdict, Verdict::Undecided);
    QVERIFY(result.sentence.find("needs another panel") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(TestReliability)
#include "tst_reliability.moc"
