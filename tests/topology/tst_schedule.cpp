#include "topology/schedule.h"
#include "training/learning_rate.h"

#include <QtTest>

#include <cmath>

using namespace lab;

class TestSchedule : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void pruneRatesByHand();
  void pruneRatesStayBetweenTheirEnds();
  void learningRatesByHand();
  void milestonesAreFractionsOrEpochs();
  void warmupRisesToTheRate();
};

void TestSchedule::pruneRatesByHand() {
  const auto rate = [](const char* name, double progress) {
    return findPruneSchedule(name)->rate(0.5, 0.005, progress);
  };
  QCOMPARE(rate("constant", 0.9), 0.5);
  QCOMPARE(rate("cosine", 0.0), 0.5);
  QCOMPARE(rate("cosine", 0.5), 0.2525);
  QCOMPARE(rate("cosine", 1.0), 0.005);
  QCOMPARE(rate("linear", 0.5), 0.2525);
  QCOMPARE(rate("power", 0.5), 0.005 + 0.495 / 8);
  QVERIFY(findPruneSchedule("cosin") == nullptr);
}

void TestSchedule::pruneRatesStayBetweenTheirEnds() {
  for (const PruneSchedule& schedule : pruneSchedules()) {
    double before = 0.5;
    for (int i = 0; i <= 100; ++i) {
      const double rate = schedule.rate(0.5, 0.005, i / 100.0);
      QVERIFY(rate <= before + 1e-15 && rate >= 0.005 - 1e-15);
      before = rate;
    }
  }
}

void TestSchedule::learningRatesByHand() {
  Config config;
  config.epochs = 11;
  const auto factor = [&](const char* name, double epoch) {
    config.learning_rate_schedule = name;
    return learningRateFactor(config, epoch, 100);
  };
  QCOMPARE(factor("step", 4.999), 1.0);  // ⌊11/2⌋ = 5, ⌊33/4⌋ = 8
  QVERIFY(std::abs(factor("step", 5) - 0.1) < 1e-15);
  QVERIFY(std::abs(factor("step", 7.99) - 0.1) < 1e-15);
  QVERIFY(std::abs(factor("step", 8) - 0.01) < 1e-15);
  QVERIFY(std::abs(factor("cosine", 5.5) - 0.5) < 1e-15);
  QCOMPARE(factor("constant", 10), 1.0);
}

void TestSchedule::milestonesAreFractionsOrEpochs() {
  Config config;
  config.epochs = 100;
  const auto milestones = [&](const char* text) {
    config.learning_rate_milestones = text;
    return learningRateMilestones(config);
  };
  QCOMPARE(milestones("30,60,90").value(), (std::vector<double>{30, 60, 90}));
  QCOMPARE(milestones("0.29,0.5").value(), (std::vector<double>{29, 50}));
  for (const char* bad : {"", ",", "30,", "0", "-1", "1.5", "100", "nan", "inf", "30;60", "30, 60"})
    QVERIFY2(!milestones(bad).ok(), bad);
  config.time_multiplier = 2;
  QCOMPARE(milestones("30,60,90").value(), (std::vector<double>{60, 120, 180}));
  QCOMPARE(milestones("0.5,0.75").value(), (std::vector<double>{100, 150}));
  config.learning_rate_milestones = "30,60,90";
  config.learning_rate_decay = 0.2;
  QCOMPARE(learningRateFactor(config, 59, 100), 1.0);
  QVERIFY(std::abs(learningRateFactor(config, 120, 100) - 0.04) < 1e-15);
}

void TestSchedule::warmupRisesToTheRate() {
  Config config;
  config.epochs = 100;
  config.warmup_epochs = 5;
  config.learning_rate_schedule = "constant";
  constexpr int64_t kSteps = 40;  // an epoch; 200 in the warm-up
  for (int64_t step = 0; step < 300; ++step) {
    const double expected = std::min(1.0, static_cast<double>(step + 1) / 200);
    QVERIFY(std::abs(learningRateFactor(config, static_cast<double>(step) / kSteps, kSteps) - expected) < 1e-12);
  }
  config.learning_rate_schedule = "cosine";
  QVERIFY(std::abs(learningRateFactor(config, 2, kSteps) / (0.5 * (1 + std::cos(3.14159265358979 * 0.02))) -
                   0.405) < 1e-12);
}

QTEST_APPLESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
