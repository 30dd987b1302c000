#include "data/data_info.h"
#include "data/dataset.h"
#include "data/dataset_table.h"
#include "mentions.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <fstream>
#include <numeric>

using namespace lab;
using namespace lab::test;

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;

void write(const fs::path& path, const Bytes& header, const Bytes& values) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  for (const Bytes& part : {header, values})
    file.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(part.size()));
}

Bytes header(std::initializer_list<int> sizes) {
  Bytes bytes{0, 0, 8, static_cast<uint8_t>(sizes.size())};
  for (const int size : sizes)
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<uint8_t>(size >> shift));
  return bytes;
}

/// Pixels with the mean and deviation of MNIST; the first two of an image spell its number.
Bytes greyLevels(int images) {
  Bytes pixels(static_cast<size_t>(images) * 784);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = i * 61 % 1000 < 152 ? 219 : 0;
  for (size_t image = 0; image < static_cast<size_t>(images); ++image) {
    pixels[image * 784] = static_cast<uint8_t>(image >> 8);
    pixels[image * 784 + 1] = static_cast<uint8_t>(image);
  }
  return pixels;
}

int numberOf(const Samples& samples, int64_t i) {
  const auto at = static_cast<size_t>(i * 784);
  return samples.pixels[at] << 8 | samples.pixels[at + 1];
}

constexpr int kTrain = 5010, kTest = 20;

void writeMnist(const fs::path& folder) {
  Bytes labels(kTrain);
  for (size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<uint8_t>(i % 10);
  write(folder / "train-images-idx3-ubyte", header({kTrain, 28, 28}), greyLevels(kTrain));
  write(folder / "train-labels-idx1-ubyte", header({kTrain}), labels);
  write(folder / "t10k-images-idx3-ubyte", header({kTest, 28, 28}), greyLevels(kTest));
  write(folder / "t10k-labels-idx1-ubyte", header({kTest}), Bytes(kTest, 9));
}

Config configOf(std::string_view name, const std::string& root) {
  Config config;
  config.dataset = name;
  config.data_root = root;
  return config;
}

const DatasetInfo& row(std::string_view name) { return *findDataset(name); }

/// The message of a load that must fail.
std::string refusal(std::string_view name, const std::string& root) {
  const auto data = loadDataset(configOf(name, root));
  return data.ok() ? "(loaded)" : describe(data.problems());
}

/// The accuracy on `test` of the nearest class mean of `train`.
double nearestMeanAccuracy(const Dataset& data) {
  const auto size = static_cast<size_t>(data.shape.size());
  std::vector<std::vector<double>> sums(static_cast<size_t>(data.classes), std::vector<double>(size, 0));
  std::vector<double> counts(sums.size(), 0);
  for (size_t i = 0; i < data.train.labels.size(); ++i) {
    counts[data.train.labels[i]] += 1;
    for (size_t p = 0; p < size; ++p) sums[data.train.labels[i]][p] += data.train.pixels[i * size + p];
  }
  int correct = 0;
  for (size_t i = 0; i < data.test.labels.size(); ++i) {
    std::vector<double> distances;
    for (size_t c = 0; c < sums.size(); ++c) {
      double distance = 0;
      for (size_t p = 0; p < size; ++p)
        distance += std::pow(sums[c][p] / counts[c] - data.test.pixels[i * size + p], 2);
      distances.push_back(distance);
    }
    const auto best = std::min_element(distances.begin(), distances.end()) - distances.begin();
    correct += best == data.test.labels[i] ? 1 : 0;
  }
  return static_cast<double>(correct) / static_cast<double>(data.test.labels.size());
}

}  // namespace

class TestDataset : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void cleanup();
  void catalogue();
  void foldersInOrder();
  void splitsAreDisjoint();
  void foldersOfTheName();
  void missingData();
  void damagedParts();
  void wrongDataSet();
  void fashionMnist();
  void synthetic();

 private:
  std::string root() const { return folder_->path().toStdString(); }
  std::unique_ptr<QTemporaryDir> folder_;
};

