// A user's network: read, written, refused with the place that is wrong, and part of a configuration.
#include "network/models.h"
#include "network/network_builder.h"
#include "network/network_toml.h"
#include "parameters/config_builder.h"

#include <rapidcheck.h>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace lab;

namespace {

constexpr Shape kInput{2, 12, 9};
constexpr int64_t kClasses = 7;

constexpr const char* kResidual = R"(
# A block and a classifier.
name = "small"
op = [
  { kind = "conv2d", name = "a", outputs = 6, kernel = 3, padding = 1, bias = false },
  { kind = "batch-norm" },
  { kind = "relu" },
  { kind = "max-pool", kernel = 2 },
  { kind = "conv2d", outputs = 6, kernel = 3, padding = 1 },
  { kind = "add", inputs = ["conv2", "pool1"] },
  { kind = "global-avg-pool" },
  { kind = "linear" },
]
)";

Result<NetworkSpec> parse(std::string_view text) { return parseNetwork(text, "net.toml", kInput, kClasses); }

bool same(const NetworkSpec& a, const NetworkSpec& b) {
  const auto equal = [](const Op& x, const Op& y) {
    return x.kind == y.kind && x.name == y.name && x.inputs == y.inputs && x.outputs == y.outputs &&
           x.kernel == y.kernel && x.stride == y.stride && x.padding == y.padding && x.bias == y.bias;
  };
  return a.name == b.name && a.input == b.input &&
         std::equal(a.ops.begin(), a.ops.end(), b.ops.begin(), b.ops.end(), equal);
}

/// Layers, windows and blocks of any sizes that fit.
NetworkSpec anyNetwork() {
  NetworkBuilder network(*rc::gen::element<std::string>("", "net", "a \"b\"\\\n"), kInput);
  const int steps = *rc::gen::inRange(0, 6);
  for (int i = 0; i < steps; ++i) {
    const std::string name = "op \"" + std::to_string(i) + "\"";
    const int entry = network.place();
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
        network.convolution(name, *rc::gen::inRange(1, 9), {3, *rc::gen::inRange(1, 3), 1},
                            *rc::gen::arbitrary<bool>());
        break;
      case 1:
        network.maxPool(name, {3, *rc::gen::inRange(1, 3), 1});
        break;
      case 2:
        network.batchNorm(name).relu(name + "r");
        break;
      case 3:
        network.relu(name).add(name + "+", entry);
        break;
      default:
        network.from(entry).batchNorm(name);
    }
  }
  if (*rc::gen::arbitrary<bool>()) network.globalAvgPool("average");
  return network.flatten("flat").linear("last", kClasses, *rc::gen::arbitrary<bool>()).take();
}

}  // namespace

class TestNetworkToml : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void defaultsAreThoseOfTheManual();
  void writtenAndReadIsTheSame();
  void modelsGoRound();
  void refusals_data();
  void refusals();
  void allProblemsAtOnce();
  void anyBytesAreReadOrRefused();
  void aFileIsAModel();
  void theHashIsThatOfTheContent();
};

void TestNetworkToml::defaultsAreThoseOfTheManual() {
  const NetworkSpec spec = parse(kResidual).take();
  NetworkBuilder expected("small", kInput);
  expected.convolution("a", 6, {3, 1, 1}).batchNorm("bn1").relu("relu1").maxPool("pool1", {2, 2, 0});
  const int pool = expected.place();
  expected.convolution("conv2", 6, {3, 1, 1}, true)
      .add("add1", pool)
      .globalAvgPool("avgpool1")
      .linear("fc1", kClasses);
  QVERIFY(same(spec, expected.take()));
}

void TestNetworkToml::writtenAndReadIsTheSame() {
  QVERIFY(rc::check("toToml and parseNetwork are inverse", [] {
    const NetworkSpec spec = anyNetwork();
    RC_PRE(inferShapes(spec).ok());
    const auto back = parse(toToml(spec));
    if (!back) RC_FAIL(describe(back.problems()));
    RC_ASSERT(same(back.value(), spec));
  }));
}

void TestNetworkToml::modelsGoRound() {
  for (const Model& model : models()) {
    const NetworkSpec spec = model.make(Config{}, {3, 32, 32}, 10);
    QVERIFY2(same(parseNetwork(toToml(spec), "net.toml", {3, 32, 32}, 10).take(), spec), model.name.data());
  }
}

