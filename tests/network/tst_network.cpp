#include "network/models.h"
#include "network/network_spec.h"

#include <rapidcheck.h>
#include <QtTest>

#include <numeric>

using namespace lab;

namespace {

constexpr Shape kGrey28{1, 28, 28};

NetworkSpec build(const char* model, Shape input = kGrey28, const char* widths = "1024,512") {
  Config config;
  config.model = model;
  config.hidden_widths = widths;
  return makeNetwork(config, input, 10).take();
}

Op op(OpKind kind, std::vector<int> inputs, int64_t outputs = 0, int64_t kernel = 1) {
  Op result{kind, "op", std::move(inputs)};
  result.outputs = outputs;
  result.kernel = kernel;
  return result;
}

}  // namespace

class TestNetwork : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void goldenCounts_data();
  void goldenCounts();
  void lenet5ByHand();
  void perceptronsOfAnyWidths();
  void batchNormIsCountedAndNeverMasked();
  void residualShapes();
  void misfitsAreNamed_data();
  void misfitsAreNamed();
  void widthsAreParsed();
  void stepFlopsByHand();
  void everyModelIsFound();
};

void TestNetwork::goldenCounts_data() {
  QTest::addColumn<QString>("model");
  QTest::addColumn<int>("channels");
  QTest::addColumn<int>("side");
  QTest::addColumn<qint64>("parameters");
  QTest::addColumn<qint64>("maskable");
  QTest::addColumn<qint64>("multiplyAdds");
  QTest::newRow("mlp on CIFAR-10") << "mlp" << 3 << 32 << qint64(3676682) << qint64(3675136) << qint64(3675136);
  QTest::newRow("mlp on Fashion-MNIST")
      << "mlp" << 1 << 28 << qint64(1333770) << qint64(1332224) << qint64(1332224);
  QTest::newRow("lenet-300-100") << "lenet-300-100" << 1 << 28 << qint64(266610) << qint64(266200)
                                 << qint64(266200);
  QTest::newRow("lenet-5") << "lenet-5" << 1 << 28 << qint64(431080) << qint64(430500) << qint64(2293000);
}

void TestNetwork::goldenCounts() {
  QFETCH(QString, model);
  QFETCH(int, channels);
  QFETCH(int, side);
  const NetworkSpec spec = build(qPrintable(model), {channels, side, side});
  QTEST(qint64(parameterCount(spec)), "parameters");
  QTEST(qint64(maskableCount(spec)), "maskable");
  QTEST(qint64(macs(spec)), "multiplyAdds");
}

void TestNetwork::lenet5ByHand() {
  const NetworkSpec spec = build("lenet-5");
  const auto layers = weightLayers(spec);
  QCOMPARE(layers.size(), size_t(4));
  QCOMPARE(layers[0].shape, (std::vector<int64_t>{20, 1, 5, 5}));
  QCOMPARE(layers[1].shape, (std::vector<int64_t>{50, 20, 5, 5}));
  QCOMPARE(layers[2].shape, (std::vector<int64_t>{500, 800}));
  QCOMPARE(layers[3].shape, (std::vector<int64_t>{10, 500}));
  QCOMPARE(layers[0].macsPerWeight, int64_t(24 * 24));
  QCOMPARE(layers[1].macsPerWeight, int64_t(8 * 8));
  QCOMPARE(layers[1].columns(), int64_t(500));
  const auto shapes = inferShapes(spec).take();
  for (const WeightLayer& layer : layers) QVERIFY(layer.name == spec.ops[static_cast<size_t>(layer.op)].name);
  QVERIFY((shapes[2] == Shape{20, 12, 12}));
  QVERIFY((shapes[5] == Shape{50, 4, 4}));
  QVERIFY((shapes.back() == Shape{10, 1, 1}));
}

void TestNetwork::perceptronsOfAnyWidths() {
  QVERIFY(rc::check("counts are those of the formula", [] {
    const auto widths = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 300)));
    const Shape input{*rc::gen::inRange(1, 4), *rc::gen::inRange(1, 33), *rc::gen::inRange(1, 33)};
    std::string text;
    int64_t weights = 0, biases = 0, before = input.size();
    for (const int width : widths) {
      text += (text.empty() ? "" : ",") + std::to_string(width);
      weights += before * width;
      biases += width;
      before = width;
    }
    const NetworkSpec spec = build("mlp", input, text.c_str());
    RC_ASSERT(maskableCount(spec) == weights + before * 10);
    RC_ASSERT(parameterCount(spec) == weights + before * 10 + biases + 10);
    RC_ASSERT(macs(spec) == maskableCount(spec));
    RC_ASSERT(weightLayers(spec).size() == widths.size() + 1);
  }));
}

