#include "network/models.h"
#include "network/network_spec.h"
#include "topology/distribution.h"

#include <rapidcheck.h>
#include <QtTest>

#include <algorithm>
#include <set>

using namespace lab;

namespace {

constexpr Shape kGrey28{1, 28, 28};

NetworkSpec build(const char* model, Shape input = kGrey28, const char* widths = "1024,512",
                  int64_t classes = 10) {
  Config config;
  config.model = model;
  config.hidden_widths = widths;
  return makeNetwork(config, input, classes).take();
}

std::set<std::string> denseUnderErk(const NetworkSpec& spec, double density) {
  const auto layers = weightLayers(spec);
  const LayerDensities densities = layerDensities("erk", layers, density).take();
  std::set<std::string> names;
  for (size_t l = 0; l < layers.size(); ++l)
    if (densities.active[l] == layers[l].weights) names.insert(layers[l].name);
  return names;
}

const Op& named(const NetworkSpec& spec, std::string_view name) {
  return *std::find_if(spec.ops.begin(), spec.ops.end(), [&](const Op& op) { return op.name == name; });
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
  void erkDenseLayersAreTheKnownOnes();
  void vggCGrowsTheMap();
  void residualNetworksByHand();
  void largeImagesGetALargeStem();
  void smallImagesAreRefusedByName();
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
  QTest::addColumn<int>("classes");
  QTest::addColumn<qint64>("parameters");
  QTest::addColumn<qint64>("maskable");
  QTest::addColumn<qint64>("multiplyAdds");
  QTest::newRow("mlp on CIFAR-10") << "mlp" << 3 << 32 << 10 << qint64(3676682) << qint64(3675136)
                                   << qint64(3675136);
  QTest::newRow("mlp on Fashion-MNIST")
      << "mlp" << 1 << 28 << 10 << qint64(1333770) << qint64(1332224) << qint64(1332224);
  QTest::newRow("lenet-300-100") << "lenet-300-100" << 1 << 28 << 10 << qint64(266610) << qint64(266200)
                                 << qint64(266200);
  const auto row = [](const char* model, int channels, int side, int classes, qint64 parameters, qint64 maskable,
                      qint64 multiplyAdds) {
    QTest::addRow("%s, %d pixels, %d classes", model, side, classes)
        << model << channels << side << classes << parameters << maskable << multiplyAdds;
  };
  row("lenet-5", 1, 28, 10, 431080, 430500, 2293000);
  row("vgg-c", 3, 32, 10, 11323466, 11307712, 310973440);
  row("vgg-d", 3, 32, 10, 15255626, 15239872, 313725952);
  row("vgg-c", 3, 32, 100, 11323466 + 90 * 513, 11307712 + 90 * 512, 310973440 + 90 * 512);
  row("resnet-34", 3, 32, 100, 21328192, 21311168, 1159448576);
  row("resnet-50", 3, 224, 1000, 25557032, 25502912, 4089184256);
  // Stem, three stages of six 3 × 3 convolutions and a shortcut, classifier; scale and shift of 1,360 channels.
  constexpr qint64 wide =
      432 + (4608 + 5 * 9216 + 512) + (18432 + 5 * 36864 + 2048) + (73728 + 5 * 147456 + 8192) + 1280;
  row("wrn-22-2", 3, 32, 10, wide + 2 * 1360 + 10, wide,
      1024 * (432 + 4608 + 5 * 9216 + 512) + 256 * (18432 + 5 * 36864 + 2048) + 64 * (73728 + 5 * 147456 + 8192) +
          1280);
  row("resnet-18", 3, 32, 10, 11173952, 11164352, 555422720);
}

void TestNetwork::goldenCounts() {
  QFETCH(QString, model);
  QFETCH(int, channels);
  QFETCH(int, side);
  QFETCH(int, classes);
  const NetworkSpec spec = build(qPrintable(model), {channels, side, side}, "1024,512", classes);
  QTEST(qint64(parameterCount(spec)), "parameters");
  QTEST(qint64(maskableCount(spec)), "maskable");
  QTEST(qint64(macs(spec)), "multiplyAdds");
}

void TestNetwork::erkDenseLayersAreTheKnownOnes() {
  using Names = std::set<std::string>;
  const Shape colour{3, 32, 32};
  QCOMPARE(denseUnderErk(build("mlp", colour), 0.05), (Names{"fc3"}));
  QCOMPARE(denseUnderErk(build("vgg-c", colour), 0.05), (Names{"conv0", "fc3"}));
  QCOMPARE(denseUnderErk(build("vgg-c", colour), 0.2), (Names{"conv0", "fc3", "conv6"}));
  const NetworkSpec resnet = build("resnet-34", colour, "", 100);
  QCOMPARE(denseUnderErk(resnet, 0.05), (Names{"conv1", "layer2.0.shortcut"}));
  QCOMPARE(denseUnderErk(resnet, 0.02), (Names{"conv1"}));
}

void TestNetwork::vggCGrowsTheMap() {
  const NetworkSpec spec = build("vgg-c", {3, 32, 32});
  const auto shapes = inferShapes(spec).take();
  std::vector<int64_t> sides;
  for (size_t i = 0; i < spec.ops.size(); ++i)
    if (spec.ops[i].kind == OpKind::Conv2d || spec.ops[i].kind == OpKind::MaxPool)
      sides.push_back(shapes[i].height);
  QCOMPARE(sides, (std::vector<int64_t>{32, 32, 16, 16, 16, 8, 8, 8, 10, 5, 5, 5, 7, 3, 3, 3, 5, 2}));
  for (const WeightLayer& layer : weightLayers(spec)) QVERIFY(layer.bias);
  QCOMPARE(weightLayers(spec)[13].columns(), int64_t(2048));
  QCOMPARE(spec.ops[named(spec, "fc1.bn").inputs[0]].name, std::string("fc1.relu"));
}

void TestNetwork::residualNetworksByHand() {
  const NetworkSpec basic = build("resnet-34", {3, 32, 32}, "", 100);
  QVERIFY(!named(basic, "fc").bias && !named(basic, "conv1").bias);
  QCOMPARE(named(basic, "layer3.0.conv1").stride, int64_t(2));
  QCOMPARE(named(basic, "layer3.0.shortcut").kernel, int64_t(1));
  const Op& sum = named(basic, "layer1.1.add");  // of the block's input itself
  QCOMPARE(basic.ops[sum.inputs[0]].name, std::string("layer1.1.bn2"));
  QCOMPARE(basic.ops[sum.inputs[1]].name, std::string("layer1.0.relu2"));

  const NetworkSpec deep = build("resnet-50", {3, 32, 32});
  QCOMPARE(named(deep, "layer2.0.conv1").stride, int64_t(1));  // v1.5: the stride is in the 3 × 3
  QCOMPARE(named(deep, "layer2.0.conv2").stride, int64_t(2));
  QVERIFY(named(deep, "fc").bias);

  const NetworkSpec wide = build("wrn-22-2", {3, 32, 32});
  QCOMPARE(weightLayers(wide).size(), size_t(1 + 18 + 3 + 1));
  QCOMPARE(wide.ops[named(wide, "layer2.0.shortcut").inputs[0]].name, std::string("layer2.0.relu1"));
  QCOMPARE(wide.ops[named(wide, "layer2.1.add").inputs[1]].name, std::string("layer2.0.add"));
}

void TestNetwork::largeImagesGetALargeStem() {
  for (const char* model : {"resnet-18", "resnet-34", "resnet-50"}) {
    for (const int64_t side : {32, 63}) QCOMPARE(named(build(model, {3, side, side}), "conv1").kernel, int64_t(3));
    const NetworkSpec large = build(model, {3, 64, 80});
    QCOMPARE(named(large, "conv1").kernel, int64_t(7));
    QVERIFY((inferShapes(large).take()[static_cast<size_t>(named(large, "layer1.0.conv1").inputs[0])] ==
             Shape{64, 16, 20}));
  }
}

void TestNetwork::smallImagesAreRefusedByName() {
  Config config;
  config.model = "vgg-d";
  const auto network = makeNetwork(config, kGrey28, 10);
  QVERIFY(!network.ok());
  QCOMPARE(network.problems()[0].key, std::string("model"));
  for (const char* part : {"vgg-d", "1 × 28 × 28", "pool5"})
    QVERIFY(network.problems()[0].message.find(part) != std::string::npos);
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
  const char* names[] = {"linear on an image", "window too large",  "later input",
                         "one input to add",   "unequal add",       "no outputs",
                         "stride 0",           "padding of a pool", "unread output"};
  for (int i = 0; i < 9; ++i) QTest::newRow(names[i]) << i;
}

void TestNetwork::misfitsAreNamed() {
  QFETCH(int, which);
  Op frozen = op(OpKind::MaxPool, {kNetworkInput}, 0, 2);
  frozen.stride = 0;
  Op padded = op(OpKind::MaxPool, {kNetworkInput}, 0, 3);
  padded.padding = 2;
  const std::vector<std::vector<Op>> misfits{
      {op(OpKind::Linear, {kNetworkInput}, 10)},
      {op(OpKind::Conv2d, {kNetworkInput}, 4, 9)},
      {op(OpKind::ReLU, {0})},
      {op(OpKind::Add, {kNetworkInput})},
      {op(OpKind::GlobalAvgPool, {kNetworkInput}), op(OpKind::Add, {kNetworkInput, 0})},
      {op(OpKind::Conv2d, {kNetworkInput}, 0, 3)},
      {frozen},
      {padded},
      {op(OpKind::ReLU, {kNetworkInput}), op(OpKind::ReLU, {kNetworkInput})},
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
