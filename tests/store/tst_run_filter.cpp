// The filter language: what fits, what does not, and what is no filter.

#include "run_fixture.h"
#include "store/run_fields.h"
#include "store/run_filter.h"

#include <rapidcheck.h>
#include <QtTest>

using namespace lab;

namespace {

StoredRun exampleRun() {
  StoredRun run;
  run.id = "20261124-1031-mlp-set-s98-0174";
  run.directory = "/runs/" + run.id;
  run.config.sparsity = 0.98;
  run.config.update_interval = 30;
  run.status = StoredStatus::Done;
  run.started = "2026-11-24T10:31:00.000Z";
  run.result = smallResult();
  run.result.testAccuracy = 0.8712;
  run.result.rs = 0.25;
  run.annotations.tags = {"Good", "paper"};
  run.annotations.note = "the second try";
  return run;
}

bool fits(const std::string& text, const StoredRun& run = exampleRun()) {
  const auto filter = RunFilter::parse(text);
  if (!filter) qFatal("%s", describe(filter.problems()).c_str());
  return filter.value().fits(run);
}

std::string problemOf(const std::string& text) {
  const auto filter = RunFilter::parse(text);
  return filter ? std::string() : describe(filter.problems());
}

}  // namespace

class TestRunFilter : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void terms_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* text, bool expected) { QTest::newRow(text) << QByteArray(text) << expected; };
    row("", true);
    row("   ", true);
    row("fashion", true);
    row("FASHION set done", true);
    row("cifar", false);
    row("0174", true);
    row("second", true);
    row("method:set", true);
    row("method=set", true);
    row("method!=set", false);
    row("method:rigl", false);
    row("method:rigl,set", true);
    row("sparsity>=0.98", true);
    row("sparsity>0.98", false);
    row("sparsity:0.980", true);
    row("sparsity>=98%", true);
    row("sparsity<0.99", true);
    row("update_interval:10,30", true);
    row("update-interval<=29", false);
    row("accuracy>0.87", true);
    row("accuracy>87%", true);
    row("test_accuracy>88%", false);
    row("rs<0.5", true);
    row("r_s>=0.5", false);
    row("status:done", true);
    row("status:done,failed", true);
    row("status:failed", false);
    row("status!=failed", true);
    row("tag:good", true);
    row("tag:goo", false);
    row("-tag:bad", true);
    row("-tag:paper", false);
    row("tag!=bad", true);
    row("note:\"second try\"", true);
    row("\"second try\"", true);
    row("note:third", false);
    row("started>2026-11-23", true);
    row("started<2026-11-24", false);
    row("started:2026-11", true);
    row("run:mlp-set", true);
    row("method:set sparsity>0.5 accuracy>0.9", false);
    row("-method:rigl -status:failed", true);
    row("loss<2", true);
    row("archived:no", true);
    row("archived:yes", false);
  }

  void terms() {
    QFETCH(QByteArray, text);
    QFETCH(bool, expected);
    QCOMPARE(fits(text.toStdString()), expected);
  }

  void errorsNameTheTerm_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("part");
    const auto row = [](const char* text, const char* part) {
      QTest::newRow(text) << QByteArray(text) << QByteArray(part);
    };
    row("method:set sparsty>0.9", "sparsty>0.9");
    row("sparsty>0.9", "did you mean sparsity?");
    row("method:sett", "did you mean set?");
    row("method>set", "no order");
    row("sparsity>much", "\"much\" is no number");
    row("sparsity>", "a value is missing");
    row("sparsity>1,2", "several numbers");
    row("status:finished", "\"finished\" is no status");
    row("archived:maybe", "archived:yes or archived:no");
    row("note:\"open", "not closed");
    row("accuracy:87%%", "is no number");
  }

  void errorsNameTheTerm() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, part);
    const auto problem = QByteArray::fromStdString(problemOf(text.toStdString()));
    QVERIFY2(problem.contains(part), problem);
  }

  void whatIsNotKnownFitsNoComparison() {
    StoredRun run = exampleRun();
    run.status = StoredStatus::Crashed;
    run.result = {};
    QVERIFY(!fits("accuracy>0", run));
    QVERIFY(!fits("accuracy<=1", run));
    QVERIFY(!fits("accuracy!=0.5", run));
    QVERIFY(fits("-accuracy>0", run));
    run.progress = StoredProgress{10, 100, 0.3, 0.6};
    QVERIFY(fits("accuracy>0.5 rs:0.3 steps:10", run));
  }

  void parametersWithoutEffectHaveNoValue() {
    StoredRun run = exampleRun();
    run.config = defaultsFor("dense");
    QVERIFY(!fits("update_interval>0", run));
    QVERIFY(!fits("sparsity>=0", run));
    QVERIFY(fits("method:dense batch_size>0", run));
  }

  void archivedRunsAreLeftOutUnlessAskedFor() {
    StoredRun run = exampleRun();
    run.annotations.archived = true;
    QVERIFY(!fits("", run));
    QVERIFY(!fits("method:set", run));
    QVERIFY(fits("archived:yes", run));
    QVERIFY(fits("-archived:no", run));
    QVERIFY(RunFilter().fits(run, true));
    QVERIFY(!RunFilter().fits(run));
  }

  void everyParameterAndFieldIsAKey() {
    const StoredRun run = exampleRun();
    const auto idle = idleParameters(run.config);
    for (const Parameter& parameter : parameters()) {
      const std::string value = valueText(run.config, parameter);
      if (value.empty() || value.find(',') != value.npos) continue;
      const std::string term = std::string(parameter.key) + ":" + value;
      QVERIFY2(problemOf(term).empty(), problemOf(term).c_str());
      QVERIFY2(fits(term) != idle.contains(std::string(parameter.key)), term.c_str());
    }
    for (const RunField& field : runFields()) {
      const std::string value = fieldText(field, run);
      if (value.empty() || field.key == "tags") continue;
      const std::string term = std::string(field.key) + ":\"" + value + "\"";
      QVERIFY2(fits(term), term.c_str());
    }
  }

  void anyTextIsAFilterOrAProblem() {
    QVERIFY(rc::check("any text", [](const std::string& text) {
      const auto filter = RunFilter::parse(text);
      if (filter)
        filter.value().fits(exampleRun());
      else
        RC_ASSERT(!filter.problems().front().message.empty());
    }));
    QVERIFY(rc::check("a term and its negation", [] {
      const auto keys = std::vector<std::string>{"sparsity", "accuracy", "rs", "seed", "steps"};
      const auto key = *rc::gen::elementOf(keys);
      const auto relation = *rc::gen::element<std::string>("<", "<=", ">", ">=", "=", "!=");
      const auto term = key + relation + std::to_string(*rc::gen::inRange(-3, 4));
      RC_ASSERT(fits(term) != fits("-" + term));
    }));
  }
};

QTEST_GUILESS_MAIN(TestRunFilter)
#include "tst_run_filter.moc"
