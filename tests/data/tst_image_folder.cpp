// Folders of photographs: read, cut, split, and kept decoded.

#include "data/data_info.h"
#include "data/image_cache.h"
#include "data/image_folder.h"
#include "data/load_progress.h"
#include "file_content.h"
#include "made_jpegs.h"
#include "mentions.h"
#include "parameters/config_builder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <map>
#include <set>

using namespace lab;
using namespace lab::test;

namespace {

namespace fs = std::filesystem;

constexpr int kSide = 8;

Rgb flat(int label, int number) { return {40 + 60 * label, 10 * number, 128}; }

/// One channel of an image, in its middle.
int middle(const Samples& samples, int64_t i, int64_t channel) {
  return samples.pixels[static_cast<size_t>((i * 3 + channel) * kSide * kSide + kSide * kSide / 2 + kSide / 2)];
}

}  // namespace

class TestImageFolder : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void labelsAreSortedFolders();
  void splitsAreDisjointAndMixed();
  void subsetsAreBalanced();
  void damagedFilesAreNamed_data();
  void damagedFilesAreNamed();
  void firstDamagedFileIsNamed();
  void bytesBehindTheImageAreHarmless();
  void wrongFolders();
  void cacheIsUsed();
  void damagedCacheIsMadeAnew();
  void changedImagesAreSeen();
  void cacheThatCannotBeWritten();
  void tooManyForMemory();
  void imagenetHasAThousandClasses();
  void missingFolderIsNoConfigurationProblem();
  void greyAndIdle();

 private:
  fs::path root() const { return root_->path().toStdString() + "/images"; }
  fs::path home() const { return root_->path().toStdString() + "/home"; }

  /// Classes ant, bee and cat with 5, 6 and 7 training images and two of val each.
  void makeImages() {
    const char* names[] = {"ant", "bee", "cat"};
    for (int label = 0; label < 3; ++label) {
      for (int i = 0; i < 5 + label; ++i) put("train", names[label], label, i);
      for (int i = 20; i < 22; ++i) put("val", names[label], label, i);
    }
  }
  void put(const char* part, const char* name, int label, int number) {
    writeBytes(root() / part / name / fmt::format("image{:02}.{}", number, number % 2 == 0 ? "jpg" : "JPEG"),
               jpegOf(20 + number, 30, [&](int, int) { return flat(label, number); }));
  }
  Config config(const char* dataset = "image-folder") const {
    Config config;
    config.dataset = dataset;
    config.data_root = root();
    config.image_size = kSide;
    config.validation_samples = 6;
    return config;
  }
  std::shared_ptr<const Dataset> load(const Config& asked) {
    const auto data = loadDataset(asked);
    if (!data) qWarning("%s", describe(data.problems()).c_str());
    return data ? data.value() : nullptr;
  }
  std::string refusal(const Config& asked) {
    const auto data = loadDataset(asked);
    return data ? "(loaded)" : describe(data.problems());
  }
  std::vector<fs::path> caches() const {
    std::vector<fs::path> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(home() / "data" / "cache", none))
      found.push_back(entry.path());
    return found;
  }

  std::unique_ptr<QTemporaryDir> root_;
};

void TestImageFolder::init() {
  root_ = std::make_unique<QTemporaryDir>();
  qunsetenv("ITOPLAB_DATA");
  qputenv("ITOPLAB_HOME", home().c_str());
  makeImages();
}

