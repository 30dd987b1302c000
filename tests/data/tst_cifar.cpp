#include "data/data_info.h"
#include "data/dataset.h"
#include "data/dataset_table.h"
#include "data/digest.h"
#include "mentions.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <set>

using namespace lab;
using namespace lab::test;

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;

constexpr int kPixels = 3 * 32 * 32;

/// Image `number`: its planes begin with the number and then hold 1, 2 and 3.
void addRecord(Bytes& file, int number, std::initializer_list<int> labels) {
  for (const int label : labels) file.push_back(static_cast<uint8_t>(label));
  for (int plane = 1; plane <= 3; ++plane) {
    file.push_back(static_cast<uint8_t>(number));
    file.insert(file.end(), 1023, static_cast<uint8_t>(plane));
  }
}

void write(const fs::path& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// Images 0 to 59 train, twelve a batch, 60 to 79 test; image i is of class i % 10.
Bytes cifar10Batch(int first, int count) {
  Bytes batch;
  for (int i = first; i < first + count; ++i) addRecord(batch, i, {i % 10});
  return batch;
}

void writeCifar10(const fs::path& folder) {
  for (int b = 0; b < 5; ++b)
    write(folder / ("data_batch_" + std::to_string(b + 1) + ".bin"), cifar10Batch(12 * b, 12));
  write(folder / "test_batch.bin", cifar10Batch(60, 20));
}

/// Coarse labels are wrong on purpose: the fine ones count.
void writeCifar100(const fs::path& folder) {
  Bytes train, test;
  for (int i = 0; i < 200; ++i) addRecord(i < 150 ? train : test, i, {i % 7, (7 * i) % 100});
  write(folder / "train.bin", train);
  write(folder / "test.bin", test);
}

Config configOf(const char* name, const std::string& root, int64_t validation) {
  Config config;
  config.dataset = name;
  config.data_root = root;
  config.validation_samples = validation;
  return config;
}

std::string refusal(const Config& config) {
  const auto data = loadDataset(config);
  return data.ok() ? "(loaded)" : describe(data.problems());
}

std::set<int> numbers(const Samples& samples) {
  std::set<int> found;
  for (int64_t i = 0; i < samples.count; ++i) found.insert(samples.pixels[static_cast<size_t>(i * kPixels)]);
  return found;
}

}  // namespace

class TestCifar : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }
  void recordsAreReadInOrder();
  void fineLabelsCount();
  void splitsAreDisjoint_data();
  void splitsAreDisjoint();
  void archiveFoldersAreFound();
  void damageIsNamed();
  void catalogueSplits();

 private:
  std::string root() const { return folder_->path().toStdString(); }
  std::unique_ptr<QTemporaryDir> folder_;
};

void TestCifar::recordsAreReadInOrder() {
  writeCifar10(root());
  const auto loaded = loadDataset(configOf("cifar10", root(), 5));
  QVERIFY2(loaded.ok(), loaded.ok() ? "" : describe(loaded.problems()).c_str());
  const Dataset& data = *loaded.value();
  QVERIFY((data.shape == Shape{3, 32, 32}) && data.classes == 10);
  QCOMPARE(data.train.count, int64_t(55));
  QCOMPARE(data.validation.count, int64_t(5));
  QCOMPARE(data.test.count, int64_t(20));
  int number = 0;
  for (const Samples* part : {&data.train, &data.validation, &data.test})
    for (int64_t i = 0; i < part->count; ++i, ++number) {
      const uint8_t* image = part->pixels.data() + i * kPixels;
      QCOMPARE(int(part->labels[static_cast<size_t>(i)]), number % 10);
      for (int plane = 0; plane < 3; ++plane) {
        QCOMPARE(int(image[plane * 1024]), number);
        QVERIFY(image[plane * 1024 + 1] == plane + 1 && image[plane * 1024 + 1023] == plane + 1);
      }
    }
  QCOMPARE(data.mean, (std::vector<float>{.4914f, .4822f, .4465f}));
  QCOMPARE(data.deviation, (std::vector<float>{.2023f, .1994f, .2010f}));
  QCOMPARE(data.checksums.size(), size_t(6));
  QCOMPARE(data.checksums.at("data_batch_2.bin"), sha256(cifar10Batch(12, 12)));
}