void TestNetwork::batchNormIsCountedAndNeverMasked() {
  NetworkSpec spec{"small", {3, 8, 8}, {}};
  Op convolution = op(OpKind::Conv2d, {kNetworkInput}, 4, 3);
  convolution.padding = 1;
  spec.ops = {convolution, op(OpKind::BatchNorm, {0}), op(OpKind::ReLU, {1}), op(OpKind::GlobalAvgPool, {2}),
              op(OpKind::Linear, {3}, 10)};
  QCOMPARE(maskableCount(spec), int64_t(4 * 3 * 9 + 4 * 10));
  QCOMPARE(parameterCount(spec), maskableCount(spec) + 2 * 4);
  QCOMPARE(macs(spec), int64_t(4 * 3 * 9 * 64 + 40));
}

void TestNetwork::residualShapes() {
  NetworkSpec spec{"residual", {4, 8, 8}, {}};
  Op wide = op(OpKind::Conv2d, {kNetworkInput}, 8, 3);
  wide.padding = 1;
  wide.stride = 2;
  Op shortcut = op(OpKind::Conv2d, {kNetworkInput}, 8, 1);
  shortcut.stride = 2;
  spec.ops = {wide, shortcut, op(OpKind::Add, {0, 1})};
  const auto shapes = inferShapes(spec);
  QVERIFY(shapes.ok());
  QVERIFY((shapes.value().back() == Shape{8, 4, 4}));
}

void TestNetwork::misfitsAreNamed_data() {
  QTest::addColumn<int>("which");
  const char* names[] = {"linear on an image", "window too large", "later input", "one input to add",
                         "unequal add",        "no outputs",       "stride 0"};
  for (int i = 0; i < 7; ++i) QTest::newRow(names[i]) << i;
}

void TestNetwork::misfitsAreNamed() {
  QFETCH(int, which);
  Op frozen = op(OpKind::MaxPool, {kNetworkInput}, 0, 2);
  frozen.stride = 0;
  const std::vector<std::vector<Op>> misfits{
      {op(OpKind::Linear, {kNetworkInput}, 10)},
      {op(OpKind::Conv2d, {kNetworkInput}, 4, 9)},
      {op(OpKind::ReLU, {0})},
      {op(OpKind::Add, {kNetworkInput})},
      {op(OpKind::GlobalAvgPool, {kNetworkInput}), op(OpKind::Add, {kNetworkInput, 0})},
      {op(OpKind::Conv2d, {kNetworkInput}, 0, 3)},
      {frozen},
  };
  const auto shapes = inferShapes({"misfit", {3, 8, 8}, misfits[static_cast<size_t>(which)]});
  QVERIFY(!shapes.ok());
  QCOMPARE(shapes.problems().size(), size_t(1));
  QVERIFY(shapes.problems()[0].message.find("operation op") == 0);
}

void TestNetwork::widthsAreParsed() {
  QCOMPARE(parseWidths("1024,512").value(), (std::vector<int64_t>{1024, 512}));
  QCOMPARE(parseWidths("65536").value(), std::vector<int64_t>{65536});
  for (const char* bad :
       {"", ",", "10,", ",10", "0", "-3", "65537", "10;20", "1e3", "10, 20", "99999999999999999999"}) {
    const auto widths = parseWidths(bad);
    QVERIFY2(!widths.ok(), bad);
    QVERIFY(widths.problems()[0].message.find(std::string("'") + bad + "'") != std::string::npos);
  }
  Config config;
  config.hidden_widths = "ten";
  QVERIFY(!makeNetwork(config, kGrey28, 10).ok());
  config.model = "lenet-5";  // does not read the widths
  QVERIFY(makeNetwork(config, kGrey28, 10).ok());
  QVERIFY(!makeNetwork(config, {1, 8, 8}, 10).ok());  // too small for two 5 × 5 convolutions
}

void TestNetwork::stepFlopsByHand() {
  const auto layers = weightLayers(build("lenet-300-100"));
  const StepFlops flops = stepFlops(layers, {100, 10, 1});
  QCOMPARE(flops.forward, 222.0);
  QCOMPARE(flops.weightGradient, 222.0);
  QCOMPARE(flops.inputGradient, 22.0);  // none for the first layer
  QCOMPARE(flops.total(), 466.0);
  const auto convolutions = weightLayers(build("lenet-5"));
  QCOMPARE(stepFlops(convolutions, {1, 1, 0, 0}).forward, 2.0 * (24 * 24 + 8 * 8));
}

void TestNetwork::everyModelIsFound() {
  QCOMPARE(modelNames().size(), models().size());
  for (const Model& model : models()) QCOMPARE(findModel(model.name), &model);
  QVERIFY(findModel("mlp-mixer") == nullptr);
  Config config;
  config.model = "mlp-mixer";
  QVERIFY(!makeNetwork(config, kGrey28, 10).ok());
}

QTEST_APPLESS_MAIN(TestNetwork)
#include "tst_network.moc"