void TestImageFolder::labelsAreSortedFolders() {
  writeBytes(root() / "train" / ".hidden", "not an image");
  writeBytes(root() / "train" / "ant" / ".hidden", "not an image");
  const auto listing = listImageFolder(root());
  QVERIFY(listing.ok());
  QCOMPARE(listing.value().classes, (std::vector<std::string>{"ant", "bee", "cat"}));
  QCOMPARE(listing.value().train.size(), size_t(18));
  QCOMPARE(listing.value().test.size(), size_t(6));
  const auto data = load(config());
  QVERIFY(data && data->classes == 3 && (data->shape == Shape{3, kSide, kSide}));
  const DataInfo info = dataInfoFor(config()).value();
  QVERIFY(info.classes == 3 && info.shape == data->shape && info.trainSamples == 12 && info.testSamples == 6);
  QVERIFY(data->train.count == 12 && data->validation.count == 6 && data->test.count == 6);
  for (const Samples* part : {&data->train, &data->validation, &data->test}) {
    QCOMPARE(part->pixels.size(), static_cast<size_t>(part->count * 3 * kSide * kSide));
    for (int64_t i = 0; i < part->count; ++i) {
      const int label = part->labels[static_cast<size_t>(i)];
      QVERIFY(std::abs(middle(*part, i, 0) - (40 + 60 * label)) < 4 && std::abs(middle(*part, i, 2) - 128) < 4);
    }
  }
  double sum = 0;
  for (int64_t i = 0; i < data->train.count; ++i) sum += middle(data->train, i, 0) / 255.0;
  QVERIFY(std::abs(data->mean[0] - sum / 12) < 0.01 && data->deviation[0] > 0.1);
}

void TestImageFolder::splitsAreDisjointAndMixed() {
  Config asked = config();
  asked.validation_samples = 9;
  const auto data = load(asked);
  QVERIFY(data != nullptr);
  std::multiset<std::pair<int, int>> seen;  // label and number of each training image
  for (const Samples* part : {&data->train, &data->validation})
    for (int64_t i = 0; i < part->count; ++i)
      seen.insert({part->labels[static_cast<size_t>(i)], (middle(*part, i, 1) + 5) / 10});
  std::multiset<std::pair<int, int>> all;
  for (int label = 0; label < 3; ++label)
    for (int i = 0; i < 5 + label; ++i) all.insert({label, i});
  QVERIFY(seen == all);
  QVERIFY(std::set<Label>(data->validation.labels.begin(), data->validation.labels.end()).size() == 3);
  asked.seed = 99;
  QVERIFY(load(asked)->validation.pixels == data->validation.pixels);
}

void TestImageFolder::subsetsAreBalanced() {
  Config asked = config();
  asked.validation_samples = 0;
  asked.train_samples = 9;
  asked.test_samples = 3;
  const auto data = load(asked);
  QVERIFY(data != nullptr);
  for (Label label = 0; label < 3; ++label) {
    QCOMPARE(std::ranges::count(data->train.labels, label), std::ptrdiff_t(3));
    QCOMPARE(std::ranges::count(data->test.labels, label), std::ptrdiff_t(1));
  }
  asked.train_samples = 19;
  QVERIFY(mentions(refusal(asked), "train_samples 19 is more than there are"));
}

void TestImageFolder::damagedFilesAreNamed_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("what");
  const QByteArray good = QByteArray::fromStdString(jpegOf(64, 64, [](int x, int y) {
    return Rgb{x * 4, y * 4, x ^ y};
  }));
  QTest::newRow("cut off") << good.left(good.size() / 2) << "is damaged (";
  QTest::newRow("header only") << good.left(100) << "is damaged";
  QTest::newRow("empty") << QByteArray() << "is empty";
  QTest::newRow("PNG") << QByteArray("\x89PNG\r\n\x1a\n and so on") << "is a PNG image by its content";
  QTest::newRow("text") << QByteArray("404 not found") << "not a JPEG image";
  QByteArray huge = good;
  const auto frame = huge.indexOf("\xff\xc0");
  huge.replace(frame + 5, 4, QByteArray("\xff\0\xff\0", 4));
  QTest::newRow("huge") << huge << "65280 × 65280 pixels";
}

void TestImageFolder::damagedFilesAreNamed() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, what);
  const fs::path file = root() / "train" / "bee" / "image03.JPEG";
  writeBytes(file, bytes.toStdString());
  const std::string message = refusal(config());
  QVERIFY2(message.starts_with(file.string() + ": ") && mentions(message, what.toStdString()), message.c_str());
  QVERIFY2(!mentions(message, "\n"), message.c_str());
  QVERIFY(caches().empty());
}

