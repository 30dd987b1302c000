// The real program trains on the real Fashion-MNIST, and its records are read back through it.

#include "program.h"

#include <QJsonArray>

#include <cmath>
#include <csignal>

using namespace Qt::Literals::StringLiterals;

class TestCliRun : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void learns();
  void explorationFollowsTheClosedForm();
  void countsAreExact();
  void theSameCommandGivesTheSameNumbers();
  void othersLearnWhereTheRecordIs();
  void lsFindsIt();
  void showTellsTheSame();
  void exportsTables();
  void exportsMasks();
  void unrecordedRunLeavesNothing();
  void divergedRunKeepsItsRows();
  void interruptedRunKeepsItsRows_data();
  void interruptedRunKeepsItsRows();
  void sweepRunsTheGridOnceAndReusesIt();

 private:
  static constexpr int kInterval = 50, kStepsPerEpoch = 430;  // ⌈55,000 / 128⌉
  const QStringList command_ = {"run", "--sparsity",       "0.98",     "--epochs",     "2",   "--update-interval",
                                "50",  "--prune-schedule", "constant", "--prune-rate", "0.5", "--json"};
  Program program_;
  QJsonObject run_;
};

void TestCliRun::initTestCase() {
  const Outcome outcome = program_.run(command_);
  QVERIFY2(outcome.code == 0, outcome.err.constData());
  run_ = outcome.json();
  QCOMPARE(program_.runs().size(), 1);
  QCOMPARE(run_["run"].toString(), program_.home() + "/runs/" + program_.runs().first());
}

void TestCliRun::learns() {
  QCOMPARE(run_["status"].toString(), "done");
  QVERIFY(run_["test_accuracy"].toDouble() > 0.8);
  QVERIFY(run_["test_accuracy"].toDouble() < 0.95);
  QVERIFY(run_["best_validation_accuracy"].toDouble() > 0.8);
  QVERIFY(run_["final_train_loss"].toDouble() > 0 && run_["final_train_loss"].toDouble() < 1);
}

void TestCliRun::explorationFollowsTheClosedForm() {
  // Every update drops k = ⌈ζ n⌉ of n and grows k at random among the N - n + k positions that are then empty, so
  // a position never tried stays untried with probability 1 - k / (N - n + k).
  double explored = 0, weights = 0;
  const int updates = (2 * kStepsPerEpoch - 1) / kInterval;  // none at the last step
  QCOMPARE(run_["topology_updates"].toInt(), updates);
  for (const QJsonValue& layer : run_["layers"].toArray()) {
    const double all = layer["weights"].toDouble(), active = layer["active"].toDouble();
    const double k = std::ceil(0.5 * active);
    const double untried = (all - active) * std::pow(1 - k / (all - active + k), updates);
    const double expected = 1 - untried / all;
    const double spread = std::sqrt(expected * (1 - expected) / all);
    QVERIFY(std::abs(layer["r_s"].toDouble() - expected) < 6 * spread);
    explored += all - untried;
    weights += all;
  }
  QVERIFY(std::abs(run_["r_s"].toDouble() - explored / weights) < 1e-3);
}

void TestCliRun::countsAreExact() {
  constexpr int kWeights = 784 * 1024 + 1024 * 512 + 512 * 10;
  QCOMPARE(run_["maskable_weights"].toInt(), kWeights);
  QCOMPARE(run_["active_weights"].toInt(), static_cast<int>(std::lround(0.02 * kWeights)));
  QCOMPARE(run_["steps"].toInt(), 2 * kStepsPerEpoch);
  QCOMPARE(run_["r_rel"]["0"_L1].toDouble(), run_["r_s"].toDouble());
  QVERIFY(run_["train_flops_relative_to_dense"].toDouble() < 0.05);
  for (const char* field : {"engine", "r_s_excluding_dense", "density", "train_seconds", "seconds"})
    QVERIFY2(run_.contains(field), field);
}

void TestCliRun::theSameCommandGivesTheSameNumbers() {
  QJsonObject again = program_.run(command_ + QStringList{"--no-record"}).json();
  QJsonObject first = run_;
  for (const char* field : {"run", "train_seconds", "seconds"}) {
    again.remove(field);
    first.remove(field);
  }
  QCOMPARE(again, first);
}