void TestDataset::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  qunsetenv("ITOPLAB_DATA");
  qunsetenv("ITOPLAB_HOME");
}

void TestDataset::cleanup() { folder_.reset(); }

void TestDataset::catalogue() {
  QCOMPARE(datasetNames(), (std::vector<std::string>{"fashion-mnist", "mnist", "cifar10", "cifar100", "imagenet",
                                                     "image-folder", "synthetic"}));
  for (const DatasetInfo& info : datasets()) {
    QVERIFY(findDataset(info.name) == &info);
    for (int64_t channel = 0; channel < info.shape.channels; ++channel)
      QVERIFY(info.deviation[static_cast<size_t>(channel)] > 0);
  }
  QVERIFY(findDataset("cifar99") == nullptr);
  QVERIFY(mentions(refusal("cifar99", ""), "'cifar99'"));
}

void TestDataset::foldersInOrder() {
  QCOMPARE(dataFolders(row("mnist"), "/r"), (std::vector<fs::path>{"/r/mnist", "/r"}));
  qputenv("ITOPLAB_DATA", "/d");
  qputenv("ITOPLAB_HOME", "/h");
  QCOMPARE(dataFolders(row("mnist"), ""),
           (std::vector<fs::path>{"/d/mnist", "/d", "/h/data/mnist", "/usr/share/datasets/mnist"}));
  QCOMPARE(dataFolders(row("mnist"), "/r"), (std::vector<fs::path>{"/r/mnist", "/r"}));
}

void TestDataset::splitsAreDisjoint() {
  writeMnist(root());
  const auto loaded = loadDataset(configOf("mnist", root()));
  QVERIFY2(loaded.ok(), loaded.ok() ? "" : describe(loaded.problems()).c_str());
  const Dataset& data = *loaded.value();
  QCOMPARE(data.train.count, int64_t(10));
  QCOMPARE(data.validation.count, int64_t(5000));
  QCOMPARE(data.test.count, int64_t(20));
  // In the order of the files: 0..9 train, 10..5009 validate.
  for (int64_t i = 0; i < data.train.count; ++i) QCOMPARE(numberOf(data.train, i), static_cast<int>(i));
  for (int64_t i = 0; i < data.validation.count; ++i) {
    QCOMPARE(numberOf(data.validation, i), static_cast<int>(10 + i));
    QCOMPARE(int(data.validation.labels[static_cast<size_t>(i)]), static_cast<int>(i % 10));
  }
  QCOMPARE(data.train.pixels.size(), size_t(10 * 784));
  QCOMPARE(data.train.labels.size(), size_t(10));
  QCOMPARE(&data.split(Split::Train), &data.train);
  QCOMPARE(&data.split(Split::Validation), &data.validation);
  QCOMPARE(&data.split(Split::Test), &data.test);
  QCOMPARE(data.checksums.size(), size_t(4));
  QCOMPARE(data.checksums.at("t10k-labels-idx1-ubyte").size(), size_t(64));
}

void TestDataset::foldersOfTheName() {
  fs::create_directory(fs::path(root()) / "mnist");
  writeMnist(fs::path(root()) / "mnist");
  QCOMPARE(findData(row("mnist"), root()), fs::path(root()) / "mnist");
  QVERIFY(findData(row("fashion-mnist"), root()).empty());
  qputenv("ITOPLAB_DATA", root().c_str());
  QCOMPARE(findData(row("mnist"), ""), fs::path(root()) / "mnist");
}

void TestDataset::missingData() {
  const std::string message = refusal("fashion-mnist", root());
  QVERIFY2(mentions(message, root() + "/fashion-mnist") && mentions(message, "dataset-fashion-mnist"),
           message.c_str());
  writeMnist(root());
  fs::remove(fs::path(root()) / "t10k-labels-idx1-ubyte");
  const std::string partly = refusal("mnist", root());
  QVERIFY2(mentions(partly, root() + " lacks t10k-labels-idx1-ubyte"), partly.c_str());
}