void TestImageFolder::firstDamagedFileIsNamed() {
  const ImageListing listing = listImageFolder(root()).take();
  for (const ImageFile& file : listing.train) writeBytes(file.path, "");
  const std::string first = refusal(config());
  for (int i = 0; i < 20; ++i) QCOMPARE(refusal(config()), first);
}

void TestImageFolder::bytesBehindTheImageAreHarmless() {
  const fs::path file = root() / "train" / "bee" / "image03.JPEG";
  std::string bytes = contentOf(file);
  bytes.insert(bytes.size() - 2, 30, 'x');
  writeBytes(file, bytes);
  QVERIFY(load(config()) != nullptr);
}

void TestImageFolder::wrongFolders() {
  writeBytes(root() / "train" / "bee" / "photo.png", "x");
  QVERIFY(mentions(refusal(config()), "bee/photo.png: is not called a JPEG image"));
  fs::remove(root() / "train" / "bee" / "photo.png");
  fs::create_directory(root() / "train" / "dog");
  QVERIFY(mentions(refusal(config()), "train/dog: is a class without images"));
  fs::remove(root() / "train" / "dog");
  put("val", "dog", 1, 1);
  QVERIFY(mentions(refusal(config()), "val/dog: is a class that the training images do not have"));
  fs::remove_all(root() / "val");
  fs::create_directory(root() / "val");
  QVERIFY(mentions(refusal(config()), "val: holds no images"));
  fs::remove_all(root() / "val");
  const std::string missing = refusal(config());
  QVERIFY2(mentions(missing, root().string() + " lacks val") && mentions(missing, "train/CLASS/*.jpg"),
           missing.c_str());
}

void TestImageFolder::cacheIsUsed() {
  std::vector<int64_t> told;
  const auto tell = [&](int64_t done, int64_t total) { told.push_back(100 * done + total); };
  const auto first = loadDatasetTelling(config(), tell).take();
  std::vector<int64_t> expected;
  for (int64_t done = 1; done <= 24; ++done) expected.push_back(100 * done + 24);
  QVERIFY(told == expected);
  QCOMPARE(caches().size(), size_t(1));
  QVERIFY(caches()[0].filename().string().starts_with("image-folder-8-"));
  // Other bytes of the same size and age: only who decodes again sees them.
  const fs::path file = root() / "train" / "bee" / "image03.JPEG";
  const auto time = fs::last_write_time(file);
  const std::string bytes = contentOf(file);
  writeBytes(file, std::string(bytes.size(), 'x'));
  fs::last_write_time(file, time);
  const auto second = loadDatasetTelling(config(), tell).take();
  QVERIFY(told == expected);  // nothing was decoded
  QVERIFY(second != nullptr);
  QVERIFY(second->train.pixels == first->train.pixels && second->train.labels == first->train.labels);
  QVERIFY(second->validation.pixels == first->validation.pixels && second->test.pixels == first->test.pixels);
  QVERIFY(second->mean == first->mean && second->checksums == first->checksums);
  Config larger = config();
  larger.image_size = 9;
  QVERIFY(mentions(refusal(larger), file.string()));
  QCOMPARE(removeImageCaches("imagenet"), int64_t(0));
  QCOMPARE(removeImageCaches("image-folder"), int64_t(1));
  QVERIFY(mentions(refusal(config()), file.string()));
}

void TestImageFolder::damagedCacheIsMadeAnew() {
  const auto first = load(config());
  const std::string sound = contentOf(caches().at(0));
  for (const size_t at : {size_t(0), size_t(30), sound.size() / 2, sound.size() - 1}) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    writeBytes(caches().at(0), damaged);
    QVERIFY(load(config())->train.pixels == first->train.pixels);
    QVERIFY2(contentOf(caches().at(0)) == sound, std::to_string(at).c_str());
  }
  for (const std::string& wrong : {std::string(), sound.substr(0, sound.size() / 2), sound + "x"}) {
    writeBytes(caches().at(0), wrong);
    QVERIFY(load(config())->train.pixels == first->train.pixels);
    QVERIFY(contentOf(caches().at(0)) == sound);
  }
  QCOMPARE(caches().size(), size_t(1));
}

