// Data sets are downloaded, checked and removed; what others have put there is left alone.

#include "data/dataset_table.h"
#include "fetch/install.h"
#include "file_content.h"
#include "http_server.h"
#include "made_archive.h"
#include "mentions.h"
#include "run_error.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace lab;
using namespace lab::test;

namespace fs = std::filesystem;

class TestInstall : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void catalogueIsComplete();
  void mirrors();
  void files();
  void damagedFilesAreFetchedAgain();
  void archive();
  void hostileArchiveLeavesNothing();
  void foreignFoldersAreLeftAlone();
  void foreignFilesSurviveRemoval();

 private:
  fs::path path(const char* name) const { return root_->filePath(name).toStdString(); }
  RemoteFile served(const std::string& name, const std::string& body) {
    server_->set("/" + name, {.body = body});
    return {name, server_->url("/" + name), static_cast<int64_t>(body.size()), digestOf(body)};
  }
  CatalogueEntry archiveOf(const std::vector<MadeEntry>& entries) {
    makeArchive(path("served.tar.gz"), entries);
    return {"cifar10", {served("cifar.tar.gz", contentOf(path("served.tar.gz")))}, true, {100'000, 10}};
  }
  ExitCode failure(const CatalogueEntry& entry, const fs::path& folder) {
    try {
      install(entry, folder, options_);
    } catch (const RunError& error) {
      return error.code();
    }
    return ExitCode::Ok;
  }

  std::unique_ptr<QTemporaryDir> root_;
  std::unique_ptr<HttpServer> server_;
  TransferOptions options_;
};

void TestInstall::init() {
  root_ = std::make_unique<QTemporaryDir>();
  server_ = std::make_unique<HttpServer>();
  options_ = {};
  options_.attempts = 1;
}

void TestInstall::catalogueIsComplete() {
  for (const DatasetInfo& info : datasets()) {
    const CatalogueEntry* entry = findDownload(info.name);
    const bool fetched = info.format == DataFormat::Idx || info.format == DataFormat::CifarBinary;
    QCOMPARE(entry != nullptr, fetched);
    if (!fetched) continue;
    for (const RemoteFile& file : entry->files) {
      QVERIFY(file.url.ends_with("/" + file.name) && file.size > 0 && file.sha256.size() == 64);
      QVERIFY(file.sha256.find_first_not_of("0123456789abcdef") == std::string::npos);
    }
    if (entry->archive) continue;
    for (const auto* names : {&info.train, &info.test})
      for (const std::string_view name : *names)
        QVERIFY(std::ranges::count(entry->files, std::string(name) + ".gz", &RemoteFile::name) == 1);
  }
}

void TestInstall::mirrors() {
  const CatalogueEntry& mnist = *findDownload("mnist");
  QCOMPARE(mirrored(mnist, "").files[0].url, mnist.files[0].url);
  for (const char* mirror : {"http://here:8000/data", "http://here:8000/data/"})
    QCOMPARE(mirrored(mnist, mirror).files[0].url,
             std::string("http://here:8000/data/mnist/train-images-idx3-ubyte.gz"));
}

void TestInstall::files() {
  const CatalogueEntry entry{"mnist", {served("one.gz", "first"), served("two.gz", "second file")}};
  std::vector<int64_t> seen;
  options_.progress = [&](int64_t have) { seen.push_back(have); };
  install(entry, path("data/mnist"), options_);
  QCOMPARE(contentOf(path("data/mnist/one.gz")), std::string("first"));
  QCOMPARE(contentOf(path("data/mnist/two.gz")), std::string("second file"));
  QVERIFY(std::ranges::is_sorted(seen));
  QCOMPARE(seen.back(), entry.size());
  QCOMPARE(server_->requests().size(), size_t(2));
  QVERIFY(isInstalled(path("data/mnist")));
  QVERIFY(checkInstalled(path("data/mnist")).problems.empty());
  QCOMPARE(checkInstalled(path("data/mnist")).files.size(), size_t(2));
  install(entry, path("data/mnist"), options_);
  QCOMPARE(server_->requests().size(), size_t(2));  // nothing was fetched twice

  QCOMPARE(uninstall(entry, path("data/mnist")), int64_t(3));
  QVERIFY(!fs::exists(path("data/mnist")));
  QCOMPARE(uninstall(entry, path("data/mnist")), int64_t(0));
}

void TestInstall::damagedFilesAreFetchedAgain() {
  const CatalogueEntry entry{"mnist", {served("one.gz", "first"), served("two.gz", "second file")}};
  install(entry, path("mnist"), options_);
  std::ofstream(path("mnist/two.gz")) << "secomd file";
  const Problems problems = checkInstalled(path("mnist")).problems;
  QCOMPARE(problems.size(), size_t(1));
  QVERIFY(mentions(problems[0].message, digestOf("secomd file")) &&
          mentions(problems[0].message, digestOf("second file")));
  fs::remove(path("mnist/one.gz"));
  QCOMPARE(checkInstalled(path("mnist")).problems.size(), size_t(2));
  install(entry, path("mnist"), options_);
  QVERIFY(checkInstalled(path("mnist")).problems.empty());
  QCOMPARE(contentOf(path("mnist/two.gz")), std::string("second file"));
}

void TestInstall::archive() {
  const CatalogueEntry entry = archiveOf({{"cifar/a.bin", "A"}, {"cifar/b.bin", "B"}});
  install(entry, path("data/cifar10"), options_);
  QCOMPARE(contentOf(path("data/cifar10/cifar/a.bin")), std::string("A"));
  QVERIFY(!fs::exists(path("data/cifar.tar.gz")));
  QVERIFY(checkInstalled(path("data/cifar10")).problems.empty());
  install(entry, path("data/cifar10"), options_);
  QCOMPARE(server_->requests().size(), size_t(1));
  std::ofstream(path("data/cifar10/cifar/b.bin")) << "b";
  install(entry, path("data/cifar10"), options_);
  QCOMPARE(contentOf(path("data/cifar10/cifar/b.bin")), std::string("B"));
  QCOMPARE(uninstall(entry, path("data/cifar10")), int64_t(3));
  QVERIFY(fs::is_empty(path("data")));
}

void TestInstall::hostileArchiveLeavesNothing() {
  const CatalogueEntry entry = archiveOf({{"cifar/a.bin", "A"}, {"../b.bin", "B"}});
  QCOMPARE(failure(entry, path("data/cifar10")), ExitCode::Data);
  QVERIFY(!fs::exists(path("data/cifar10")) && !fs::exists(path("data/b.bin")));
  uninstall(entry, path("data/cifar10"));
  QVERIFY(fs::is_empty(path("data")));
}

void TestInstall::foreignFoldersAreLeftAlone() {
  const CatalogueEntry entry = archiveOf({{"cifar/a.bin", "A"}});
  fs::create_directories(path("data/cifar10"));
  std::ofstream(path("data/cifar10/mine")) << "mine";
  QCOMPARE(failure(entry, path("data/cifar10")), ExitCode::Disk);
  QVERIFY(server_->requests().empty());
  QCOMPARE(uninstall(entry, path("data/cifar10")), int64_t(0));
  QCOMPARE(contentOf(path("data/cifar10/mine")), std::string("mine"));
}

void TestInstall::foreignFilesSurviveRemoval() {
  const CatalogueEntry entry{"mnist", {served("one.gz", "first")}};
  install(entry, path("data/mnist"), options_);
  std::ofstream(path("data/outside")) << "outside";
  std::ofstream(path("data/mnist/mine")) << "mine";
  // A line that leads elsewhere is not followed.
  std::ofstream(path("data/mnist/SHA256SUMS"), std::ios::app)
      << digestOf("outside") << "  ../outside\n"
      << digestOf("outside") << "  " << path("data/outside").string() << "\n";
  std::ofstream(path("data/mnist/one.gz.partial")) << "fi";
  QCOMPARE(uninstall(entry, path("data/mnist")), int64_t(3));
  QVERIFY(fs::exists(path("data/outside")) && fs::exists(path("data/mnist/mine")));
  QVERIFY(!isInstalled(path("data/mnist")) && !fs::exists(path("data/mnist/one.gz")));
}

QTEST_APPLESS_MAIN(TestInstall)
#include "tst_install.moc"
