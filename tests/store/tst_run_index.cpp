// Lists that are kept up to date, what people say about runs, progress, and many runs out of the store at once.

#include "run_fixture.h"
#include "store/annotations.h"
#include "store/checksums.h"
#include "store/csv.h"
#include "store/paths.h"
#include "store/run_export.h"
#include "store/run_fields.h"
#include "store/run_index.h"
#include "store/run_writer.h"
#include "run_error.h"

#include <QtTest>

#include <fstream>

using namespace lab;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<RunWriter> beginRun(const fs::path& home, const Config& config = smallConfig()) {
  auto writer = RunWriter::create(config, {home, "itoplab run --x", "1.2.3"});
  if (!writer) qFatal("%s", describe(writer.problems()).c_str());
  writer.value()->onStart(smallStart(config));
  writer.value()->onMetrics(smallRow(0));
  return writer.take();
}

fs::path recordRun(const fs::path& home, const Config& config = smallConfig()) {
  const auto writer = beginRun(home, config);
  writer->onMetrics(smallRow(10));
  writer->onEnd(smallResult());
  return writer->directory();
}

}  // namespace

class TestRunIndex : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void annotationsComeBack() {
    const QTemporaryDir folder;
    const auto run = recordRun(pathOf(folder));
    QCOMPARE(readAnnotations(run).value(), Annotations{});
    const Annotations said{{"good", "paper"}, "\"two\"\nlines, ζ", true};
    writeAnnotations(run, said);
    QCOMPARE(readAnnotations(run).value(), said);
    QCOMPARE(readRun(run).value().annotations, said);
    writeAnnotations(run, {});
    QVERIFY(!fs::exists(run / kAnnotationsFile));
    writeAnnotations(run, {});
  }

  void theRecordDoesNotKnowOfAnnotations() {
    const QTemporaryDir folder;
    const auto writer = beginRun(pathOf(folder));
    writeAnnotations(writer->directory(), {{"early"}, "", false});
    writer->onEnd(smallResult());
    writeAnnotations(writer->directory(), {{"late"}, "", false});
    const auto files = checkChecksums(writer->directory());
    QVERIFY2(files.ok(), files ? "" : describe(files.problems()).c_str());
  }

  void damagedAnnotationsAreSaidAndTheRunIsThere() {
    const QTemporaryDir folder;
    const auto run = recordRun(pathOf(folder));
    std::ofstream(run / kAnnotationsFile) << "{\"tags\": 7}";
    QVERIFY(!readAnnotations(run).ok());
    Problems damaged;
    QCOMPARE(listRuns(pathOf(folder), &damaged).size(), size_t{1});
    QCOMPARE(damaged.size(), size_t{1});
    QVERIFY(damaged.front().message.find(kAnnotationsFile) != std::string::npos);
    writeAnnotations(run, {{"again"}, "", false});
    QVERIFY(readAnnotations(run).ok());
  }

  void unwritableAnnotationsAreAnError() {
    QVERIFY_EXCEPTION_THROWN(writeAnnotations("/nowhere/at/all", {{"x"}, "", false}), RunError);
  }

  void tagsAreWords() {
    for (const char* tag : {"good", "χ²", "run-1", "a:b"}) QVERIFY2(whyNoTag(tag).empty(), tag);
    for (const char* text : {"", "two words", "a,b", "-minus", "\"quoted\"", "new\nline"})
      QVERIFY2(!whyNoTag(text).empty(), text);
  }

  void refreshReadsWhatChanged() {
    const QTemporaryDir folder;
    RunIndex index(pathOf(folder));
    QVERIFY(!index.refresh());
    const auto first = recordRun(pathOf(folder));
    QVERIFY(index.refresh());
    QVERIFY(!index.refresh());
    QCOMPARE(index.runs().size(), size_t{1});

    // What has not changed is not read: damage that keeps state.json as it is goes unnoticed.
    fs::rename(first / "config.toml", first / "kept.toml");
    QVERIFY(!index.refresh());
    QCOMPARE(index.runs().size(), size_t{1});
    fs::rename(first / "kept.toml", first / "config.toml");

    writeAnnotations(first, {{"good"}, "", false});
    QVERIFY(index.refresh());
    QCOMPARE(index.runs().front().annotations.tags.count("good"), size_t{1});
    const auto second = recordRun(pathOf(folder));
    QVERIFY(index.refresh());
    QCOMPARE(index.runs().size(), size_t{2});
    fs::remove_all(first);
    QVERIFY(index.refresh());
    QCOMPARE(index.runs().size(), size_t{1});
    QCOMPARE(index.runs().front().directory, second);
    std::ofstream(second / "state.json") << "{";
    QVERIFY(index.refresh());
    QVERIFY(index.runs().empty());
    QCOMPARE(index.damaged().size(), size_t{1});
    QVERIFY(!index.refresh());
  }

  void runsUnderWayShowHowFarTheyAre() {
    const QTemporaryDir folder;
    RunIndex index(pathOf(folder));
    auto writer = beginRun(pathOf(folder));
    auto row = smallRow(10);
    row.testAccuracy = 0.5;
    writer->onMetrics(row);
    writer->onMetrics(smallRow(20));
    writer->onEvent({20, 2, "warning", "", "", "", "flushes the tables"});
    QVERIFY(index.refresh());
    const auto run = index.runs().front();
    QCOMPARE(run.status, StoredStatus::Running);
    QVERIFY(run.progress.has_value());
    QCOMPARE(run.progress->step, int64_t{20});
    QCOMPARE(run.progress->fraction(), 0.2);
    QCOMPARE(run.progress->testAccuracy, std::optional(0.5));
    QCOMPARE(findRunField("accuracy")->number(run), std::optional(0.5));
    QCOMPARE(findRunField("rs")->number(run), std::optional(0.2));
    writer->onMetrics(smallRow(30));
    writer->onEvent({30, 3, "warning", "", "", "", "flushes the tables"});
    QVERIFY(index.refresh());
    QCOMPARE(index.runs().front().progress->step, int64_t{30});
    writer.reset();  // nobody holds the lock: crashed
    QVERIFY(index.refresh());
    QCOMPARE(index.runs().front().status, StoredStatus::Crashed);
    QCOMPARE(index.runs().front().progress->step, int64_t{30});
    QVERIFY(!index.refresh());
  }

  void progressOfLongTablesReadsTheirEnd() {
    const QTemporaryDir folder;
    auto writer = beginRun(pathOf(folder));
    for (int64_t step = 1; step <= 2000; ++step) writer->onMetrics(smallRow(step));
    writer->onEvent({2000, 2, "warning", "", "", "", "flushes the tables"});
    QCOMPARE(readProgress(writer->directory())->step, int64_t{2000});
    std::ofstream(writer->directory() / "metrics.csv", std::ios::app) << "2001,0.1,to";  // torn
    QCOMPARE(readProgress(writer->directory())->step, int64_t{2000});
    QVERIFY(!readProgress("/nowhere").has_value());
  }

  void exportsManyRuns() {
    const QTemporaryDir folder;
    Config dense = defaultsFor("dense");
    const auto first = recordRun(pathOf(folder)), second = recordRun(pathOf(folder), dense);
    writeAnnotations(first, {{"good", "new"}, "comma, and \"quote\"", false});
    const auto runs = listRuns(pathOf(folder));
    const auto out = pathOf(folder) / "out";
    const auto problems = exportRuns(runs, out);
    QVERIFY2(problems.empty(), describe(problems).c_str());
    const auto table = readCsv(out / "runs.csv").take();
    QCOMPARE(table.size(), size_t{3});
    const auto cell = [&](const std::string& id, const std::string& key) {
      const auto& header = table.front().fields;
      const auto place = std::ranges::find(header, key) - header.begin();
      for (const auto& record : table)
        if (record.fields.front() == id) return record.fields.at(static_cast<size_t>(place));
      return std::string("missing");
    };
    const auto id = first.filename().string(), denseId = second.filename().string();
    QCOMPARE(cell(id, "tags"), std::string("good new"));
    QCOMPARE(cell(id, "note"), std::string("comma, and \"quote\""));
    QCOMPARE(cell(id, "test_accuracy"), std::string("0.30000000000000004"));
    QCOMPARE(cell(id, "update_interval"), std::string("7"));
    QCOMPARE(cell(denseId, "update_interval"), std::string());
    QCOMPARE(cell(denseId, "method"), std::string("dense"));
    for (const char* file : {"metrics.csv", "layers.csv", "events.csv", "survival.csv", "config.toml"})
      QVERIFY2(fs::exists(out / id / file), file);
    std::ofstream(pathOf(folder) / "in_the_way") << "x";
    QVERIFY(!exportRuns(runs, pathOf(folder) / "in_the_way").empty());
  }
};

QTEST_GUILESS_MAIN(TestRunIndex)
#include "tst_run_index.moc"