void TestDataset::damagedParts() {
  const fs::path folder = root();
  const auto refused = [&](const char* file, const char* what) {
    const std::string message = refusal("mnist", root());
    const bool named = mentions(message, (folder / file).string()) && mentions(message, what);
    if (!named) qWarning("%s", message.c_str());
    writeMnist(folder);
    return named;
  };
  writeMnist(folder);
  write(folder / "t10k-images-idx3-ubyte", header({kTest, 28, 27}), Bytes(kTest * 28 * 27));
  QVERIFY(refused("t10k-images-idx3-ubyte", "28 × 27"));
  write(folder / "t10k-labels-idx1-ubyte", header({kTest - 1}), Bytes(kTest - 1));
  QVERIFY(refused("t10k-labels-idx1-ubyte", "19 labels for 20 images"));
  write(folder / "train-labels-idx1-ubyte", header({kTrain}), Bytes(kTrain, 10));
  QVERIFY(refused("train-labels-idx1-ubyte", "label 10"));
  write(folder / "train-images-idx3-ubyte", header({5000, 28, 28}), greyLevels(5000));
  write(folder / "train-labels-idx1-ubyte", header({5000}), Bytes(5000));
  QVERIFY(mentions(refusal("mnist", root()), "leaves none of the 5000 training images"));
}

void TestDataset::wrongDataSet() {
  writeMnist(root());
  const std::string message = refusal("fashion-mnist", root());
  QVERIFY2(mentions(message, "does not hold fashion-mnist") && mentions(message, "0.2860"), message.c_str());
}

void TestDataset::fashionMnist() {
  if (findData(row("fashion-mnist"), "").empty()) QSKIP("Fashion-MNIST is not installed");
  const auto loaded = loadDataset(Config{});
  QVERIFY2(loaded.ok(), loaded.ok() ? "" : describe(loaded.problems()).c_str());
  const Dataset& data = *loaded.value();
  QCOMPARE(data.train.count, int64_t(55000));
  QCOMPARE(dataInfoFor(Config{}).value().trainSamples, data.train.count);
  QCOMPARE(data.validation.count, int64_t(5000));
  QCOMPARE(data.test.count, int64_t(10000));
  std::array<int, 10> perClass{};
  double sum = 0, squares = 0;
  for (const Samples* part : {&data.train, &data.validation}) {
    QCOMPARE(part->pixels.size(), static_cast<size_t>(part->count * 784));
    for (const Label label : part->labels) ++perClass[label];
    for (const uint8_t pixel : part->pixels) {
      sum += pixel / 255.0;
      squares += pixel / 255.0 * (pixel / 255.0);
    }
  }
  for (const int count : perClass) QCOMPARE(count, 6000);
  const double n = 60000.0 * 784, mean = sum / n;
  QVERIFY(std::abs(mean - 0.2860) < 1e-4 && std::abs(std::sqrt(squares / n - mean * mean) - 0.3530) < 1e-4);
  QCOMPARE(data.mean, std::vector<float>{0.2860F});
  QCOMPARE(data.deviation, std::vector<float>{0.3530F});
}

void TestDataset::synthetic() {
  const auto data = syntheticDataset({2, 5, 6}, 4, 400, 50, 200, 7);
  QCOMPARE(data->train.count, int64_t(400));
  QCOMPARE(data->validation.labels.size(), size_t(50));
  QCOMPARE(data->test.pixels.size(), size_t(200 * 60));
  QCOMPARE(data->mean.size(), size_t(2));
  QVERIFY(nearestMeanAccuracy(*data) > 0.95);
  QVERIFY(std::equal(data->validation.pixels.begin(), data->validation.pixels.end(), data->test.pixels.begin()) ==
          false);

  const auto again = syntheticDataset({2, 5, 6}, 4, 100, 50, 200, 7),
             other = syntheticDataset({2, 5, 6}, 4, 400, 50, 200, 8);
  QVERIFY(again->test.pixels == data->test.pixels);
  QVERIFY(std::equal(again->train.pixels.begin(), again->train.pixels.end(), data->train.pixels.begin()));
  QVERIFY(other->train.pixels != data->train.pixels);
}

QTEST_APPLESS_MAIN(TestDataset)
#include "tst_dataset.moc"
