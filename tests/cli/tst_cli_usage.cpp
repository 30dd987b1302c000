// What the program answers before it trains anything: help, tables, configurations, and everything it refuses.

#include "program.h"

#include <QJsonArray>

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr const char* kFashionMnist = "/usr/share/datasets/fashion-mnist";

}  // namespace

class TestCliUsage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void helpTeachesByExamples_data();
  void helpTeachesByExamples();
  void versionIsPrinted();
  void withoutCommandItShowsHelpAsAUsageError();
  void listsParse_data();
  void listsParse();
  void enginesSayWhyTheyAreNotOffered();
  void enginesSayHowBusyTheirDeviceIs();
  void refusals_data();
  void refusals();
  void everyProblemIsNamedAtOnce();
  void configPrintsWhatItReadsBack();
  void precedenceIsFlagEnvironmentFileDefault();
  void unknownKeyInAFileIsNamedWithItsLikeness();
  void unreadableFileIsAConfigurationProblem();
  void missingDataNamesTheFolder();
  void damagedDataNamesTheFile();
  void datasetsSayWhatIsThere();
  void unwritableHomeIsADiskProblem();
  void fullStandardOutputIsNoticed();
  void noColoursWhereThereIsNoTerminal();

 private:
  Program program_;
};

void TestCliUsage::helpTeachesByExamples_data() {
  QTest::addColumn<QString>("command");
  for (const char* command : {"run", "resume", "sweep", "reproduce", "ls", "show", "compare", "verify", "export",
                              "config", "datasets", "list"})
    QTest::newRow(command) << command;
}

void TestCliUsage::helpTeachesByExamples() {
  QFETCH(QString, command);
  const Outcome outcome = program_.run({command, "--help"});
  QCOMPARE(outcome.code, 0);
  QVERIFY(outcome.out.contains("Examples:\n  itoplab " + command.toUtf8()));
  QVERIFY(program_.run({"--help"}).out.contains("\n  " + command.toUtf8() + " "));
}

void TestCliUsage::versionIsPrinted() {
  const Outcome outcome = program_.run({"--version"});
  QCOMPARE(outcome.code, 0);
  QVERIFY(QRegularExpression("^itoplab \\d+\\.\\d+\\.\\d+\n$").match(outcome.out).hasMatch());
}

void TestCliUsage::withoutCommandItShowsHelpAsAUsageError() {
  const Outcome outcome = program_.run({});
  QCOMPARE(outcome.code, 2);
  QVERIFY(outcome.out.isEmpty());
  QVERIFY(outcome.err.contains("Usage: itoplab"));
}

void TestCliUsage::listsParse_data() {
  QTest::addColumn<QString>("what");
  QTest::addColumn<QStringList>("names");
  QTest::newRow("methods") << "methods" << QStringList{"dense", "static", "set", "explore-first", "rigl"};
  QTest::newRow("models") << "models" << QStringList{"mlp", "lenet-300-100", "lenet-5"};
  QTest::newRow("datasets") << "datasets"
                            << QStringList{"fashion-mnist", "mnist", "cifar10", "cifar100", "imagenet", "image-folder", "synthetic"};
  QTest::newRow("figures") << "figures" << QStringList{"figure3"};
  QTest::newRow("engines") << "engines" << QStringList{"sparse", "masked", "cuda"};
  QTest::newRow("parameters") << "parameters" << QStringList{"update_interval", "sparsity", "seed", "data_root"};
}

void TestCliUsage::listsParse() {
  QFETCH(QString, what);
  QFETCH(QStringList, names);
  const Outcome outcome = program_.run({"list", what, "--json"});
  QCOMPARE(outcome.code, 0);
  const Outcome text = program_.run({"list", what});
  QStringList found;
  for (const QJsonValue& row : outcome.json()[what].toArray()) {
    found.append(row["name"].toString());
    QVERIFY(text.out.contains(found.last().toUtf8()));
  }
  for (const QString& name : names) QVERIFY2(found.contains(name), qPrintable(name));
}

