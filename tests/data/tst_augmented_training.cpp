// The engine trains on augmented images and is judged on clean ones.
#include "data/augmentation.h"
#include "engines/sparse/sparse_engine.h"
#include "network/models.h"
#include "training/initial_masks.h"
#include "training/initial_state.h"

#include <QtTest>

#include <numeric>

using namespace lab;

namespace {

constexpr int64_t kTrain = 32, kEpoch = 3;

std::shared_ptr<const Dataset> clean() {
  static const auto data = syntheticDataset({1, 8, 8}, 4, kTrain, 16, 16, 3);
  return data;
}

/// The data set whose training images are as the epoch after kEpoch sees them.
std::shared_ptr<const Dataset> changedBeforehand(const Config& config) {
  auto data = std::make_shared<Dataset>(*clean());
  for (int64_t i = 0; i < kTrain; ++i)
    augmentImage(augmentationOf(config), data->shape, kEpoch, i, clean()->train.pixels.data() + i * 64,
                 data->train.pixels.data() + i * 64);
  return data;
}

struct Trained {
  Sums train, validation;
  EngineState state;
};

Trained trainOneStep(const Config& config, const std::shared_ptr<const Dataset>& data) {
  const NetworkSpec network = makeNetwork(config, data->shape, data->classes).take();
  const auto engine = sparseEngine().make({network, config, data});
  const LayerDensities densities = configuredDensities(network, config).take().start;
  engine->restore(initialState(network, firstMasks(network, densities, config, data, {}), config));
  std::vector<int32_t> samples(kTrain);
  std::iota(samples.begin(), samples.end(), 0);
  Trained trained;
  trained.validation = engine->evaluate(Split::Validation);
  Span span;
  PlannedStep step;
  step.samples = samples;
  step.learningRate = 0.1f;
  step.epoch = kEpoch;
  span.steps = {step};
  engine->submit(span);
  trained.train = engine->collect().sums;
  trained.state = engine->state();
  return trained;
}

}  // namespace

class TestAugmentedTraining : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void stepsSeeTheChangedImages();
};

void TestAugmentedTraining::stepsSeeTheChangedImages() {
  if (!sparseEngine().refusal(makeNetwork({}, {1, 8, 8}, 4).value(), {}).empty()) QSKIP("no kernels");
  Config plain, augmented;
  plain.hidden_widths = augmented.hidden_widths = "20";
  plain.sparsity = augmented.sparsity = 0.5;
  augmented.augmentation = "crop-flip";
  const Trained onTheFly = trainOneStep(augmented, clean()), beforehand = trainOneStep(plain, changedBeforehand(augmented)),
                without = trainOneStep(plain, clean());
  QVERIFY(onTheFly.state == beforehand.state);
  QCOMPARE(onTheFly.train.loss, beforehand.train.loss);
  QVERIFY(onTheFly.train.loss != without.train.loss);
  QCOMPARE(onTheFly.validation.loss, without.validation.loss);
}

QTEST_APPLESS_MAIN(TestAugmentedTraining)
#include "tst_augmented_training.moc"
