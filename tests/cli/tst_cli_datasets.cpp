// Data sets through the program: Fashion-MNIST as its authors serve it, from a server on this machine.

#include "program.h"

#include "http_server.h"
#include "made_jpegs.h"

#include <QJsonArray>
#include <csignal>

namespace {

using namespace Qt::Literals::StringLiterals;

const QString kPackaged = "/usr/share/datasets/fashion-mnist/";

/// The distribution's files are the original ones but for what gzip says of name and time.
QByteArray original(const QString& name, quint32 time) {
  const QByteArray packaged = contentOf(kPackaged + name + ".gz");
  QByteArray header("\x1f\x8b\x08\x08", 4);
  for (const int shift : {0, 8, 16, 24}) header.append(static_cast<char>(time >> shift));
  return header + QByteArray("\0\x03", 2) + name.toLatin1() + '\0' + packaged.mid(10);
}

struct OriginalFile {
  const char* name;
  quint32 time;
};
constexpr OriginalFile kOriginals[] = {{"train-images-idx3-ubyte", 1504176606},
                                       {"train-labels-idx1-ubyte", 1504176606},
                                       {"t10k-images-idx3-ubyte", 1504176627},
                                       {"t10k-labels-idx1-ubyte", 1504176627}};
const QString kLargest = "train-images-idx3-ubyte.gz";

std::string pathOf(const QString& file) { return "/fashion-mnist/" + file.toStdString(); }

}  // namespace

class TestCliDatasets : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void init();
  void downloadsVerifiesAndRemoves();
  void interruptedAndKilledDownloadsGoOn();
  void refusals();
  void packagedDataAreNeverRemoved();
  void photographsTrainInBothEngines();
  void imagenetTableSaysWhatItLacks();

 private:
  /// Serves the originals; `last` instead of the largest.
  void serve(Page last) {
    server_ = std::make_unique<HttpServer>();
    for (const auto& [name, content] : originals_.asKeyValueRange())
      server_->set(pathOf(name), {.body = content.toStdString(), .etag = "\"1\""});
    if (!last.body.empty() || last.status != 200) server_->set(pathOf(kLargest), std::move(last));
    program_->set("ITOPLAB_MIRROR", QString::fromStdString(server_->url()));
  }
  QString data() const { return program_->path("data"); }
  QString downloaded(const QString& file) const { return data() + "/fashion-mnist/" + file; }
  Outcome datasets(const QStringList& arguments) const {
    return program_->run(QStringList{"datasets"} + arguments + QStringList{"--data-root", data()});
  }
  QString state() const {
    return datasets({"verify", "--json"}).json()["datasets"_L1].toArray()[0]["state"_L1].toString();
  }
  void startDownload(QProcess& process) const {
    program_->start(process, {"datasets", "download", "fashion-mnist", "--data-root", data()});
  }

  QMap<QString, QByteArray> originals_;
  std::unique_ptr<Program> program_;
  std::unique_ptr<HttpServer> server_;
};

void TestCliDatasets::initTestCase() {
  for (const auto& [name, time] : kOriginals) originals_[QString(name) + ".gz"] = original(name, time);
}

void TestCliDatasets::init() { program_ = std::make_unique<Program>(); }

void TestCliDatasets::downloadsVerifiesAndRemoves() {
  serve({});
  const Outcome outcome = datasets({"download", "fashion-mnist", "--json"});
  QVERIFY2(outcome.code == 0, outcome.err.constData());
  const QJsonObject found = outcome.json()["datasets"_L1].toArray()[0].toObject();
  QCOMPARE(found["state"_L1].toString(), "there");
  QCOMPARE(found["folder"_L1].toString(), data() + "/fashion-mnist");
  for (const auto& [name, content] : originals_.asKeyValueRange()) QVERIFY(contentOf(downloaded(name)) == content);

  const Outcome verified = datasets({"verify", "fashion-mnist", "--json"});
  QCOMPARE(verified.code, 0);
  const QJsonObject sums = verified.json()["datasets"_L1].toArray()[0].toObject()["sha256"_L1].toObject();
  QCOMPARE(sums.size(), 4);
  QCOMPARE(sums[kLargest].toString(), "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84");

  const auto requests = server_->requests().size();
  QCOMPARE(datasets({"download", "fashion-mnist"}).code, 0);
  QCOMPARE(server_->requests().size(), requests);

  QFile damaged(downloaded("t10k-labels-idx1-ubyte.gz"));
  QVERIFY(damaged.resize(5000));
  const Outcome torn = datasets({"verify", "fashion-mnist"});
  QCOMPARE(torn.code, 4);
  QVERIFY(torn.out.contains("damaged") && torn.err.contains("t10k-labels-idx1-ubyte.gz"));
  QCOMPARE(datasets({"download", "fashion-mnist"}).code, 0);
  QCOMPARE(server_->requests().size(), requests + 1);
  QCOMPARE(state(), "sound");

  QCOMPARE(datasets({"remove", "fashion-mnist"}).code, 0);
  QVERIFY(!QDir(data() + "/fashion-mnist").exists());
  QCOMPARE(state(), "missing");
  QCOMPARE(datasets({"remove", "fashion-mnist"}).code, 0);
}