void TestCliRun::othersLearnWhereTheRecordIs() {
  const QString file = program_.path("begun");
  const Outcome outcome = program_.run({"run", "--dataset", "synthetic", "--hidden-widths", "16", "--epochs", "1", "--begun",
                                        file, "--home", program_.path("other home"), "--json"});
  QCOMPARE(QString::fromUtf8(contentOf(file)).trimmed(), outcome.json()["run"].toString());
  QVERIFY(!outcome.json()["run"].toString().isEmpty());
  QCOMPARE(program_.run({"run", "--begun", file, "--no-record"}).code, 2);
}

void TestCliRun::lsFindsIt() {
  const auto runs = [this](const QString& where) {
    return program_.run({"ls", "--json", "--where", where}).json()["runs"].toArray();
  };
  QCOMPARE(runs("sparsity=0.980").size(), 1);
  QCOMPARE(runs("sparsity=0.98")[0]["r_s"_L1], run_["r_s"]);
  QCOMPARE(runs("status=done").size(), 1);
  QVERIFY(runs("sparsity=0.9").isEmpty());
  QVERIFY(runs("status=failed").isEmpty());
  const auto filtered = [this](const QString& filter) {
    return program_.run({"ls", "--json", "--filter", filter}).json()["runs"].toArray().size();
  };
  QCOMPARE(filtered("sparsity>=98% accuracy>0 -tag:bad status:done"), 1);
  QCOMPARE(filtered("accuracy>101%"), 0);
  const Outcome wrong = program_.run({"ls", "--filter", "sparsty>0.5"});
  QCOMPARE(wrong.code, 2);
  QVERIFY2(wrong.err.contains("did you mean sparsity?"), wrong.err.constData());
  const Outcome text = program_.run({"ls"});
  QVERIFY(text.out.contains(program_.runs().first().toUtf8()));
}

void TestCliRun::showTellsTheSame() {
  const QString id = program_.runs().first();
  for (const QString& called : {QString("latest"), id, id.left(16), run_["run"].toString()}) {
    const QJsonObject shown = program_.run({"show", called, "--json"}).json();
    for (const char* field : {"run", "status", "test_accuracy", "r_s", "r_rel", "layers", "steps"})
      QCOMPARE(shown[field], run_[field]);
    QCOMPARE(shown["config"]["update_interval"_L1].toInt(), kInterval);
  }
  QVERIFY(program_.run({"show", "latest"}).out.contains("--update-interval 50"));
}

void TestCliRun::exportsTables() {
  const QString file = program_.path("metrics.csv");
  QCOMPARE(program_.run({"export", "latest", "--out", file}).code, 0);
  QCOMPARE(contentOf(file), contentOf(run_["run"].toString() + "/metrics.csv"));
  const auto rows = rowsOf(contentOf(file));
  const auto rs = rows.first().indexOf("r_s"), step = rows.first().indexOf("step");
  QCOMPARE(rows.last()[step].toInt(), 2 * kStepsPerEpoch);
  QCOMPARE(rows.last()[rs].toDouble(), run_["r_s"].toDouble());
  const auto layers = rowsOf(program_.run({"export", "latest", "--what", "layers"}).out);
  QCOMPARE(layers.last()[layers.first().indexOf("update")].toInt(), run_["topology_updates"].toInt());
}

void TestCliRun::exportsMasks() {
  const int active = run_["active_weights"].toInt();
  const auto masks = [this](const QStringList& at) {
    return program_.run(QStringList{"export", "latest", "--what", "masks"} + at).out;
  };
  const QByteArray first = masks({"--update", "0"}), last = masks({});
  QCOMPARE(first.count('\n'), active + 1);
  QCOMPARE(last.count('\n'), active + 1);
  QVERIFY(last.contains(QByteArray("\n") + QByteArray::number(run_["topology_updates"].toInt()) + ","));
  const QByteArrayList row = rowsOf(last)[1000];  // update, step, layer, position, row, column
  QCOMPARE(row[3].toInt(), row[4].toInt() * 784 + row[5].toInt());
  QCOMPARE(program_.run({"export", "latest", "--what", "metrics", "--update", "1"}).code, 2);
}