void TestCliUsage::enginesSayWhyTheyAreNotOffered() {
  for (const QJsonValue& engine : program_.run({"list", "engines", "--json"}).json()["engines"].toArray())
    QCOMPARE(engine["offered"].toBool(), engine["why_not"].toString().isEmpty());
  // A place where no plug-in is, so that no machine offers the GPU.
  Program program;
  program.set("ITOPLAB_CUDA_PLUGIN", "/nowhere/itoplab-cuda.so");
  const Outcome config = program.run({"config", "--json"});
  const QJsonValue cuda = config.json()["engines"].toArray().last();
  QCOMPARE(cuda["name"].toString(), "cuda");
  const QString why = cuda["why_not"].toString();
  QVERIFY2(why.contains("no NVIDIA driver found") || why.contains("finds no device") ||
               why.contains("no GPU plug-in found at /nowhere/itoplab-cuda.so"),
           qPrintable(why));
  QVERIFY(program.run({"config", "--show-origin"}).out.contains(why.toUtf8()));
}

void TestCliUsage::enginesSayHowBusyTheirDeviceIs() {
  Program program;
  program.set("LD_LIBRARY_PATH", LAB_BINARY_DIR "/tests/fake");  // a library that stands for the driver's
  const Outcome listed = program.run({"list", "engines", "--json"});
  const QJsonValue cuda = listed.json()["engines"].toArray().last();
  QCOMPARE(cuda["memory_used"].toDouble(), 20.0 * (1 << 30));
  QCOMPARE(cuda["memory_total"].toDouble(), 80.0 * (1 << 30));
  QCOMPARE(cuda["utilisation"].toDouble(), 0.87);
  QVERIFY(listed.json()["engines"].toArray().first()["memory_total"].isNull());
  QVERIFY(program.run({"list", "engines"}).out.contains("20.0 of 80.0 GiB used, 87 % busy"));
  QVERIFY(program.run({"config", "--show-origin"}).out.contains("20.0 of 80.0 GiB used, 87 % busy"));
}

void TestCliUsage::refusals_data() {
  QTest::addColumn<QString>("line");
  QTest::addColumn<int>("code");
  QTest::addColumn<QStringList>("said");
  const auto row = [](const char* line, int code, const QStringList& said) {
    QTest::newRow(line) << line << code << said;
  };
  row("runn", 2, {"'runn'", "did you mean run?"});
  row("run --update-intervall 3", 2, {"--update-intervall", "did you mean --update-interval?"});
  row("run --sparsty=0.9", 2, {"--sparsty", "did you mean --sparsity?"});
  row("ls --jsn", 2, {"--jsn", "did you mean --json?"});
  row("show --jsn", 2, {"--jsn", "did you mean --json?"});
  row("show", 2, {"run is required"});
  row("run extra", 2, {"'extra'"});
  row("run --seed", 2, {"--seed"});
  row("list methodz", 2, {"'methodz'", "did you mean methods?"});
  row("reproduce figur3", 2, {"'figur3'", "did you mean figure3?"});
  row("reproduce figure3 --scale fast", 2, {"'fast'", "quick, standard"});
  row("reproduce figure3 --seeds 0", 2, {"--seeds"});
  row("sweep", 2, {"--axis"});
  row("sweep --axis update_intervl=1,2", 2, {"'update_intervl'", "did you mean update_interval?"});
  row("sweep --axis update_interval", 2, {"'update_interval'", "update_interval=10,100"});
  row("sweep --axis seed=1,2", 2, {"seed", "number of seeds"});
  row("sweep --axis sparsity=0.9,1.5", 3, {"1.5", "0 to below 1"});
  row("sweep --axis method=set,sett", 3, {"sett", "set"});
  row("datasets remov mnist", 2, {"'remov'", "did you mean remove?"});
  row("datasets remove mnst", 2, {"'mnst'", "did you mean mnist?"});
  row("datasets download", 2, {"name what to download", "cifar10"});
  row("datasets verify --mirror http://127.0.0.1", 2, {"--mirror would do nothing"});
  row("datasets download synthetic", 4, {"made, not downloaded"});
  row("run ls", 2, {"'ls'"});
  row("ls --where metod=set", 2, {"metod", "did you mean method?"});
  row("ls --where status=dead", 2, {"dead", "crashed"});
  row("show 2026", 2, {"2026"});
  row("export latest --what rows", 2, {"'rows'", "metrics"});
  row("run --sparsity 1.5", 3, {"'1.5'", "0 to below 1"});
  row("run --epochs ten", 3, {"'ten'", "whole number"});
  row("run --update-interval 0", 3, {"'0'", "whole number from 1"});
  row("run --method sett", 3, {"'sett'", "did you mean set?"});
  row("run --model mlpp", 3, {"'mlpp'", "mlp"});
  row("run --method static --update-interval 10", 3, {"update_interval 10", "static"});
  row("run --hidden-widths 1024,x", 3, {"1024,x"});
  row("run --sparsity 0.999999", 3, {"sparsity"});
}

