#include "topology/distribution.h"

#include <QtTest>
#include <rapidcheck.h>

#include <cmath>
#include <numeric>
#include <set>
#include <string>

using namespace lab;

namespace {

WeightLayer linear(std::string name, int64_t out, int64_t in) {
  return {std::move(name), 0, {out, in}, out * in, 1, true};
}

WeightLayer convolution(std::string name, int64_t out, int64_t in, int64_t kernel) {
  return {std::move(name), 0, {out, in, kernel, kernel}, out * in * kernel * kernel, 1, true};
}

std::vector<WeightLayer> mlp(int64_t input) {
  return {linear("fc1", 1024, input), linear("fc2", 512, 1024), linear("fc3", 10, 512)};
}

/// VGG-C: three of its convolutions are 1×1.
std::vector<WeightLayer> vggC() {
  const int64_t widths[] = {64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512};
  const std::set<int> oneByOne{6, 9, 12};
  std::vector<WeightLayer> layers;
  int64_t in = 3;
  for (int i = 0; i < 13; ++i) {
    layers.push_back(convolution("conv" + std::to_string(i), widths[i], in, oneByOne.count(i) ? 1 : 3));
    in = widths[i];
  }
  layers.push_back(linear("fc1", 512, 2048));
  layers.push_back(linear("fc2", 512, 512));
  layers.push_back(linear("fc3", 10, 512));
  return layers;
}

std::vector<WeightLayer> resnet34() {
  std::vector<WeightLayer> layers{convolution("conv1", 64, 3, 3)};
  const int64_t widths[] = {64, 128, 256, 512};
  const int blocks[] = {3, 4, 6, 3};
  int64_t in = 64;
  for (int stage = 0; stage < 4; ++stage)
    for (int block = 0; block < blocks[stage]; ++block) {
      const std::string name = "layer" + std::to_string(stage + 1) + "." + std::to_string(block);
      layers.push_back(convolution(name + ".conv1", widths[stage], in, 3));
      layers.push_back(convolution(name + ".conv2", widths[stage], widths[stage], 3));
      if (in != widths[stage]) layers.push_back(convolution(name + ".shortcut", widths[stage], in, 1));
      in = widths[stage];
    }
  layers.push_back(linear("fc", 100, 512));
  return layers;
}

int64_t total(const std::vector<WeightLayer>& layers) {
  return std::accumulate(layers.begin(), layers.end(), int64_t{0},
                         [](int64_t sum, const WeightLayer& l) { return sum + l.weights; });
}

std::set<std::string> denseUnderErk(const std::vector<WeightLayer>& layers, double density) {
  const LayerDensities densities = layerDensities("erk", layers, density).take();
  std::set<std::string> names;
  for (size_t l = 0; l < layers.size(); ++l)
    if (densities.active[l] == layers[l].weights) names.insert(layers[l].name);
  return names;
}

}  // namespace

class TestDistribution : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void erkDenseLayersAreTheKnownOnes();
  void totalIsExact();
  void erIgnoresTheKernel();
  void uniformPlusKeepsTheFirstConvolution();
  void emptyLayersAreRefused();
  void unknownDistributionIsRefused();
};

void TestDistribution::erkDenseLayersAreTheKnownOnes() {
  using Names = std::set<std::string>;
  QCOMPARE(denseUnderErk(mlp(3072), 0.05), (Names{"fc3"}));
  QCOMPARE(total(vggC()), 11307712);
  QCOMPARE(denseUnderErk(vggC(), 0.05), (Names{"conv0", "fc3"}));
  QCOMPARE(denseUnderErk(vggC(), 0.2), (Names{"conv0", "fc3", "conv6"}));
  QCOMPARE(total(resnet34()), 21311168);
  QCOMPARE(denseUnderErk(resnet34(), 0.05), (Names{"conv1", "layer2.0.shortcut"}));
  QCOMPARE(denseUnderErk(resnet34(), 0.02), (Names{"conv1"}));
}

void TestDistribution::totalIsExact() {
  QVERIFY(rc::check("realised total is the rounded density, no layer above full", [] {
    std::vector<WeightLayer> layers;
    const auto depth = *rc::gen::inRange(1, 6);
    int64_t in = *rc::gen::inRange<int64_t>(1, 300);
    for (int l = 0; l < depth; ++l) {
      const auto out = *rc::gen::inRange<int64_t>(1, 300);
      if (*rc::gen::arbitrary<bool>()) {
        layers.push_back(linear("l" + std::to_string(l), out, in));
      } else {
        layers.push_back(convolution("c" + std::to_string(l), out, in, *rc::gen::element<int64_t>(1, 3, 5)));
      }
      in = out;
    }
    const double density = *rc::gen::inRange(1, 1001) * 1e-3;
    const std::string name = *rc::gen::elementOf(distributionNames());
    const auto densities = layerDensities(name, layers, density);
    if (!densities) {
      RC_ASSERT(!densities.problems().empty());
      return;
    }
    int64_t sum = 0;
    for (size_t l = 0; l < layers.size(); ++l) {
      const int64_t active = densities.value().active[l];
      RC_ASSERT(active >= 1 && active <= layers[l].weights);
      RC_ASSERT(std::abs(static_cast<double>(active) -
                         densities.value().target[l] * static_cast<double>(layers[l].weights)) <= 1.0 + 1e-6);
      sum += active;
    }
    RC_ASSERT(sum == std::llround(density * static_cast<double>(total(layers))));
  }));
}

void TestDistribution::erIgnoresTheKernel() {
  // p = (out + in) / (out in) for both layers alike, whatever their kernels.
  const std::vector<WeightLayer> layers{convolution("a", 32, 32, 1), convolution("b", 32, 32, 3)};
  const auto densities = layerDensities("er", layers, 0.1).take();
  QCOMPARE(densities.target[0], densities.target[1]);
  const auto kernel = layerDensities("erk", layers, 0.1).take();
  QVERIFY(kernel.target[0] > 2 * kernel.target[1]);
}

void TestDistribution::uniformPlusKeepsTheFirstConvolution() {
  const auto layers = vggC();
  const auto densities = layerDensities("uniform-plus", layers, 0.1).take();
  QCOMPARE(densities.active[0], layers[0].weights);
  QVERIFY(densities.target[1] < 0.1);
  QCOMPARE(densities.target[1], densities.target[15]);
}

void TestDistribution::emptyLayersAreRefused() {
  const auto densities = layerDensities("uniform", mlp(784), 0.00001);
  QVERIFY(!densities);
  const QString message = QString::fromStdString(describe(densities.problems()));
  QVERIFY2(message.contains("0.99999") && message.contains("fc3"), qPrintable(message));
}

void TestDistribution::unknownDistributionIsRefused() {
  const auto densities = layerDensities("erdos", mlp(784), 0.1);
  QVERIFY(!densities);
  QVERIFY(densities.problems()[0].message.find("erdos") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestDistribution)
#include "tst_distribution.moc"
