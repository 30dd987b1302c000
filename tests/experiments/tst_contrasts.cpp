// Every kind of contrast against numbers computed by hand.

#include "experiments/contrasts.h"

#include <QtTest>

#include <cmath>

using namespace lab;

namespace {

constexpr const char* kPanel = "0.99";

Place at(const std::string& curve, const std::string& series = "set", const std::string& panel = kPanel) {
  return {curve, series, panel};
}

/// Two seeds around a mean, each `spread` away from it: a deviation of spread √2.
Seeds around(double mean, double spread, double rs = 0.1, double flops = 0.1) {
  return {{mean - spread, mean + spread}, {rs, rs}, {}, {flops, flops}};
}

/// Four cells of deviation .01 √2: pooled .01 √2 with 4 degrees of freedom.
struct Made {
  SeedsByPlace runs{{at("3"), around(0.80, 0.01, 0.1, 0.2)},
                    {at("48"), around(0.90, 0.01, 0.5, 0.4)},
                    {at("3", "static"), around(0.79, 0.01, 0.01)},
                    {at("48", "static"), around(0.84, 0.01, 0.01)}};
  PooledDeviation pooled;
  std::map<Place, size_t> wanted;

  Made() {
    for (const auto& [place, seeds] : runs) {
      pooled.add(seeds.accuracy);
      wanted[place] = 2;
    }
  }
  ContrastResult judged(const Contrast& contrast) const { return judge(contrast, kPanel, runs, pooled, wanted); }
};

bool near(double a, double b) { return std::abs(a - b) < 1e-10; }

constexpr double kT4 = 2.7764451051977916;            // t(.975) of 4 degrees of freedom, from its closed form
constexpr double kT4AmongTwo = 3.4954059325164364;    // t(.9875): Bonferroni's level for the better of two
constexpr double kDeviation = 0.01 * 1.4142135623730951;

}  // namespace

