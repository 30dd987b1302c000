// Runs that were tampered with are found out, and what two runs differ in is named.

#include "engines/sparse/sparse_engine.h"
#include "recorded_run.h"
#include "store/checksums.h"
#include "store/compare.h"
#include "store/files.h"
#include "store/run_writer.h"
#include "store/verify.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace lab;
using namespace lab::test;
namespace fs = std::filesystem;

namespace {

fs::path trained(const fs::path& home, const Config& config) {
  auto writer = RunWriter::create(config, {home, "itoplab run", "1.2.3"});
  if (!writer) qFatal("%s", describe(writer.problems()).c_str());
  EngineRegistry engines;
  engines.add(sparseEngine());
  RunCommands commands;
  trainRun(config, smallData(), engines, *writer.value(), commands);
  return writer.value()->directory();
}

std::string content(const fs::path& file) { return readWhole(file).take(); }

void replaceOnce(const fs::path& file, const std::string& from, const std::string& to) {
  std::string text = content(file);
  const size_t place = text.find(from);
  if (place == std::string::npos) qFatal("%s is not there", from.c_str());
  std::ofstream(file, std::ios::binary) << text.replace(place, from.size(), to);
}

std::string problemsOf(const fs::path& run) {
  const auto result = verifyRun(run);
  return result ? "" : describe(result.problems());
}

}  // namespace

class TestVerify : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  fs::path home_, run_;

 private Q_SLOTS:
  void init() {
    home_ = fs::path(folder_.path().toStdString()) / QTest::currentTestFunction();
    run_ = trained(home_, smallConfig());
  }

  void aSoundRunIsSound() {
    const auto result = verifyRun(run_);
    QVERIFY2(result.ok(), problemsOf(run_).c_str());
    const RunResult recorded = readRun(run_).take().result;
    QCOMPARE(result.value().moments, static_cast<size_t>(recorded.topologyUpdates));
    QCOMPARE(static_cast<double>(result.value().explored) / static_cast<double>(result.value().weights),
             recorded.rs);
    QCOMPARE(result.value().rows, readLayers(run_).value().size());
    QVERIFY(result.value().files >= 8);
    QVERIFY(!fs::exists(run_ / "checkpoints"));
  }

  void mergedHistoriesVerifyToo() {
    Config config = smallConfig();
    config.hidden_widths = "120,80";
    config.update_interval = 1;
    config.mask_history_mib = 0.01;
    const fs::path run = trained(home_, config);
    QVERIFY2(verifyRun(run).ok(), problemsOf(run).c_str());
    QVERIFY(verifyRun(run).value().moments < 62);
  }

  void theSystemsOwnToolAgrees() {
    QProcess tool;
    tool.setWorkingDirectory(QString::fromStdString(run_.string()));
    tool.start("sha256sum", {"--check", "--strict", "SHA256SUMS"});
    QVERIFY(tool.waitForFinished());
    QCOMPARE(tool.exitCode(), 0);
  }

  void changedFilesAreNamed() {
    for (const char* file : {"config.toml", "manifest.json", "metrics.csv", "events.csv", "survival.csv",
                             "log.txt", "weights/final.safetensors"}) {
      const std::string good = content(run_ / file);
      std::string bad = good;
      bad[bad.size() / 2] ^= 1;
      std::ofstream(run_ / file, std::ios::binary) << bad;
      const std::string said = problemsOf(run_);
      QVERIFY2(said.find(file) != std::string::npos, said.c_str());
      std::ofstream(run_ / file, std::ios::binary) << good;
    }
    QVERIFY(verifyRun(run_).ok());
    fs::remove(run_ / "survival.csv");
    QVERIFY(problemsOf(run_).find("survival.csv") != std::string::npos);
  }

  void numbersThatTheMasksDoNotGiveAreNamed() {
    const RunResult result = readRun(run_).take().result;
    const std::string explored = std::to_string(result.layers[1].explored);
    replaceOnce(run_ / "state.json", "\"explored\": " + explored, "\"explored\": " + explored + "0");
    const std::string said = problemsOf(run_);
    QVERIFY2(said.find("layer fc2: explored is recorded as " + explored + "0, but the masks give " + explored) !=
                 std::string::npos,
             said.c_str());
  }

  void rowsThatTheMasksDoNotGiveAreNamed() {
    const auto rows = readLayers(run_).take();
    const std::string active = "," + std::to_string(rows[0].exploration.weights) + ",";
    replaceOnce(run_ / "layers.csv", active + std::to_string(rows[0].exploration.active), active + "7");
    fs::remove(run_ / "SHA256SUMS");
    writeChecksums(run_);
    const std::string said = problemsOf(run_);
    QVERIFY2(said.find("layers.csv, update 0, layer fc1: active is recorded as 7") != std::string::npos,
             said.c_str());
  }

  void anotherHistoryIsFoundOut() {
    Config other = smallConfig();
    other.seed = 2;
    fs::copy_file(trained(home_, other) / "masks" / "history.bin", run_ / "masks" / "history.bin",
                  fs::copy_options::overwrite_existing);
    fs::remove(run_ / "SHA256SUMS");
    writeChecksums(run_);
    QVERIFY(problemsOf(run_).find("but the masks give") != std::string::npos);
  }

  void whatDiffersIsNamed() {
    const auto same = compareRuns(run_, trained(home_, smallConfig())).take();
    QVERIFY(same.parameters.empty());
    QVERIFY(!same.firstRow.has_value());

    Config other = smallConfig();
    other.update_interval = 9;
    const auto different = compareRuns(run_, trained(home_, other)).take();
    QCOMPARE(different.parameters.size(), size_t{1});
    QCOMPARE(different.parameters[0].name, "update_interval");
    QCOMPARE(different.parameters[0].b, "9");
    QCOMPARE(different.firstRow->row, size_t{1});  // update_interval is one of its columns
    QCOMPARE(different.firstRow->columns[0].name, "update_interval");

    Config longer = smallConfig();
    longer.learning_rate_schedule = "constant";
    const auto constant = trained(home_, longer);
    longer.epochs = 5;
    const auto rest = compareRuns(constant, trained(home_, longer)).take();
    QVERIFY(rest.rowsB > rest.rowsA);
    QVERIFY(rest.firstRow.has_value());
  }
};

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
