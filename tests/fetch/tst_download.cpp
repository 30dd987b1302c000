// Files from a server that cuts off, forgets and changes: what arrives is whole and right, or nothing.

#include "fetch/download.h"
#include "file_content.h"
#include "http_server.h"
#include "mentions.h"
#include "run_error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace lab;
using namespace lab::test;

namespace {

namespace fs = std::filesystem;

/// Bytes that differ everywhere, so that a part at the wrong place is seen.
std::string bytesOf(int64_t count, uint32_t seed) {
  std::string bytes(static_cast<size_t>(count), '\0');
  for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

constexpr int64_t kSize = 300'000;

}  // namespace

class TestDownload : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void arrivesWhole();
  void goesOnAfterCuts();
  void goesOnInALaterCall();
  void goesOnWithoutTags();
  void changedFileStartsAnew();
  void changedFileWithoutTagStartsAnew();
  void serverWithoutRanges();
  void serverWithTheWrongPart();
  void serverThatNeverGoesOn();
  void partialOfAnotherFile();
  void redirections();
  void refusals_data();
  void refusals();
  void noConnection();
  void busyServerIsAskedAgain();
  void wrongContentNamesBothDigests();
  void tooManyBytesAreNotKept();
  void stopKeepsWhatIsThere();
  void fullDisk();
  void oneProcessAtATime();

 private:
  fs::path target() const { return folder_->filePath("file.bin").toStdString(); }
  fs::path partial() const { return target().string() + ".partial"; }
  RemoteFile wanted() const { return {"file.bin", server_->url("/file.bin"), kSize, digestOf(body_)}; }
  void serve(Page page) { server_->set("/file.bin", std::move(page)); }
  QStringList files() const { return QDir(folder_->path()).entryList(QDir::Files, QDir::Name); }

  /// The message of a download that must fail with this exit code.
  std::string failure(const RemoteFile& file, ExitCode code) {
    try {
      download(file, target(), options_);
    } catch (const RunError& error) {
      return error.code() == code ? error.what() : "(another code) " + std::string(error.what());
    }
    return "(arrived)";
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<HttpServer> server_;
  std::string body_ = bytesOf(kSize, 1);
  TransferOptions options_;
};

void TestDownload::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  server_ = std::make_unique<HttpServer>();
  options_ = {};
  options_.firstWait = std::chrono::milliseconds(0);
}

void TestDownload::arrivesWhole() {
  serve({.body = body_, .etag = "\"1\""});
  std::vector<int64_t> seen;
  options_.progress = [&](int64_t have) { seen.push_back(have); };
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  QCOMPARE(files(), QStringList{"file.bin"});
  QVERIFY(std::ranges::is_sorted(seen) && seen.size() > 1 && seen.back() == kSize);
  QCOMPARE(server_->requests().size(), size_t(1));
  QVERIFY(!mentions(server_->requests()[0], "Range"));
}

void TestDownload::goesOnAfterCuts() {
  serve({.body = body_, .etag = "\"1\"", .cuts = {100'000, 1, 0, 50'000}});
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  const auto requests = server_->requests();
  QCOMPARE(requests.size(), size_t(5));
  QVERIFY(mentions(requests[1], "Range: bytes=100000-") && mentions(requests[1], "If-Range: \"1\""));
  QVERIFY(mentions(requests[4], "Range: bytes=150001-"));
}