void TestCliUsage::refusals() {
  QFETCH(QString, line);
  QFETCH(int, code);
  QFETCH(QStringList, said);
  const Outcome outcome = program_.run(line.split(' '));
  QCOMPARE(outcome.code, code);
  QVERIFY(outcome.out.isEmpty());
  QVERIFY2(outcome.err.startsWith("error: "), outcome.err.constData());
  for (const QString& words : said) QVERIFY2(outcome.err.contains(words.toUtf8()), outcome.err.constData());
  QVERIFY2(program_.runs().isEmpty(), "a refused command leaves nothing behind");
}

void TestCliUsage::everyProblemIsNamedAtOnce() {
  const Outcome outcome = program_.run({"run", "--sparsity", "7", "--epochs", "none", "--grow", "wild"});
  QCOMPARE(outcome.code, 3);
  for (const char* value : {"'7'", "'none'", "'wild'"}) QVERIFY2(outcome.err.contains(value), value);
}

void TestCliUsage::configPrintsWhatItReadsBack() {
  const Outcome first = program_.run({"config", "--sparsity", "0.995", "--method", "rigl", "--seed", "7"});
  QCOMPARE(first.code, 0);
  writeFile(program_.path("mine.toml"), first.out);
  const Outcome second = program_.run({"config", "mine.toml"});
  QCOMPARE(second.code, 0);
  QCOMPARE(second.out, first.out);
  QVERIFY(second.out.contains("sparsity = 0.995"));
}

void TestCliUsage::precedenceIsFlagEnvironmentFileDefault() {
  Program program;
  program.set("ITOPLAB_DATA", "/from/environment");
  writeFile(program.path("mine.toml"), "sparsity = 0.9\nseed = 5\ndata_root = \"/from/file\"\n");
  const QJsonObject origins = program.run({"config", "mine.toml", "--sparsity", "0.8", "--json"}).json()["parameters"].toObject();
  QCOMPARE(origins["sparsity"_L1]["value"_L1].toDouble(), 0.8);
  QCOMPARE(origins["sparsity"_L1]["origin"_L1].toString(), "flag");
  QCOMPARE(origins["data_root"_L1]["value"_L1].toString(), "/from/environment");
  QCOMPARE(origins["data_root"_L1]["origin"_L1].toString(), "environment");
  QCOMPARE(origins["seed"_L1]["value"_L1].toInt(), 5);
  QCOMPARE(origins["seed"_L1]["origin"_L1].toString(), "file");
  QCOMPARE(origins["epochs"_L1]["value"_L1].toInt(), 12);
  QCOMPARE(origins["epochs"_L1]["origin"_L1].toString(), "default");
  const Outcome table = program.run({"config", "mine.toml", "--sparsity", "0.8", "--show-origin"});
  QVERIFY(QRegularExpression("\nsparsity +0\\.8 +flag\n").match(table.out).hasMatch());
}

