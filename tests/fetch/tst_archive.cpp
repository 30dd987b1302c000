// Archives are unpacked whole, and hostile ones are refused before anything is written.

#include "fetch/archive.h"
#include "file_content.h"
#include "made_archive.h"
#include "mentions.h"
#include "run_error.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace lab;
using namespace lab::test;

namespace {

namespace fs = std::filesystem;

constexpr ArchiveLimits kLimits{100'000, 8};

}  // namespace

Q_DECLARE_METATYPE(std::vector<MadeEntry>)

class TestArchive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { root_ = std::make_unique<QTemporaryDir>(); }
  void unpacksFilesAndFolders_data();
  void unpacksFilesAndFolders();
  void sparseFilesGetTheirZeros();
  void hostile_data();
  void hostile();
  void bombs();
  void damaged();
  void onlyOnce();
  void stops();
  void leftoversOfAKilledProcess();

 private:
  fs::path path(const char* name) const { return root_->filePath(name).toStdString(); }

  std::string refusal(const fs::path& archive, const ArchiveLimits& limits = kLimits) {
    try {
      unpackArchive(archive, path("out"), limits, {});
    } catch (const RunError& error) {
      return error.code() == ExitCode::Data ? error.what() : "(another code) " + std::string(error.what());
    }
    return "(unpacked)";
  }

