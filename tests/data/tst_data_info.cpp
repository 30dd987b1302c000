// What a configuration makes of its data: sizes, shapes, subsets, and that the data are as announced.
#include "data/data_info.h"
#include "data/dataset.h"
#include "data/samples.h"
#include "mentions.h"
#include "parameters/config_builder.h"

#include <rapidcheck.h>
#include <QtTest>

#include <algorithm>
#include <set>

using namespace lab;
using namespace lab::test;

namespace {

Config synthetic(const char* shape, int64_t train, int64_t validation, int64_t test) {
  Config config;
  config.dataset = "synthetic";
  config.synthetic_shape = shape;
  config.train_samples = train;
  config.validation_samples = validation;
  config.test_samples = test;
  return config;
}

/// Samples of one pixel, which is their number.
Samples numbered(const std::vector<Label>& labels) {
  Samples samples;
  samples.count = static_cast<int64_t>(labels.size());
  samples.labels = labels;
  for (size_t i = 0; i < labels.size(); ++i) samples.pixels.push_back(static_cast<uint8_t>(i));
  return samples;
}

std::string onlyProblem(const Config& config) {
  const auto info = dataInfoFor(config);
  if (info.ok()) return "(fine)";
  return info.problems().size() == 1 ? info.problems()[0].key + ": " + info.problems()[0].message : "(several)";
}

}  // namespace

class TestDataInfo : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void announcedIsLoaded();
  void sizesThatAreNotThere();
  void shapesThatCannotBe();
  void subsetsAreBalanced();
  void subsetsOfRealImages();
  void keysSeeWhatMatters();
  void madeDataDoNotDependOnTheSeed();
};

void TestDataInfo::announcedIsLoaded() {
  QVERIFY(rc::check("dataInfoFor says what loadDataset gives", [] {
    Config config =
        synthetic("3x6x5", *rc::gen::inRange(1, 40), *rc::gen::inRange(0, 10), *rc::gen::inRange(1, 20));
    config.synthetic_classes = *rc::gen::inRange(2, 300);
    config.image_size = *rc::gen::element(0, 6, 9, 3);
    config.image_fit = *rc::gen::element<std::string>("pad", "resize");
    config.image_channels = *rc::gen::element<std::string>("auto", "1", "3");
    const auto info = dataInfoFor(config);
    RC_ASSERT(info.ok() == !(config.image_size == 3 && config.image_fit == "pad"));
    const auto loaded = loadDataset(config);
    RC_ASSERT(loaded.ok() == info.ok());
    if (!info.ok()) return;
    const Dataset& data = *loaded.value();
    RC_ASSERT(data.shape == info.value().shape && data.classes == config.synthetic_classes);
    RC_ASSERT(data.train.count == config.train_samples && data.train.count == info.value().trainSamples);
    RC_ASSERT(data.validation.count == config.validation_samples);
    RC_ASSERT(data.test.count == config.test_samples && data.test.count == info.value().testSamples);
    RC_ASSERT(data.mean.size() == static_cast<size_t>(data.shape.channels));
    RC_ASSERT(data.deviation.size() == data.mean.size());
    for (const Samples* part : {&data.train, &data.validation, &data.test}) {
      RC_ASSERT(part->pixels.size() == static_cast<size_t>(part->count * data.shape.size()));
      RC_ASSERT(part->labels.size() == static_cast<size_t>(part->count));
      for (const Label label : part->labels) RC_ASSERT(label < data.classes);
    }
  }));
}

void TestDataInfo::sizesThatAreNotThere() {
  Config config;
  config.validation_samples = 60000;
  QVERIFY(mentions(onlyProblem(config), "validation_samples: validation_samples 60000 leaves none of the 60000"));
  config.validation_samples = 0;
  config.train_samples = 60000;
  QCOMPARE(onlyProblem(config), std::string("(fine)"));
  config.validation_samples = 1;
  QVERIFY(mentions(onlyProblem(config), "train_samples: train_samples 60000 is more than there are"));
  config.train_samples = 59999;
  config.test_samples = 10001;
  QVERIFY(mentions(onlyProblem(config), "test_samples: test_samples 10001"));
  config.test_samples = 10000;
  const DataInfo info = dataInfoFor(config).value();
  QVERIFY(info.trainSamples == 59999 && info.validationSamples == 1 && info.testSamples == 10000);
  QVERIFY(!validate([] {
             Config c;
             c.train_samples = 70000;
             return c;
           }())
               .empty());
}

