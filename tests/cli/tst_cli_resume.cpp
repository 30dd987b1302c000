// The real program is killed at moments nobody chose and goes on: the run ends as the run in one piece, bit for
// bit. LAB_KILLS=100 kills as often; 3 otherwise. Hundreds take longer than Qt Test's five minutes a function, so:
// QTEST_FUNCTION_TIMEOUT=86400000 LAB_KILLS=100 build/release/tests/tst_cli_resume

#include "program.h"

#include <QJsonArray>
#include <QRandomGenerator>

#include <csignal>

using namespace Qt::Literals::StringLiterals;

class TestCliResume : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void killedRunsEndTheSame_data();
  void killedRunsEndTheSame();
  void signalsLeaveACheckpoint_data();
  void signalsLeaveACheckpoint();
  void sweepsGoOn();
  void whatCannotGoOnSaysWhy();

 private:
  static int kills() {
    const int asked = qEnvironmentVariableIntValue("LAB_KILLS");
    return asked > 0 ? asked : 3;
  }
  static void sendSignal(const QProcess& process, int signal) {
    QVERIFY2(process.processId() > 0, "the program has ended by itself");  // 0 would be this test and all its kin
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
  }
  /// Waits until the program has said this on standard error.
  static void awaitWords(QProcess& process, const QByteArray& words) {
    process.setReadChannel(QProcess::StandardError);
    QByteArray said;
    while (!said.contains(words) && process.waitForReadyRead(60000)) said += process.readAllStandardError();
    QVERIFY2(said.contains(words), said.constData());
  }
};

namespace {

/// The rows of metrics.csv without the columns of clocks.
QList<QByteArrayList> rowsWithoutClocks(const QString& run) {
  auto rows = rowsOf(contentOf(run + "/metrics.csv"));
  const QByteArrayList header = rows.value(0);
  for (const char* clock : {"train_seconds", "seconds"})
    for (QByteArrayList& row : rows) row[header.indexOf(clock)] = "";
  return rows;
}

/// All that a run leaves behind and that has to be the same.
void compareRuns(const QString& a, const QString& b) {
  QCOMPARE(rowsWithoutClocks(a), rowsWithoutClocks(b));
  for (const char* file : {"layers.csv", "survival.csv", "masks/history.bin", "weights/final.safetensors"}) {
    const QByteArray content = contentOf(a + "/" + file);
    QVERIFY2(!content.isEmpty() && content == contentOf(b + "/" + file), file);
  }
}

}  // namespace

void TestCliResume::killedRunsEndTheSame_data() {
  QTest::addColumn<QStringList>("arguments");
  const QStringList shared = {"run", "--epochs",           "2",    "--report-every",
                              "10",  "--checkpoint-every", "0.05", "--json"};
  QTest::newRow("sparse") << shared + QStringList{"--sparsity",         "0.95", "--update-interval", "3",
                                                  "--mask-history-mib", "0.1"};
  if (!Program().run({"list", "engines"}).out.contains("built without it"))
    QTest::newRow("masked") << shared + QStringList{"--engine",     "masked", "--model",           "lenet-300-100",
                                                    "--method",     "rigl",   "--update-interval", "20",
                                                    "--batch-size", "512"};
}

void TestCliResume::killedRunsEndTheSame() {
  QFETCH(QStringList, arguments);
  Program program;
  QElapsedTimer clock;
  clock.start();
  const QJsonObject whole = program.run(arguments).json();
  const auto length = static_cast<int>(clock.elapsed());
  QCOMPARE(whole["status"].toString(), "done");

  for (int k = 0; k < kills(); ++k) {
    Program other;
    QProcess process;
    other.start(process, arguments);
    // Somewhere between the start of the program and its end, most likely while it trains.
    static_cast<void>(process.waitForFinished(QRandomGenerator::global()->bounded(length / 10, length)));
    process.kill();
    static_cast<void>(Program::finish(process));
    if (other.runs().isEmpty() || other.runs().first().startsWith('.')) continue;  // killed before it began
    const QString run = other.home() + "/runs/" + other.runs().first();
    if (other.run({"ls", "--where", "status=done", "--json"}).json()["runs"].toArray().isEmpty()) {
      QCOMPARE(other.run({"ls", "--where", "status=crashed", "--json"}).json()["runs"].toArray().size(), 1);
      const Outcome outcome = other.run({"resume", "latest", "--json"});
      QVERIFY2(outcome.code == 0, outcome.err.constData());
      QJsonObject resumed = outcome.json(), expected = whole;
      for (const char* field : {"run", "train_seconds", "seconds"}) resumed.remove(field), expected.remove(field);
      QCOMPARE(resumed, expected);
    }
    compareRuns(run, whole["run"].toString());
    const Outcome sound = other.run({"verify", "latest"});
    QVERIFY2(sound.code == 0, sound.err.constData());
  }
}