void TestCliRun::unrecordedRunLeavesNothing() {
  const Outcome outcome =
      program_.run({"run", "--model", "lenet-300-100", "--epochs", "1", "--no-record", "--json"});
  QCOMPARE(outcome.code, 0);
  QVERIFY(outcome.json()["run"].isNull());
  QCOMPARE(program_.runs().size(), 1);
}

void TestCliRun::divergedRunKeepsItsRows() {
  Program program;
  const Outcome outcome =
      program.run({"run", "--learning-rate", "1e6", "--report-every", "1", "--epochs", "1", "--json"});
  QCOMPARE(outcome.code, 5);
  const QJsonObject run = outcome.json();
  QCOMPARE(run["status"].toString(), "failed");
  QVERIFY(outcome.err.contains("learning_rate"));
  const auto rows = rowsOf(contentOf(run["run"].toString() + "/metrics.csv"));
  QVERIFY(rows.size() > 2);
  QCOMPARE(program.run({"ls", "--where", "status=failed", "--json"}).json()["runs"].toArray().size(), 1);
}

void TestCliRun::interruptedRunKeepsItsRows_data() {
  QTest::addColumn<int>("signal");
  QTest::addColumn<int>("code");
  QTest::newRow("Ctrl+C") << SIGINT << 130;
  QTest::newRow("terminated") << SIGTERM << 75;
}

void TestCliRun::interruptedRunKeepsItsRows() {
  QFETCH(int, signal);
  QFETCH(int, code);
  Program program;
  program.set("ITOPLAB_LOG", "verbose");
  QProcess process;
  program.start(process, {"run", "--sparsity", "0.99", "--epochs", "100000", "--json"});
  process.setReadChannel(QProcess::StandardError);
  QByteArray said;
  while (!said.contains("epoch 1:") && process.waitForReadyRead(60000)) said += process.readAllStandardError();
  QVERIFY2(said.contains("epoch 1:"), said.constData());
  QVERIFY(process.processId() > 0);
  QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
  const Outcome outcome = Program::finish(process);
  QCOMPARE(outcome.code, code);
  const QJsonObject run = outcome.json();
  QCOMPARE(run["status"].toString(), "stopped");
  const auto rows = rowsOf(contentOf(run["run"].toString() + "/metrics.csv"));
  QVERIFY(rows.last()[0].toInt() >= kStepsPerEpoch);
  QCOMPARE(program.run({"ls", "--where", "status=stopped", "--json"}).json()["runs"].toArray().size(), 1);
}

void TestCliRun::sweepRunsTheGridOnceAndReusesIt() {
  Program program;
  const QStringList line = {"sweep",
                            "--axis",
                            "update_interval=20,200",
                            "--axis",
                            "sparsity=0.98,0.99",
                            "--seeds",
                            "2",
                            "--model",
                            "lenet-300-100",
                            "--epochs",
                            "1",
                            "--out",
                            program.path("grid"),
                            "--json"};
  const QJsonObject first = program.run(line).json(), second = program.run(line).json();
  QCOMPARE(first["runs"].toArray().size(), 8);
  QCOMPARE(first["reused"].toInt(), 0);
  QCOMPARE(second["reused"].toInt(), 8);
  QCOMPARE(program.runs().size(), 8);
  for (int i = 0; i < 8; ++i) QCOMPARE(first["runs"][i]["r_s"_L1], second["runs"][i]["r_s"_L1]);

  const auto rows = rowsOf(contentOf(program.path("grid/sweep.csv")));
  QCOMPARE(rows.size(), 9);
  QCOMPARE(rows[0].first(3), (QByteArrayList{"update_interval", "sparsity", "seed"}));
  const auto summary = rowsOf(contentOf(program.path("grid/sweep.summary.csv")));
  QCOMPARE(summary.size(), 5);
  const auto n = summary[0].indexOf("n"), rs = summary[0].indexOf("r_s_mean");
  const auto own = rows[0].indexOf("r_s");
  QCOMPARE(summary[1][n].toInt(), 2);
  QVERIFY(std::abs(summary[1][rs].toDouble() - (rows[1][own].toDouble() + rows[2][own].toDouble()) / 2) < 1e-12);
  QVERIFY2(summary[1][rs].toDouble() > summary[3][rs].toDouble(), "a shorter interval explores more");
}

QTEST_GUILESS_MAIN(TestCliRun)
#include "tst_cli_run.moc"