void TestDownload::goesOnInALaterCall() {
  serve({.body = body_, .etag = "\"1\"", .cuts = {120'000}});
  options_.attempts = 1;
  QVERIFY(mentions(failure(wanted(), ExitCode::Data), "cannot be fetched"));
  QVERIFY(contentOf(partial()) == body_.substr(0, 120'000));
  QVERIFY(!fs::exists(target()));
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  QVERIFY(mentions(server_->requests()[1], "Range: bytes=120000-"));
  QCOMPARE(files(), QStringList{"file.bin"});
}

void TestDownload::goesOnWithoutTags() {
  serve({.body = body_, .lengths = false, .cuts = {120'000}});
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  QVERIFY(mentions(server_->requests()[1], "Range: bytes=120000-"));
  QVERIFY(!mentions(server_->requests()[1], "If-Range"));
}

void TestDownload::changedFileStartsAnew() {
  const std::string old = bytesOf(kSize, 2);
  serve({.body = old, .etag = "\"old\"", .cuts = {120'000}});
  options_.attempts = 1;
  failure(wanted(), ExitCode::Data);
  serve({.body = body_, .etag = "\"new\""});
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  QCOMPARE(server_->requests().size(), size_t(2));  // If-Range told them apart
}

void TestDownload::changedFileWithoutTagStartsAnew() {
  std::ofstream(partial(), std::ios::binary) << bytesOf(1000, 3);
  serve({.body = body_});
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  QCOMPARE(server_->requests().size(), size_t(2));
  QVERIFY(!mentions(server_->requests()[1], "Range"));
}

void TestDownload::serverWithoutRanges() {
  serve({.body = body_, .ranges = false, .cuts = {200'000}});
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
}

void TestDownload::serverWithTheWrongPart() {
  serve({.body = body_, .etag = "\"1\"", .wrongRangeBy = 7, .cuts = {200'000}});
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  QCOMPARE(server_->requests().size(), size_t(3));
}

void TestDownload::serverThatNeverGoesOn() {
  serve({.body = body_, .etag = "\"1\"", .wrongRangeBy = 7, .cuts = std::vector<int64_t>(1000, 200'000)});
  QVERIFY(mentions(failure(wanted(), ExitCode::Data), "another part"));
  QCOMPARE(server_->requests().size(), size_t(2 * options_.attempts));
}

void TestDownload::partialOfAnotherFile() {
  std::ofstream(partial(), std::ios::binary) << bytesOf(kSize + 5, 3);
  serve({.body = body_});
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  std::ofstream(partial(), std::ios::binary) << bytesOf(kSize, 3);  // whole, and wrong
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
}

void TestDownload::redirections() {
  server_->set("/file.bin", {.redirect = server_->url("/moved.bin")});
  server_->set("/moved.bin", {.body = body_, .cuts = {10'000}});  // without a tag of its own
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  QVERIFY(mentions(server_->requests()[3], "Range: bytes=10000-") &&
          !mentions(server_->requests()[3], "If-Range"));
  server_->set("/file.bin", {.redirect = "file:///etc/passwd"});
  fs::remove(target());
  QVERIFY(mentions(failure(wanted(), ExitCode::Data), "cannot be fetched"));
  server_->set("/file.bin", {.redirect = server_->url("/file.bin")});
  const std::string circle = failure(wanted(), ExitCode::Data);
  QVERIFY2(mentions(circle, "redirects"), circle.c_str());
}

void TestDownload::refusals_data() {
  QTest::addColumn<int>("status");
  QTest::addColumn<int>("requests");
  QTest::newRow("not there") << 404 << 1;
  QTest::newRow("forbidden") << 403 << 1;
  QTest::newRow("broken") << 500 << 4;
  QTest::newRow("busy") << 503 << 4;
}

void TestDownload::refusals() {
  QFETCH(int, status);
  QFETCH(int, requests);
  serve({.status = status});
  const std::string message = failure(wanted(), ExitCode::Data);
  QVERIFY2(mentions(message, server_->url("/file.bin")) && mentions(message, std::to_string(status)),
           message.c_str());
  QCOMPARE(static_cast<int>(server_->requests().size()), requests);
  QVERIFY(!fs::exists(target()));
  QCOMPARE(contentOf(partial()), std::string());  // the page with the error is not part of the file
}

void TestDownload::noConnection() {
  const RemoteFile file = wanted();
  server_.reset();
  const std::string message = failure(file, ExitCode::Data);
  QVERIFY2(mentions(message, "127.0.0.1") && mentions(message, "cannot be fetched"), message.c_str());
  RemoteFile odd = file;
  odd.url = "gopher://127.0.0.1/file.bin";
  QVERIFY(mentions(failure(odd, ExitCode::Data), "gopher"));
}

void TestDownload::busyServerIsAskedAgain() {
  serve({.status = 503});
  options_.firstWait = std::chrono::milliseconds(1);
  options_.attempts = 1'000'000;
  std::thread recovery([&] {
    while (server_->requests().size() < 3) std::this_thread::yield();
    serve({.body = body_});
  });
  options_.firstWait = std::chrono::milliseconds(0);
  download(wanted(), target(), options_);
  recovery.join();
  QVERIFY(contentOf(target()) == body_);
}

void TestDownload::wrongContentNamesBothDigests() {
  const std::string other = bytesOf(kSize, 4);
  serve({.body = other});
  const std::string message = failure(wanted(), ExitCode::Data);
  QVERIFY2(mentions(message, digestOf(other)) && mentions(message, digestOf(body_)), message.c_str());
  QVERIFY(!fs::exists(target()));
  QCOMPARE(contentOf(partial()), std::string());
}

void TestDownload::tooManyBytesAreNotKept() {
  serve({.body = body_ + "!"});
  QVERIFY(mentions(failure(wanted(), ExitCode::Data), "300001 bytes, 300000 would be right"));
  serve({.body = body_ + bytesOf(100'000, 5), .lengths = false});
  QVERIFY(mentions(failure(wanted(), ExitCode::Data), "more than the 300000 bytes"));
  QVERIFY(fs::file_size(partial()) <= kSize);
  serve({.body = body_, .claimedSize = kSize + 9, .cuts = {10}});
  QVERIFY(mentions(failure(wanted(), ExitCode::Data), "300009 bytes, 300000 would be right"));
  serve({.body = body_.substr(0, 299'000), .lengths = false});
  QVERIFY(mentions(failure(wanted(), ExitCode::Data), "would be right"));
  QVERIFY(!fs::exists(target()));
}

void TestDownload::stopKeepsWhatIsThere() {
  serve({.body = body_, .etag = "\"1\""});
  std::stop_source source;
  options_.stop = source.get_token();
  options_.progress = [&](int64_t have) {
    if (have > kSize / 2) source.request_stop();
  };
  QVERIFY(mentions(failure(wanted(), ExitCode::Interrupted), "file.bin"));
  const std::string kept = contentOf(partial());
  QVERIFY(kept.size() > kSize / 2 && kept.size() < size_t(kSize) && body_.starts_with(kept));
  QVERIFY(!fs::exists(target()));

  options_.stop = {};
  options_.progress = nullptr;
  download(wanted(), target(), options_);
  QVERIFY(contentOf(target()) == body_);
  QVERIFY(mentions(server_->requests()[1], "Range: bytes=" + std::to_string(kept.size()) + "-"));
}

void TestDownload::fullDisk() {
  fs::create_symlink("/dev/full", partial());
  serve({.body = body_});
  const std::string message = failure(wanted(), ExitCode::Disk);
  QVERIFY2(mentions(message, "No space left") && mentions(message, partial().string()), message.c_str());
  QVERIFY(!fs::exists(target()));
  fs::remove(partial());
  RemoteFile huge = wanted();
  huge.size = int64_t{1} << 60;
  QVERIFY(mentions(failure(huge, ExitCode::Disk), "has room for"));
  QCOMPARE(server_->requests().size(), size_t(1));
}

void TestDownload::oneProcessAtATime() {
  const int other = open(partial().c_str(), O_RDWR | O_CREAT, 0644);
  QCOMPARE(flock(other, LOCK_EX), 0);
  QVERIFY(mentions(failure(wanted(), ExitCode::Locked), "another process"));
  close(other);
}

QTEST_APPLESS_MAIN(TestDownload)
#include "tst_download.moc"