void TestCliResume::signalsLeaveACheckpoint_data() {
  QTest::addColumn<int>("signal");
  QTest::addColumn<int>("code");
  QTest::newRow("Ctrl+C") << SIGINT << 130;
  QTest::newRow("terminated") << SIGTERM << 75;
  QTest::newRow("time is nearly up") << SIGUSR1 << 75;
}

void TestCliResume::signalsLeaveACheckpoint() {
  QFETCH(int, signal);
  QFETCH(int, code);
  const QStringList arguments = {"run", "--sparsity", "0.99", "--epochs", "40", "--report-every", "40", "--json"};
  Program program;
  program.set("ITOPLAB_LOG", "verbose");
  QProcess process;
  program.start(process, arguments);
  awaitWords(process, "epoch 1:");
  sendSignal(process, signal);
  const Outcome outcome = Program::finish(process);
  QCOMPARE(outcome.code, code);
  const QJsonObject stopped = outcome.json();
  QCOMPARE(stopped["status"].toString(), "stopped");
  const int steps = stopped["steps"].toInt();
  QVERIFY(steps >= 430 && steps < 40 * 430);

  const Outcome resumed = program.run({"resume", program.runs().first(), "--json"});
  QVERIFY2(resumed.code == 0, resumed.err.constData());
  QVERIFY(resumed.err.contains("resumed from the checkpoint at step " + QByteArray::number(steps)));
  const QJsonObject whole = program.run(arguments).json();
  QCOMPARE(resumed.json()["test_accuracy"], whole["test_accuracy"]);
  compareRuns(resumed.json()["run"].toString(), whole["run"].toString());

  const QJsonObject compared =
      program.run({"compare", resumed.json()["run"].toString(), whole["run"].toString(), "--json"}).json();
  QVERIFY(compared["metrics_equal"].toBool());
  QVERIFY(compared["parameters"].toObject().isEmpty());
}

void TestCliResume::sweepsGoOn() {
  const QStringList arguments = {
      "sweep", "--axis", "update_interval=20,200", "--epochs", "30", "--jobs", "1", "--sparsity", "0.99", "--json"};
  Program program;
  QProcess process;
  program.start(process, arguments);
  awaitWords(process, "steps/s");
  sendSignal(process, SIGTERM);
  QCOMPARE(Program::finish(process).code, 75);
  QVERIFY(program.runs().size() >= 1);
  const QStringList before = program.runs();
  const QJsonObject rest = program.run(arguments).json();
  QCOMPARE(rest["runs"].toArray().size(), 2);
  QCOMPARE(program.runs().size(), 2);  // the interrupted one went on in its place
  QVERIFY(program.runs().contains(before.first()));
  Program other;
  const QJsonObject whole = other.run(arguments).json();
  for (int i = 0; i < 2; ++i) {
    const QString status = rest["runs"][i]["status"_L1].toString();
    QVERIFY(status == "done" || status == "reused");
    QCOMPARE(rest["runs"][i]["test_accuracy"_L1], whole["runs"][i]["test_accuracy"_L1]);
    QCOMPARE(rest["runs"][i]["r_s"_L1], whole["runs"][i]["r_s"_L1]);
  }
}

void TestCliResume::whatCannotGoOnSaysWhy() {
  Program program;
  QCOMPARE(program.run({"run", "--model", "lenet-300-100", "--epochs", "1"}).code, 0);
  const Outcome done = program.run({"resume", "latest"});
  QCOMPARE(done.code, 2);
  QVERIFY2(done.err.contains("it is done"), done.err.constData());
  QCOMPARE(program.run({"resume", "nothing"}).code, 2);

  QCOMPARE(program.run({"run", "--learning-rate", "1e6", "--epochs", "1", "-q"}).code, 5);
  const Outcome diverged = program.run({"resume", "latest"});
  QCOMPARE(diverged.code, 2);
  QVERIFY2(diverged.err.contains("learning_rate"), diverged.err.constData());

  QProcess process;
  program.set("ITOPLAB_LOG", "verbose");
  program.start(process, {"run", "--sparsity", "0.99", "--epochs", "1000"});
  awaitWords(process, "epoch 1:");
  QCOMPARE(program.run({"resume", "latest"}).code, 8);
  process.kill();
  static_cast<void>(Program::finish(process));
}

QTEST_GUILESS_MAIN(TestCliResume)
#include "tst_cli_resume.moc"