void TestImageFolder::changedImagesAreSeen() {
  const auto first = load(config());
  put("train", "ant", 0, 9);
  QCOMPARE(load(config())->train.count, first->train.count + 1);
  const fs::path file = root() / "val" / "ant" / "image20.jpg";
  const auto time = fs::last_write_time(file);
  writeBytes(file, jpegOf(20, 20, [](int, int) { return Rgb{40, 250, 128}; }));
  fs::last_write_time(file, time + std::chrono::seconds(1));
  const auto changed = load(config());
  QVERIFY(changed->test.pixels != first->test.pixels && changed->checksums != first->checksums);
  // The same images elsewhere and at another time are the same data.
  fs::rename(root(), root().string() + "2");
  Config moved = config();
  moved.data_root += "2";
  fs::last_write_time(fs::path(moved.data_root) / "val" / "bee" / "image20.jpg", time - std::chrono::seconds(50));
  QVERIFY(load(moved)->checksums == changed->checksums);
}

void TestImageFolder::cacheThatCannotBeWritten() {
  writeBytes(home() / "data" / "cache", "a file");
  const std::string message = refusal(config());
  QVERIFY2(mentions(message, (home() / "data" / "cache").string()) && mentions(message, "ITOPLAB_HOME"),
           message.c_str());
}

void TestImageFolder::tooManyForMemory() {
  // Links to one image: as many names as would fill any memory at this size.
  Config asked = config();
  asked.image_size = 1024;
  const fs::path image = root() / "train" / "ant" / "image00.jpg";
  const int64_t enough = sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / (3 * 1024 * 1024) + 1;
  if (enough > 30000) QSKIP("this machine has too much memory to ask for more");
  for (int64_t i = 0; i < enough; ++i)
    fs::create_symlink(image, root() / "train" / "bee" / ("link" + std::to_string(i) + ".jpg"));
  const std::string message = refusal(asked);
  QVERIFY2(mentions(message, "GiB of memory") && mentions(message, "image_size"), message.c_str());
}

void TestImageFolder::imagenetHasAThousandClasses() {
  QVERIFY(mentions(refusal(config("imagenet")), "holds 3 classes, 1000 would be right for imagenet"));
  fs::remove_all(root());
  const std::string jpeg = jpegOf(8, 8, [](int, int) { return Rgb{128, 128, 128}; });
  for (int c = 0; c < 1000; ++c)
    for (const char* part : {"train", "val"})
      writeBytes(root() / part / fmt::format("n{:08}", 7 * c) / "1.JPEG", jpeg);
  const auto data = load(config("imagenet"));
  QVERIFY(data && data->classes == 1000 && data->train.count == 994 && data->test.count == 1000);
  QCOMPARE(data->mean, (std::vector<float>{.485f, .456f, .406f}));
  QCOMPARE(data->test.labels.size(), std::set<Label>(data->test.labels.begin(), data->test.labels.end()).size());
}

void TestImageFolder::missingFolderIsNoConfigurationProblem() {
  for (const char* dataset : {"imagenet", "image-folder"}) {
    Config asked = defaultsFor("set");
    asked.dataset = dataset;
    asked.model = "resnet-50";
    asked.data_root = "/nowhere/at/all";
    QCOMPARE(describe(validate(asked)), std::string());
    QVERIFY((dataInfoFor(asked).value().shape == Shape{3, 224, 224}));
    const std::string message = refusal(asked);
    QVERIFY2(mentions(message, "/nowhere/at/all") && mentions(message, "train/CLASS/*."), message.c_str());
  }
}

void TestImageFolder::greyAndIdle() {
  Config grey = config();
  grey.image_channels = "1";
  const auto data = load(grey);
  QVERIFY(data && (data->shape == Shape{1, kSide, kSide}));
  QCOMPARE(data->train.pixels.size(), size_t(12 * kSide * kSide));
  QVERIFY(idleParameters(config()).contains("image_fit"));
}

QTEST_APPLESS_MAIN(TestImageFolder)
#include "tst_image_folder.moc"