void TestCifar::fineLabelsCount() {
  writeCifar100(root());
  const auto loaded = loadDataset(configOf("cifar100", root(), 0));
  QVERIFY2(loaded.ok(), loaded.ok() ? "" : describe(loaded.problems()).c_str());
  const Dataset& data = *loaded.value();
  QCOMPARE(data.classes, int64_t(100));
  QCOMPARE(data.validation.count, int64_t(0));
  QVERIFY(data.validation.pixels.empty() && data.validation.labels.empty());
  for (int i = 0; i < 150; ++i) {
    QCOMPARE(int(data.train.labels[static_cast<size_t>(i)]), 7 * i % 100);
    QCOMPARE(int(data.train.pixels[static_cast<size_t>(i * kPixels)]), i);
  }
}

void TestCifar::splitsAreDisjoint_data() {
  QTest::addColumn<QByteArray>("name");
  QTest::addColumn<int>("train");
  QTest::newRow("cifar10") << QByteArray("cifar10") << 60;
  QTest::newRow("cifar100") << QByteArray("cifar100") << 150;
}

// Published code for CIFAR-100 validates on the test images.
void TestCifar::splitsAreDisjoint() {
  QFETCH(QByteArray, name);
  QFETCH(int, train);
  writeCifar10(root());
  writeCifar100(root());
  for (const int validation : {0, 1, 20, train - 1}) {
    const auto data = loadDataset(configOf(name.data(), root(), validation)).take();
    std::set<int> seen;
    size_t total = 0;
    for (const Samples* part : {&data->train, &data->validation, &data->test}) {
      const auto found = numbers(*part);
      QCOMPARE(found.size(), static_cast<size_t>(part->count));
      seen.insert(found.begin(), found.end());
      total += found.size();
    }
    QCOMPARE(seen.size(), total);
    QCOMPARE(data->validation.count, int64_t(validation));
    QCOMPARE(data->train.count, int64_t(train - validation));
    QVERIFY(*numbers(data->test).begin() == train);  // the files' own test images, untouched
  }
}

void TestCifar::archiveFoldersAreFound() {
  const fs::path unpacked = fs::path(root()) / "cifar-10-batches-bin";
  fs::create_directory(unpacked);
  writeCifar10(unpacked);
  QCOMPARE(findData(*findDataset("cifar10"), root()), unpacked);
  QVERIFY(findData(*findDataset("cifar100"), root()).empty());
  fs::remove(unpacked / "data_batch_3.bin");
  const std::string message = refusal(configOf("cifar10", root(), 5));
  QVERIFY2(mentions(message, unpacked.string() + " lacks data_batch_3.bin"), message.c_str());
}

void TestCifar::damageIsNamed() {
  const fs::path folder = root();
  const auto refused = [&](const char* file, const Bytes& content, const char* what) {
    write(folder / file, content);
    const std::string message = refusal(configOf("cifar10", root(), 5));
    writeCifar10(folder);
    const bool named = mentions(message, (folder / file).string()) && mentions(message, what);
    if (!named) qWarning("%s", message.c_str());
    return named;
  };
  writeCifar10(folder);
  Bytes cut = cifar10Batch(0, 12), foreign = cifar10Batch(0, 12);
  cut.pop_back();
  foreign[3073 * 4] = 10;
  QVERIFY(refused("data_batch_1.bin", cut, "36875 bytes"));
  QVERIFY(refused("test_batch.bin", {}, "0 bytes"));
  QVERIFY(refused("data_batch_4.bin", foreign, "image 4 has the label 10"));
  QVERIFY(mentions(refusal(configOf("cifar10", root(), 60)), "validation_samples 60"));
}

void TestCifar::catalogueSplits() {
  for (const char* name : {"cifar10", "cifar100"}) {
    Config config;
    config.dataset = name;
    const DataInfo info = dataInfoFor(config).value();
    QVERIFY(info.trainSamples == 45000 && info.validationSamples == 5000 && info.testSamples == 10000);
  }
}

QTEST_APPLESS_MAIN(TestCifar)
#include "tst_cifar.moc"