void TestNetworkToml::refusals_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("said");
  const auto row = [](const char* name, const char* text, const char* said) {
    QTest::newRow(name) << QByteArray(text) << QByteArray(said);
  };
  row("syntax", "op = [\n { kind = }\n]", "net.toml line 2: ");
  row("no operations", "name = 'x'", "a network needs a list op");
  row("unknown key", "ops = []\nop = [{ kind = 'linear' }]", "net.toml line 1: 'ops' is not possible here");
  row("unknown kind", "op = [\n{ kind = 'conv' },\n]", "net.toml line 2: kind 'conv' is unknown");
  row("suggested kind", "op = [{ kind = 'reluu' }]", "did you mean relu?");
  row("no kind", "op = [{ name = 'x' }]", "an operation needs a kind");
  row("key of another kind", "op = [\n\n{ kind = 'relu', kernel = 3 }]",
      "net.toml line 3: 'kernel' is no key of relu");
  row("suggested key", "op = [{ kind = 'conv2d', output = 3 }]", "did you mean outputs?");
  row("no outputs", "op = [{ kind = 'conv2d', kernel = 3 }, { kind = 'linear' }]",
      "outputs of conv1 must be a whole number from 1 to 65536");
  row("outputs of an inner layer", "op = [{kind='flatten'}, {kind='linear'}, {kind='linear'}]",
      "outputs of fc1 must be");
  row("wrong number", "op = [{ kind = 'max-pool', kernel = 0 }]",
      "kernel of pool1 must be a whole number from 1 to 1024");
  row("no number", "op = [{ kind = 'max-pool', kernel = 'x' }]", "kernel of pool1 must be");
  row("unknown input", "op = [{ kind = 'relu', inputs = ['later'] }]",
      "input 'later' of relu1 is no operation before it");
  row("name twice", "op = [{kind='relu',name='a'},{kind='relu',name='a'}]", "name 'a' is taken");
  row("name of the input", "op = [{ kind = 'relu', name = 'input' }]", "name 'input' is taken");
  row("misfit", "op = [{ kind = 'linear' }]", "net.toml: operation fc1: a linear layer takes a vector");
  row("one input to add", "op = [{ kind = 'add' }]", "operation add1: 1 inputs given");
  row("unread", "op = [{kind='flatten'},{kind='relu',inputs=['input']},{kind='linear',inputs=['flatten1']}]",
      "operation relu1: no later operation reads its output");
  row("wrong width", "op = [{ kind = 'flatten' }, { kind = 'linear', outputs = 3 }]",
      "gives 3 × 1 × 1 values; the data have 7");
  row("no weights", "op = [{ kind = 'global-avg-pool' }]", "no convolution to train");
  row("too large",
      "op = [{kind='conv2d',outputs=65536,padding=1024,kernel=2},{kind='conv2d',outputs=65536,padding=1024}]",
      "more than any machine holds");
}

void TestNetworkToml::refusals() {
  QFETCH(QByteArray, text);
  QFETCH(QByteArray, said);
  const auto spec = parse(text.toStdString());
  QVERIFY(!spec.ok());
  const std::string message = describe(spec.problems());
  QVERIFY2(message.find(said.toStdString()) != std::string::npos, message.c_str());
}

void TestNetworkToml::allProblemsAtOnce() {
  const auto spec =
      parse("op = [{ kind = 'relu', kernel = 1, stride = 1 }, { kind = 'what' }, { kind = 'max-pool' }]");
  QVERIFY(!spec.ok());
  QCOMPARE(spec.problems().size(), size_t(4));
}

void TestNetworkToml::anyBytesAreReadOrRefused() {
  QVERIFY(rc::check("a damaged file gives a network that fits or a problem", [] {
    std::string text = kResidual;
    const int damages = *rc::gen::inRange(1, 6);
    for (int i = 0; i < damages; ++i)
      text[*rc::gen::inRange<size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    const auto spec = parse(text);
    if (spec)
      RC_ASSERT((inferShapes(spec.value()).take().back() == Shape{kClasses, 1, 1}));
    else
      RC_ASSERT(!describe(spec.problems()).empty());
  }));
}

void TestNetworkToml::aFileIsAModel() {
  QTemporaryDir folder;
  const QString path = folder.filePath("small net.toml");
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write(
      "op = [{ kind = 'flatten' }, { kind = 'linear', outputs = 20 }, { kind = 'relu' }, { kind = 'linear' }]");
  file.close();
  ConfigBuilder builder;
  builder.set("model", path.toStdString(), Origin::Flag);
  const auto resolved = builder.resolve();
  QVERIFY2(resolved.ok(), resolved.ok() ? "" : describe(resolved.problems()).c_str());
  const NetworkSpec spec = makeNetwork(resolved.value().config, {1, 28, 28}, 10).take();
  QCOMPARE(spec.name, std::string("small net"));
  QCOMPARE(maskableCount(spec), int64_t(784 * 20 + 20 * 10));
  QVERIFY(idleParameters(resolved.value().config).contains("hidden_widths"));
  QCOMPARE(modelLabel(path.toStdString()), std::string("small-net"));
  QCOMPARE(modelLabel("vgg-c"), std::string("vgg-c"));

  for (const QString& bad : {folder.filePath("missing.toml"), folder.path() + "/.toml"}) {
    ConfigBuilder other;
    other.set("model", bad.toStdString(), Origin::Flag);
    const auto refused = other.resolve();
    QVERIFY(!refused.ok());
    QVERIFY(describe(refused.problems()).find("cannot be read") != std::string::npos);
  }
}

void TestNetworkToml::theHashIsThatOfTheContent() {
  QTemporaryDir folder;
  const auto hashOf = [&](const char* name, const char* text) {
    QFile file(folder.filePath(name));
    if (file.open(QIODevice::WriteOnly)) file.write(text);
    file.close();
    Config config;
    config.model = folder.filePath(name).toStdString();
    return configurationHash(config);
  };
  const std::string one = hashOf("a.toml", "op = [{ kind = 'flatten' }, { kind = 'linear' }]");
  QCOMPARE(hashOf("b.toml", "# elsewhere\nop = [{ kind = 'flatten' },\n { kind = 'linear', outputs = 10 }]"), one);
  QVERIFY(hashOf("a.toml", "op = [{ kind = 'flatten' }, { kind = 'linear', bias = false }]") != one);
}

QTEST_APPLESS_MAIN(TestNetworkToml)
#include "tst_network_toml.moc"