void TestDataInfo::shapesThatCannotBe() {
  for (const char* shape : {"", "28", "28x28", "1x28x28x1", "1x28x", "x28x28", "0x28x28", "1x0x1", "1x28x1025",
                            "-1x2x3", "1X28X28", "1 x28x28", "1x28x28 ", "99999999999999999999x1x1"})
    QVERIFY2(mentions(onlyProblem(synthetic(shape, 1, 0, 1)), "synthetic_shape: synthetic_shape '"), shape);
  QVERIFY((parseShape("1024x1x7").value() == Shape{1024, 1, 7}));
  QVERIFY(mentions(onlyProblem(synthetic("1024x1024x1024", 17, 0, 1)), "GiB"));

  Config config;
  config.image_size = 27;
  QVERIFY(mentions(onlyProblem(config), "image_size: image_size 27 is not possible with image_fit pad"));
  config.image_fit = "resize";
  QVERIFY((dataInfoFor(config).value().shape == Shape{1, 27, 27}));
  config.image_channels = "3";
  QVERIFY((dataInfoFor(config).value().shape == Shape{3, 27, 27}));
  Config two = synthetic("2x8x8", 1, 0, 1);
  two.image_channels = "1";
  QVERIFY(mentions(onlyProblem(two), "image_channels: "));
}

void TestDataInfo::subsetsAreBalanced() {
  QVERIFY(rc::check("as many of each class as possible, the first ones, in their order", [] {
    const int64_t classes = *rc::gen::inRange(1, 6);
    const auto labels = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<Label>>(rc::gen::inRange<Label>(0, static_cast<Label>(classes))));
    RC_PRE(labels.size() < 256U);
    const Samples all = numbered(labels);
    const int64_t count = *rc::gen::inRange<int64_t>(1, all.count + 1);
    const Samples some = balancedSubset(all, count, 1, classes);
    RC_ASSERT(some.count == count && some.labels.size() == static_cast<size_t>(count));
    RC_ASSERT(std::ranges::is_sorted(some.pixels));
    std::vector<int64_t> have(static_cast<size_t>(classes), 0), took = have, seen = have;
    for (const Label label : labels) ++have[label];
    for (size_t i = 0; i < some.labels.size(); ++i) {
      RC_ASSERT(labels[some.pixels[i]] == some.labels[i]);
      ++took[some.labels[i]];
    }
    for (size_t a = 0; a < took.size(); ++a)
      for (size_t b = 0; b < took.size(); ++b)
        RC_ASSERT(took[a] == have[a] ||
                  took[a] + 1 >= took[b]);  // nobody has two more than one who could have more
    std::set<uint8_t> kept(some.pixels.begin(), some.pixels.end());
    for (size_t i = 0; i < labels.size(); ++i)
      RC_ASSERT(kept.contains(static_cast<uint8_t>(i)) == (seen[labels[i]]++ < took[labels[i]]));
  }));
}

void TestDataInfo::subsetsOfRealImages() {
  Config config;
  if (findData(*findDataset(config.dataset), "").empty()) QSKIP("Fashion-MNIST is not installed");
  const auto whole = loadDataset(config).take();
  config.train_samples = 1005;
  config.test_samples = 200;
  config.validation_samples = 0;
  const auto part = loadDataset(config).take();
  std::array<int, 10> trained{}, tested{};
  for (const Label label : part->train.labels) ++trained[label];
  for (const Label label : part->test.labels) ++tested[label];
  for (size_t c = 0; c < 10; ++c) {
    QCOMPARE(trained[c], c < 5 ? 101 : 100);
    QCOMPARE(tested[c], 20);
  }
  QCOMPARE(part->validation.count, int64_t(0));
  // The first image of all is the first of its class.
  QVERIFY(std::equal(part->train.pixels.begin(), part->train.pixels.begin() + 784, whole->train.pixels.begin()));
}

void TestDataInfo::keysSeeWhatMatters() {
  const std::set<std::string_view> noData{"model", "hidden_widths", "augmentation", "augmentation_padding"};
  for (const Parameter& parameter : parameters()) {
    if (parameter.group != Group::DataAndModel && parameter.key != "data_root" && parameter.key != "seed")
      continue;
    Config config, other;
    const std::string now = valueText(config, parameter);
    for (const char* value : {"2", "3", "cifar10", "resize", "lenet-5", "flip", "zero"})
      if (other == config) setFromText(other, parameter, value);
    QVERIFY2(valueText(other, parameter) != now, parameter.key.data());
    const bool same = noData.contains(parameter.key) || parameter.key == "seed";
    QVERIFY2((dataKey(config) == dataKey(other)) == same, parameter.key.data());
  }
}

void TestDataInfo::madeDataDoNotDependOnTheSeed() {
  Config one = synthetic("1x4x4", 50, 10, 10), other = one;
  other.seed = 2;
  QVERIFY(loadDataset(one).value()->train.pixels == loadDataset(other).value()->train.pixels);
}

QTEST_APPLESS_MAIN(TestDataInfo)
#include "tst_data_info.moc"
