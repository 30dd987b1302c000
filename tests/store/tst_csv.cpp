#include "store/csv.h"
#include "store/files.h"
#include "store/paths.h"
#include "store/record_tables.h"
#include "run_error.h"

#include <rapidcheck.h>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>

#include <clocale>
#include <cmath>
#include <fstream>
#include <limits>

using namespace lab;
namespace fs = std::filesystem;

namespace {

/// Texts in which everything that CSV treats specially is frequent.
rc::Gen<std::string> anyText() {
  return rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', '\r', ' ', ';', '\xc3'));
}

rc::Gen<double> anyNumber() {
  return rc::gen::map(rc::gen::arbitrary<uint64_t>(), [](uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return std::isnan(value) ? 0.1 : value;
  });
}

std::string problemOf(const auto& result) { return describe(result.problems()); }

}  // namespace

class TestCsv : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  fs::path file(const char* name) const { return fs::path(folder_.path().toStdString()) / name; }
  void write(const char* name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
  }

 private Q_SLOTS:
  void rowsComeBackExactly() {
    QVERIFY(rc::check([this] {
      const auto events = *rc::gen::container<std::vector<RunEvent>>(rc::gen::build<RunEvent>(
          rc::gen::set(&RunEvent::step), rc::gen::set(&RunEvent::epoch, anyNumber()),
          rc::gen::set(&RunEvent::kind, anyText()), rc::gen::set(&RunEvent::message, anyText())));
      std::string text = headerLine(eventColumns());
      for (const RunEvent& event : events) appendRow(text, eventColumns(), event);
      write("events.csv", text);
      const auto back = readTable(file("events.csv"), eventColumns());
      RC_ASSERT(back.ok());
      RC_ASSERT(back.value().size() == events.size());
      for (size_t i = 0; i < events.size(); ++i) {
        RC_ASSERT(back.value()[i].step == events[i].step);
        RC_ASSERT(back.value()[i].epoch == events[i].epoch);
        RC_ASSERT(back.value()[i].kind == events[i].kind);
        RC_ASSERT(back.value()[i].message == events[i].message);
      }
    }));
  }

  void emptyCellsAreMissingValues() {
    Metrics row;
    row.step = 7;
    row.testAccuracy = 0.1 + 0.2;
    std::string text = headerLine(metricsColumns());
    appendRow(text, metricsColumns(), row);
    QVERIFY(text.find(",0.30000000000000004,") != std::string::npos);
    write("metrics.csv", text);
    const auto back = readTable(file("metrics.csv"), metricsColumns());
    QVERIFY(back.ok());
    QCOMPARE(back.value()[0].testAccuracy, row.testAccuracy);
    QVERIFY(!back.value()[0].trainLoss.has_value());
  }

  void headersNameWhatReadersOfTheFilesExpect() {
    const std::string metrics = headerLine(metricsColumns());
    for (const char* name : {"step", "epoch", "train_loss", "train_accuracy", "validation_accuracy",
                             "test_accuracy", "r_s", "r_rel", "density", "learning_rate", "prune_rate",
                             "update_interval", "batch_size", "train_flops_relative_to_dense", "seconds"})
      QVERIFY2(("," + metrics).find(std::string(",") + name + ",") != std::string::npos, name);
    QVERIFY(
        headerLine(layerColumns())
            .starts_with("update,step,layer,weights,active,grown,dropped,explored,r_s,reliable,target_density"));
  }

  void numbersIgnoreTheLocale() {
    // de_DE may not be installed; then the C++ code under test is the same and the check is void.
    const std::string before = std::setlocale(LC_ALL, nullptr);
    std::setlocale(LC_ALL, "de_DE.UTF-8");
    std::string field;
    appendField(field, 1234.5);
    double value = 0;
    const bool read = readField("1234.5", value);
    std::setlocale(LC_ALL, before.c_str());
    QCOMPARE(field, "1234.5");
    QVERIFY(read);
    QCOMPARE(value, 1234.5);
  }

  void unusualNumbersComeBack() {
    for (const double value : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::denorm_min(), -0.0}) {
      std::string field;
      appendField(field, value);
      double back = 1;
      QVERIFY(readField(field, back));
      QVERIFY(back == value && std::signbit(back) == std::signbit(value));
    }
    std::string field;
    appendField(field, std::nan(""));
    double back = 0;
    QVERIFY(readField(field, back) && std::isnan(back));
  }

  void aTornLastLineIsLeftOut() {
    const auto records = parseCsv("a,b\n1,2\n3,\"4", "x");
    QVERIFY(records.ok());
    QCOMPARE(records.value().size(), 2U);
    QCOMPARE(records.value()[1].fields, (std::vector<std::string>{"1", "2"}));
    QCOMPARE(parseCsv("a,b\n1,2\n3,", "x").value().size(), 2U);
  }

  void carriageReturnsOfOtherSystemsAreRead() {
    QCOMPARE(parseCsv("a,b\r\n1,2\r\n", "x").value()[1].fields, (std::vector<std::string>{"1", "2"}));
  }

  void damageIsNamedWithItsLine_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");
    const QByteArray header = "step,epoch,kind,key,from,to,message\n";
    QTest::newRow("empty") << QByteArray() << QByteArray("the header is missing");
    QTest::newRow("no column") << QByteArray("epoch,kind\n1,2\n") << QByteArray("the column step is missing");
    QTest::newRow("too few") << header + "1,2,a,b,c,d,e\n1,2\n"
                             << QByteArray("line 3: 2 fields where the header has 7");
    QTest::newRow("no number") << header + "one,2,a,b,c,d,e\n" << QByteArray("line 2: one is not a value of step");
    QTest::newRow("half a number") << header + "1,2x,a,b,c,d,e\n"
                                   << QByteArray("line 2: 2x is not a value of epoch");
    QTest::newRow("quote") << header + "1,2,a\"b,b,c,d,e\n"
                           << QByteArray("line 2: a quote in the middle of a field");
    QTest::newRow("after quote") << header + "1,2,\"a\nb\"c,b,c,d,e\n"
                                 << QByteArray("line 3: text after a closing quote");
  }
  void damageIsNamedWithItsLine() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    write("damaged.csv", text.toStdString());
    const auto rows = readTable(file("damaged.csv"), eventColumns());
    QVERIFY(!rows.ok());
    QVERIFY2(problemOf(rows).find(says.toStdString()) != std::string::npos, problemOf(rows).c_str());
  }

  /// A record of before a column was added is a whole record.
  void columnsThatCameLaterAreLeftAsTheyAre() {
    write("older.csv", "step,kind\n7,pause\n");
    const auto rows = readTable(file("older.csv"), eventColumns());
    QVERIFY(rows.ok());
    QCOMPARE(rows.value().size(), size_t(1));
    QCOMPARE(rows.value()[0].step, int64_t(7));
    QCOMPARE(rows.value()[0].kind, "pause");
    QCOMPARE(rows.value()[0].message, "");
  }

  void aMissingFileIsAProblem() {
    QVERIFY(problemOf(readWhole(file("none"))).find("No such file") != std::string::npos);
    QVERIFY(problemOf(readWhole(folder_.path().toStdString())).find("directory") != std::string::npos);
  }

  void wholeFilesReplaceAtOnceAndLeaveNothingBeside() {
    writeWhole(file("whole"), "old");
    writeWhole(file("whole"), "new");
    QCOMPARE(readWhole(file("whole")).value(), "new");
    QVERIFY_THROWS_EXCEPTION(RunError, writeWhole(file("none") / "file", "x"));
    for (const auto& entry : fs::directory_iterator(folder_.path().toStdString()))
      QVERIFY(entry.path().extension() != ".part");
  }

  void aFullDeviceIsADiskError() {
    try {
      Descriptor("/dev/full", O_WRONLY).write("x");
      QFAIL("nothing thrown");
    } catch (const RunError& error) {
      QCOMPARE(error.code(), ExitCode::Disk);
      QVERIFY(std::string(error.what()).find("/dev/full") != std::string::npos);
      QVERIFY(std::string(error.what()).find("No space left") != std::string::npos);
    }
  }

  void aGrowingFileRefusesToReplaceAnother() {
    write("grown.csv", "precious");
    QVERIFY_THROWS_EXCEPTION(RunError, GrowingFile(file("grown.csv"), "header\n"));
    QCOMPARE(readWhole(file("grown.csv")).value(), "precious");
  }

  void theHomeFollowsTheEnvironment() {
    const auto set = [](const char* name, const char* value) {
      value != nullptr ? setenv(name, value, 1) : unsetenv(name);
    };
    set("ITOPLAB_HOME", nullptr);
    set("XDG_DATA_HOME", nullptr);
    set("HOME", "/home/someone");
    QCOMPARE(labHome(), fs::path("/home/someone/.local/share/itoplab"));
    set("XDG_DATA_HOME", "relative");  // to be ignored, says the specification
    QCOMPARE(labHome(), fs::path("/home/someone/.local/share/itoplab"));
    set("XDG_DATA_HOME", "/data");
    QCOMPARE(labHome(), fs::path("/data/itoplab"));
    set("ITOPLAB_HOME", "/mine");
    QCOMPARE(labHome(), fs::path("/mine"));
    QCOMPARE(runsFolder("/mine"), fs::path("/mine/runs"));
  }

  void aFolderThatCannotBeWrittenIsNamed() {
    write("file", "");
    QVERIFY(makeWritableFolder(file("new") / "deep").empty());
    QVERIFY(fs::is_directory(file("new") / "deep"));
    const auto onFile = makeWritableFolder(file("file") / "below");
    QCOMPARE(onFile.size(), 1U);
    QVERIFY(onFile[0].message.find("Not a directory") != std::string::npos);
    QVERIFY(!makeWritableFolder(file("file")).empty());
    QVERIFY(!makeWritableFolder("/proc/itoplab").empty());
  }
};

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"