void TestCliDatasets::interruptedAndKilledDownloadsGoOn() {
  const std::string body = originals_[kLargest].toStdString();
  const QString partial = downloaded(kLargest + ".partial");
  for (const int signal : {SIGINT, SIGKILL}) {
    const auto before = QFileInfo(partial).size();
    serve({.body = body, .etag = "\"1\"", .hangs = 1'000'000});
    QProcess process;
    startDownload(process);
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(partial).size() >= before + 1'000'000, 60000);
    kill(static_cast<pid_t>(process.processId()), signal);
    const Outcome outcome = Program::finish(process);
    QCOMPARE(outcome.code, signal == SIGINT ? 130 : -1);
    QVERIFY(!QFile::exists(downloaded(kLargest)));
  }
  QCOMPARE(QFileInfo(partial).size(), 2'000'000);
  QCOMPARE(state(), "missing");
  serve({});
  const Outcome outcome = datasets({"download", "fashion-mnist"});
  QVERIFY2(outcome.code == 0, outcome.err.constData());
  QVERIFY(server_->requests()[0].find("Range: bytes=2000000-") != std::string::npos);
  QVERIFY(contentOf(downloaded(kLargest)) == originals_[kLargest]);
  QVERIFY(!QFile::exists(partial) && !QFile::exists(partial + ".version"));
  QCOMPARE(state(), "sound");
}

void TestCliDatasets::refusals() {
  serve({.status = 404});
  const Outcome gone = datasets({"download", "fashion-mnist"});
  QCOMPARE(gone.code, 4);
  QVERIFY2(gone.err.contains("404") && gone.err.contains(kLargest.toUtf8()), gone.err.constData());

  QByteArray other = originals_[kLargest];
  other[other.size() / 2] = static_cast<char>(other[other.size() / 2] ^ 1);
  serve({.body = other.toStdString()});
  const Outcome changed = datasets({"download", "fashion-mnist"});
  QCOMPARE(changed.code, 4);
  const auto digest = QCryptographicHash::hash(other, QCryptographicHash::Sha256).toHex();
  QVERIFY2(changed.err.contains(digest) && changed.err.contains("3aede38d61863908"), changed.err.constData());
  QCOMPARE(state(), "missing");

  const QString url = QString::fromStdString(server_->url());
  server_.reset();
  const Outcome offline = datasets({"download", "mnist", "--mirror", "http://127.0.0.1:1/", "--quiet"});
  QCOMPARE(offline.code, 4);
  QVERIFY2(offline.err.contains("http://127.0.0.1:1/mnist/train-images-idx3-ubyte.gz"), offline.err.constData());

  writeFile(program_->path("file"), "not a folder");
  QCOMPARE(program_->run({"datasets", "download", "mnist", "--data-root", program_->path("file")}).code, 7);
}

void TestCliDatasets::packagedDataAreNeverRemoved() {
  const Outcome removal = program_->run({"datasets", "remove", "fashion-mnist"});
  QCOMPARE(removal.code, 4);
  QVERIFY2(removal.err.contains("was not downloaded by this program"), removal.err.constData());
  for (const OriginalFile& file : kOriginals) QVERIFY(QFile::exists(kPackaged + file.name + ".gz"));
  const Outcome download = program_->run({"datasets", "download", "fashion-mnist"});
  QCOMPARE(download.code, 0);
  QVERIFY(download.err.contains("already there"));
}

void TestCliDatasets::photographsTrainInBothEngines() {
  const std::filesystem::path images = data().toStdString() + "/image-folder";
  for (int label = 0; label < 2; ++label)
    for (int i = 0; i < 24; ++i) {
      const std::string name = std::string(label == 0 ? "dark" : "light") + "/" + std::to_string(i) + ".jpg";
      writeBytes(images / (i < 16 ? "train" : "val") / name, jpegOf(40 + i, 32, [&](int x, int y) {
                   return Rgb{200 * label + x % 50, 200 * label + y, 5 * i};
                 }));
    }
  const QStringList common{"run",
                           "--dataset",
                           "image-folder",
                           "--data-root",
                           data(),
                           "--image-size",
                           "8",
                           "--epochs",
                           "6",
                           "--sparsity",
                           "0.5",
                           "--validation-samples",
                           "8",
                           "--batch-size",
                           "4",
                           "--json",
                           "--model",
                           "mlp",
                           "--hidden-widths",
                           "16",
                           "--update-interval",
                           "5",
                           "--engine"};
  for (const char* engine : {"sparse", "masked"}) {
    const Outcome outcome = program_->run(common + QStringList{engine});
    QVERIFY2(outcome.code == 0, outcome.err.constData());
    QCOMPARE(outcome.json()["test_accuracy"_L1].toDouble(), 1.0);
  }
  QCOMPARE(datasets({"verify", "image-folder"}).code, 0);
  const Outcome removal = datasets({"remove", "image-folder"});
  QVERIFY2(removal.code == 0 && removal.err.contains("1 files of decoded images"), removal.err.constData());
  writeBytes(images / "train" / "dark" / "3.jpg", "not a photograph");
  const Outcome damaged = program_->run(common + QStringList{"sparse"});
  QCOMPARE(damaged.code, 4);
  QVERIFY2(damaged.err.contains("train/dark/3.jpg: is damaged or not a JPEG image"), damaged.err.constData());
}

void TestCliDatasets::imagenetTableSaysWhatItLacks() {
  const Outcome outcome = program_->run({"reproduce", "imagenet_table", "--scale", "paper"});
  QCOMPARE(outcome.code, 4);
  QVERIFY2(outcome.err.contains("imagenet is not in any of these folders") &&
               outcome.err.contains(
                   "image-net.org and put its images there as train/CLASS/*.JPEG and val/CLASS/*.JPEG"),
           outcome.err.constData());
  QVERIFY(outcome.out.isEmpty() && !QDir(program_->path("imagenet_table")).exists());
}

QTEST_GUILESS_MAIN(TestCliDatasets)
#include "tst_cli_datasets.moc"