  /// Nothing is in the folder but the archive: nothing was written anywhere in it.
  bool untouched(const fs::path& archive) const {
    const auto found = QDir(root_->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    return found == QStringList{QString::fromStdString(archive.filename().string())};
  }

  std::unique_ptr<QTemporaryDir> root_;
};

void TestArchive::unpacksFilesAndFolders_data() {
  QTest::addColumn<QString>("name");
  for (const char* name : {"a.tar", "a.tar.gz", "a.tar.xz", "a.zip"}) QTest::newRow(name) << name;
}

void TestArchive::unpacksFilesAndFolders() {
  QFETCH(QString, name);
  const fs::path archive = path(name.toUtf8().constData());
  const std::string large(70'000, 'x');
  makeArchive(archive, {{"data/", "", AE_IFDIR}, {"data/one.bin", large}, {"./deep/er/two", "2"}, {"empty", ""}});
  const auto files = unpackArchive(archive, path("out"), kLimits, {});
  QVERIFY(contentOf(path("out/data/one.bin")) == large);
  QCOMPARE(contentOf(path("out/deep/er/two")), std::string("2"));
  QVERIFY(fs::is_regular_file(path("out/empty")));
  QCOMPARE(files.size(), size_t(3));
  QCOMPARE(files[0].path, std::string("data/one.bin"));
  QCOMPARE(files[1].path, std::string("deep/er/two"));
  QCOMPARE(files[0].sha256, digestOf(large));
  QCOMPARE(files[2].sha256, digestOf(""));
  QVERIFY(!fs::exists(path("out.unpacking")));
}

void TestArchive::sparseFilesGetTheirZeros() {
  std::string image(40'003, '\0');
  image.replace(30'000, 3, "end");
  {
    ::archive* out = archive_write_new();
    archive_write_set_format_pax(out);
    archive_write_open_filename(out, path("a.tar").c_str());
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, "holes");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(image.size()));
    archive_entry_sparse_add_entry(entry, 30'000, 3);
    archive_write_header(out, entry);
    archive_write_data(out, image.data(), image.size());
    archive_entry_free(entry);
    archive_write_free(out);
  }
  const auto files = unpackArchive(path("a.tar"), path("out"), kLimits, {});
  QVERIFY(contentOf(path("out/holes")) == image);
  QCOMPARE(files.at(0).sha256, digestOf(image));
  fs::remove_all(path("out"));
  QVERIFY(mentions(refusal(path("a.tar"), {20'000, 8}), "20000 bytes"));
}

void TestArchive::hostile_data() {
  QTest::addColumn<std::vector<MadeEntry>>("entries");
  QTest::addColumn<QString>("why");
  const auto row = [](const char* name, std::vector<MadeEntry> entries, const char* why) {
    entries.insert(entries.begin(), {"good", "good"});  // what comes first is not written either
    QTest::newRow(name) << entries << why;
  };
  row("absolute", {{"/tmp/itoplab-hostile", "x"}}, "absolute path");
  row("absolute folder", {{"/tmp/itoplab-hostile", "", AE_IFDIR}}, "absolute path");
  row("up", {{"../up", "x"}}, "leads out of its folder");
  row("up in the middle", {{"a/../../up", "x"}}, "leads out of its folder");
  row("up and back", {{"a/../b", "x"}}, "leads out of its folder");
  row("up at the end", {{"a/..", "", AE_IFDIR}}, "leads out of its folder");
  row("backslash", {{"..\\up", "x"}}, "backslash");
  row("control character", {{"a\nb", "x"}}, "control character");
  row("symbolic link out", {{"link", "", AE_IFLNK, "/etc"}, {"link/passwd", "x"}}, "a symbolic link");
  row("symbolic link inside", {{"link", "", AE_IFLNK, "good"}}, "a symbolic link");
  row("hard link out", {{"link", "", AE_IFREG, "/etc/passwd"}}, "a hard link");
  row("hard link inside", {{"link", "", AE_IFREG, "good"}}, "a hard link");
  row("device", {{"null", "", AE_IFCHR}}, "a device");
  row("pipe", {{"pipe", "", AE_IFIFO}}, "a pipe");
  row("twice", {{"a", "1"}, {"./a", "2"}}, "'a' twice");
  row("file as folder", {{"a", "1"}, {"a/b", "2"}}, "both a file and a folder");
  row("folder as file", {{"a/b", "2"}, {"a", "1"}}, "both a file and a folder");
  row("too many", {{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}, {"7"}, {"8"}}, "more than 8 entries");
  row("too large", {{"1", std::string(60'000, 'x')}, {"2", std::string(60'000, 'y')}}, "more than 100000 bytes");
  row("long name", {{std::string(2000, 'n'), "x"}}, "far too long");
}

void TestArchive::hostile() {
  QFETCH(std::vector<MadeEntry>, entries);
  QFETCH(QString, why);
  const fs::path archive = path("a.tar");
  makeArchive(archive, entries);
  const std::string message = refusal(archive);
  QVERIFY2(mentions(message, why.toStdString()) && mentions(message, archive.string()), message.c_str());
  QVERIFY(untouched(archive));
  QVERIFY(!fs::exists("/tmp/itoplab-hostile"));
}

void TestArchive::bombs() {
  // A gigabyte of zeros in a megabyte, read no farther than the limit.
  makeArchive(path("a.tar.gz"), {{"bomb", std::string(1 << 28, '\0')}});
  QVERIFY(fs::file_size(path("a.tar.gz")) < 400'000);
  QVERIFY(mentions(refusal(path("a.tar.gz")), "more than 100000 bytes"));
  QVERIFY(untouched(path("a.tar.gz")));
}

void TestArchive::damaged() {
  const fs::path archive = path("a.tar.gz");
  std::string noise(50'000, '\0');
  uint32_t seed = 1;
  for (char& byte : noise) byte = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  makeArchive(archive, {{"first", "1"}, {"second", noise}});
  std::string bytes = contentOf(archive);
  for (const size_t size : {size_t(0), size_t(10), bytes.size() / 2, bytes.size() - 1000}) {
    std::ofstream(archive, std::ios::binary | std::ios::trunc) << bytes.substr(0, size);
    const std::string message = refusal(archive);
    QVERIFY2(mentions(message, "is refused"), message.c_str());
    QVERIFY(untouched(archive));
  }
  std::ofstream(archive, std::ios::binary | std::ios::trunc) << "not an archive at all, but a page of text\n";
  QVERIFY(mentions(refusal(archive), "damaged or no archive"));
  QVERIFY(mentions(refusal(path("missing.tar")), "is refused"));
}

void TestArchive::onlyOnce() {
  makeArchive(path("a.tar"), {{"one", "1"}});
  fs::create_directory(path("out"));
  QVERIFY_EXCEPTION_THROWN(unpackArchive(path("a.tar"), path("out"), kLimits, {}), RunError);
  QVERIFY(fs::is_empty(path("out")));
}

void TestArchive::stops() {
  makeArchive(path("a.tar"), {{"one", "1"}});
  std::stop_source source;
  source.request_stop();
  QVERIFY_EXCEPTION_THROWN(unpackArchive(path("a.tar"), path("out"), kLimits, source.get_token()), RunError);
  QVERIFY(untouched(path("a.tar")));
}

void TestArchive::leftoversOfAKilledProcess() {
  makeArchive(path("a.tar"), {{"one", "1"}});
  fs::create_directories(path("out.unpacking/old"));
  unpackArchive(path("a.tar"), path("out"), kLimits, {});
  QVERIFY(!fs::exists(path("out/old")) && !fs::exists(path("out.unpacking")));
}

QTEST_APPLESS_MAIN(TestArchive)
#include "tst_archive.moc"