void TestCliUsage::unknownKeyInAFileIsNamedWithItsLikeness() {
  writeFile(program_.path("wrong.toml"), "sparsty = 0.9\n");
  for (const QStringList& line : {QStringList{"config", "wrong.toml"}, {"run", "--config", "wrong.toml"}}) {
    const Outcome outcome = program_.run(line);
    QCOMPARE(outcome.code, 3);
    QVERIFY2(outcome.err.contains("sparsty") && outcome.err.contains("did you mean sparsity?"),
             outcome.err.constData());
  }
}

void TestCliUsage::unreadableFileIsAConfigurationProblem() {
  const Outcome outcome = program_.run({"run", "--config", "/nowhere/mine.toml"});
  QCOMPARE(outcome.code, 3);
  QVERIFY(outcome.err.contains("/nowhere/mine.toml"));
}

void TestCliUsage::missingDataNamesTheFolder() {
  Program program;
  const Outcome byFlag = program.run({"run", "--data-root", "/nowhere/data"});
  QCOMPARE(byFlag.code, 4);
  QVERIFY(byFlag.err.contains("/nowhere/data") && byFlag.err.contains("fashion-mnist"));
  program.set("ITOPLAB_DATA", "/nowhere/else");
  const Outcome byEnvironment = program.run({"run"});
  QCOMPARE(byEnvironment.code, 4);
  QVERIFY(byEnvironment.err.contains("/nowhere/else"));
  QVERIFY(program.runs().isEmpty());
}

void TestCliUsage::damagedDataNamesTheFile() {
  const QString folder = program_.path("data");
  QVERIFY(QDir().mkpath(folder));
  const QString torn = "train-images-idx3-ubyte.gz";
  for (const QString& name : QDir(kFashionMnist).entryList({"*.gz"}))
    if (name != torn) QVERIFY(QFile::link(QString(kFashionMnist) + "/" + name, folder + "/" + name));
  writeFile(folder + "/" + torn, contentOf(QString(kFashionMnist) + "/" + torn).left(100000));
  const Outcome run = program_.run({"run", "--data-root", folder});
  QCOMPARE(run.code, 4);
  QVERIFY2(run.err.contains(torn.toUtf8()), run.err.constData());
  QVERIFY(program_.runs().isEmpty());
  const Outcome verify = program_.run({"datasets", "verify", "--data-root", folder});
  QCOMPARE(verify.code, 4);
  QVERIFY(verify.out.contains("damaged"));
}

void TestCliUsage::datasetsSayWhatIsThere() {
  const auto datasets = program_.run({"datasets", "verify", "--json"}).json()["datasets"].toArray();
  const auto fashion = datasets[0].toObject();
  QCOMPARE(fashion["name"].toString(), "fashion-mnist");
  QCOMPARE(fashion["state"].toString(), "sound");
  QVERIFY(QDir(fashion["folder"].toString()).exists());
  QCOMPARE(fashion["sha256"].toObject().size(), 4);
  const Outcome missing = program_.run({"datasets", "verify", "cifar100"});  // that was named
  QCOMPARE(missing.code, 4);
  QVERIFY(missing.err.contains("the data set cifar100 is not in any of these folders") && missing.err.contains("datasets download cifar100"));
}

void TestCliUsage::unwritableHomeIsADiskProblem() {
  const QString file = program_.path("file");
  writeFile(file, "not a folder");
  const Outcome outcome = program_.run({"run", "--home", file});
  QCOMPARE(outcome.code, 7);
  QVERIFY(outcome.err.contains(file.toUtf8()));
  QCOMPARE(contentOf(file), "not a folder");
  QCOMPARE(program_.run({"sweep", "--axis", "seed_=1", "--out", file}).code, 2);
  QCOMPARE(program_.run({"reproduce", "figure3", "--out", file}).code, 7);
}

void TestCliUsage::fullStandardOutputIsNoticed() {
  QProcess process;
  process.setStandardOutputFile("/dev/full");
  program_.start(process, {"config"});
  const Outcome outcome = Program::finish(process);
  QCOMPARE(outcome.code, 7);
  QVERIFY(outcome.err.contains("No space left"));
}

void TestCliUsage::noColoursWhereThereIsNoTerminal() { QVERIFY(!program_.run({"runn"}).err.contains('\033')); }

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_cli_usage.moc"