class TestContrasts : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void oneAgainstOne() {
    const auto result = Made().judged(
        {.name = "beats", .paper = "claim", .better = {{"48", "set"}}, .worse = {{"48", "static"}}});
    QVERIFY(near(result.difference, 0.06));
    QVERIFY(near(result.low, 0.06 - kT4 * kDeviation));
    QVERIFY(near(result.high, 0.06 + kT4 * kDeviation));
    QCOMPARE(result.verdict, Verdict::Pass);
    QCOMPARE(result.panel, kPanel);
    QVERIFY2(result.sentence.starts_with("set 48: 90.00 %; static 48: 84.00 %; difference +6.00 points, 95 % interval "
                                         "+2.07 to +9.93 (2 and 2 seeds, 4 degrees of freedom)."),
             result.sentence.c_str());
  }

  void theBestOfSeveralIsJudgedAtBonferronisLevel() {
    const auto result = Made().judged({.name = "beats",
                                       .paper = "claim",
                                       .better = {{"3", "set"}, {"48", "set"}},
                                       .worse = {{"3", "static"}, {"48", "static"}}});
    QVERIFY(near(result.difference, 0.06));
    QVERIFY(near(result.low, 0.06 - kT4AmongTwo * kDeviation));
    QVERIFY2(result.sentence.find("best of set 3, set 48 by mean is set 48: 90.00 %") != std::string::npos,
             result.sentence.c_str());
  }

  void gainsAreDifferencesOfDifferences() {
    const auto result = Made().judged({.name = "gains",
                                       .paper = "claim",
                                       .better = {{"48", "set"}, {"3", "set"}},
                                       .worse = {{"48", "static"}, {"3", "static"}},
                                       .expectation = Expectation::Gains});
    QVERIFY(near(result.difference, (0.90 - 0.84) - (0.80 - 0.79)));
    QVERIFY(near(result.high - result.difference, kT4 * kDeviation * std::sqrt(4 / 2.0)));
    QCOMPARE(result.verdict, Verdict::Undecided);
  }

  void noWorseAllowsAMarginButNotMoreFlops() {
    Made made;
    made.runs[{"", kDenseSeries}] = around(0.9005, 0.01, 1, 1.0);
    made.wanted[{"", kDenseSeries}] = 2;
    Contrast contrast{.name = "matches dense",
                      .paper = "claim",
                      .better = {{"48", "set"}},
                      .worse = {{"", kDenseSeries}},
                      .expectation = Expectation::NoWorse,
                      .margin = 0.05};
    auto result = made.judged(contrast);
    QVERIFY(near(result.difference, -0.0005));
    QVERIFY(near(result.low, -0.0005 - kT4 * kDeviation));
    QCOMPARE(result.verdict, Verdict::Pass);
    QVERIFY2(result.sentence.find("dense reference: 90.05 %") != std::string::npos, result.sentence.c_str());
    QVERIFY2(result.sentence.find("training FLOPs 0.4 against 1") != std::string::npos, result.sentence.c_str());
    contrast.margin = 0.01;  // the interval reaches from -4 to +4 points
    QCOMPARE(made.judged(contrast).verdict, Verdict::Undecided);
    contrast.margin = 0.05;
    made.runs[{"", kDenseSeries}].flops = {0.3, 0.3};
    QCOMPARE(made.judged(contrast).verdict, Verdict::Fail);
  }

  /// Cells that do not learn must not blur the others, nor be judged by their deviation.
  void ownDeviationsAreWelchs() {
    Made made;
    made.runs[at("1")] = {{0.1, 0.1, 0.7}, {1, 1, 1}, {}, {}};
    made.wanted[at("1")] = 3;
    const auto result = made.judged({.name = "collapses",
                                     .paper = "claim",
                                     .better = {{"48", "set"}},
                                     .worse = {{"1", "set"}},
                                     .ownDeviations = true});
    // Variances of the means: .0002 / 2 and .12 / 3. Degrees of freedom (a + b)² / (a² / 1 + b² / 2) = 2.0099...
    const double a = 0.0001, b = 0.04, freedom = (a + b) * (a + b) / (a * a + b * b / 2);
    QVERIFY(near(result.difference, 0.6));
    QVERIFY(near(result.high - 0.6, studentQuantile(0.975, freedom) * std::sqrt(a + b)));
    QCOMPARE(result.verdict, Verdict::Undecided);
    made.runs[at("1")] = {{0.1, 0.1, 0.1}, {1, 1, 1}, {}, {}};
    QCOMPARE(made.judged({.name = "collapses",
                          .paper = "claim",
                          .better = {{"48", "set"}},
                          .worse = {{"1", "set"}},
                          .ownDeviations = true})
                 .verdict,
             Verdict::Pass);
  }

  void exploration() {
    const Contrast rises{.name = "rises",
                         .paper = "claim",
                         .better = {{"3", "set"}, {"48", "set"}},
                         .expectation = Expectation::RsRises};
    auto result = Made().judged(rises);
    QVERIFY(near(result.difference, 0.4) && result.verdict == Verdict::Pass);
    Contrast falls = rises;
    std::swap(falls.better[0], falls.better[1]);
    QCOMPARE(Made().judged(falls).verdict, Verdict::Fail);

    Contrast above{.name = "above",
                   .paper = "claim",
                   .better = {{"3", "set"}, {"48", "set"}},
                   .worse = {{"3", "static"}, {"48", "static"}},
                   .expectation = Expectation::RsAbove};
    result = Made().judged(above);
    QVERIFY(near(result.low, 0.09) && near(result.high, 0.49) && near(result.difference, 0.29));
    QCOMPARE(result.verdict, Verdict::Pass);
    above.worse[0] = {"48", "set"};  // higher than the first: one of two is enough to fail
    QCOMPARE(Made().judged(above).verdict, Verdict::Fail);
  }

  void placesOfOtherPanelsAreNamed() {
    Made made;
    made.runs[at("48", "set", "0.9")] = around(0.7, 0.01);
    made.wanted[at("48", "set", "0.9")] = 2;
    const auto result = made.judged(
        {.name = "beats", .paper = "claim", .better = {{"48", "set"}}, .worse = {{"48", "set", "0.9"}}});
    QVERIFY(near(result.difference, 0.2));
    QVERIFY2(result.sentence.find("set 48 at 0.9: 70.00 %") != std::string::npos, result.sentence.c_str());
  }

  void whatIsMissingDecidesNothing() {
    Made made;
    made.runs[at("48")].accuracy.pop_back();
    const Contrast contrast{
        .name = "beats", .paper = "claim", .better = {{"48", "set"}}, .worse = {{"", kDenseSeries}}};
    const auto result = made.judged(contrast);
    QCOMPARE(result.verdict, Verdict::Undecided);
    QCOMPARE(result.sentence, "1 of the 3 runs it needs are there. The dense network is trained on request.");
  }

  void whatAScaleCannotShowStaysOpen() {
    const auto result = Made().judged({.name = "beats",
                                       .paper = "claim",
                                       .better = {{"48", "set"}},
                                       .worse = {{"3", "static"}},
                                       .whyOpen = "Too small a scale."});
    QCOMPARE(result.verdict, Verdict::Undecided);
    QCOMPARE(result.sentence, "Too small a scale.");
  }

  void verdictsComeBackByName() {
    for (const Verdict verdict : {Verdict::Pass, Verdict::Fail, Verdict::Undecided})
      QCOMPARE(findVerdict(name(verdict)), std::optional(verdict));
    QVERIFY(!findVerdict("perhaps"));
  }
};

QTEST_GUILESS_MAIN(TestContrasts)
#include "tst_contrasts.moc"
