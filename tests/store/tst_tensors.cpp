// What other programs read of ours: tensors as safetensors and metrics as TensorBoard's event files, by our own
// readers, by known answers, and by the packages themselves.

#include "run_fixture.h"
#include "store/files.h"
#include "store/network_tensors.h"
#include "store/tensorboard.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

#include <cstring>

using namespace lab;
using namespace Qt::Literals::StringLiterals;
namespace fs = std::filesystem;

namespace {

/// Two layers, the second without bias, and one batch normalisation.
EngineState smallNetwork() {
  EngineState state;
  state.layers.resize(2);
  state.layers[0].active = Mask(6);
  for (const int64_t i : {1, 4, 5}) state.layers[0].active.set(i);
  state.layers[0].weights = {0.5f, -2, 1e-20f};
  state.layers[0].bias = {1, 2};
  state.layers[1].active = Mask(2, true);
  state.layers[1].weights = {3, 4};
  state.norms = {{{1}, {2}, {3}, {4}, {}, {}, {}, {}}};
  return state;
}

std::vector<LayerInfo> smallLayers() { return {{"fc1", {2, 3}, 6, 3, 0.5}, {"fc2", {1, 2}, 2, 2, 1}}; }

const Tensor* find(const Tensors& tensors, const std::string& name) {
  for (const Tensor& tensor : tensors.tensors)
    if (tensor.name == name) return &tensor;
  return nullptr;
}

std::vector<float> floats(const Tensor& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeof(float));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

/// Python with the packages that we compare with, fetched from PyPI once a build folder.
class Peers {
 public:
  Peers() {
    if (QFile::exists(folder() + "/complete")) return;
    const int code = python({"-m",
                             "pip",
                             "install",
                             "-q",
                             "--no-deps",
                             "--only-binary=:all:",
                             "--target",
                             folder(),
                             "--upgrade",
                             "--retries",
                             "1",
                             "--timeout",
                             "20",
                             "--disable-pip-version-check",
                             "--root-user-action=ignore",
                             "safetensors==0.8.0",
                             "numpy==2.4.6",
                             "protobuf==7.36.2",
                             "tensorboard==2.21.0",
                             "absl-py==2.5.1"});
    if (code != 0) return;
    QFile complete(folder() + "/complete");
    static_cast<void>(complete.open(QIODevice::WriteOnly));
  }
  bool there() const { return QFile::exists(folder() + "/complete"); }

  /// What the script prints as JSON.
  QJsonObject run(const QString& script, const fs::path& file) {
    const int code = python({"-c", script, QString::fromStdString(file.string())});
    if (code != 0) qWarning("%s", said_.constData());
    return QJsonDocument::fromJson(said_).object();
  }

 private:
  static QString folder() { return QStringLiteral(LAB_BINARY_DIR "/tests/python"); }

  int python(const QStringList& arguments) {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("PYTHONPATH", folder());
    process.setProcessEnvironment(environment);
    process.start("python3", arguments);
    if (!process.waitForFinished(240000)) return -1;
    said_ = process.readAllStandardOutput();
    if (process.exitCode() != 0) said_ += process.readAllStandardError();
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
  }

  QByteArray said_;
};

}  // namespace

class TestTensors : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;

 private Q_SLOTS:
  void activeWeightsComeBack() {
    const EngineState state = smallNetwork();
    const std::vector<Mask> active{state.layers[0].active, state.layers[1].active};
    const std::string content = packWeights(smallLayers(), state, 7);
    const auto read = unpackActiveWeights(content, smallLayers(), active);
    QVERIFY(read.ok());
    QCOMPARE(read.value(), (std::vector<std::vector<float>>{state.layers[0].weights, state.layers[1].weights}));
    auto other = smallLayers();
    other[1].shape = {2, 1};
    QVERIFY(!unpackActiveWeights(content, other, active).ok());
    QVERIFY(!unpackActiveWeights(content.substr(0, content.size() - 1), smallLayers(), active).ok());
  }

  void networksAreNamedAsInPyTorch() {
    const auto read = unpackSafetensors(packWeights(smallLayers(), smallNetwork(), 7), "here").take();
    QCOMPARE(read.metadata.at("step"), "7");
    QCOMPARE(floats(*find(read, "fc1.weight")), (std::vector<float>{0, 0.5f, 0, 0, -2, 1e-20f}));
    QCOMPARE(find(read, "fc1.weight")->shape, (std::vector<int64_t>{2, 3}));
    QCOMPARE(find(read, "fc1.mask")->bytes, std::string("\0\1\0\0\1\1", 6));
    QCOMPARE(floats(*find(read, "fc1.bias")), (std::vector<float>{1, 2}));
    QVERIFY(find(read, "fc2.bias") == nullptr);
    QCOMPARE(floats(*find(read, "norm1.running_var")), std::vector<float>{4});
  }

  void inactiveWeightsOfTrainableMasksAreKept() {
    EngineState state = smallNetwork();
    state.layers[0].weights = {1, 2, 3, 4, 5, 6};
    state.thresholds = {0.25f, 0.5f};
    const auto tensors = weightTensors(smallLayers(), state);
    QCOMPARE(floats(tensors[0]), state.layers[0].weights);
    QCOMPARE(floats(tensors.back()), state.thresholds);
  }

  void dataAreAligned() {
    const std::string file = packWeights(smallLayers(), smallNetwork(), 7);
    uint64_t header = 0;
    std::memcpy(&header, file.data(), sizeof header);
    QCOMPARE(header % 8, 0U);
    const auto json =
        QJsonDocument::fromJson(QByteArray(file.data() + 8, static_cast<qsizetype>(header))).object();
    for (const QString& name : json.keys())
      if (json[name]["dtype"_L1] == "F32") QCOMPARE(json[name]["data_offsets"_L1][0].toInt() % 4, 0);
  }

  void damageIsAProblem() {
    const std::string good = packSafetensors({maskTensors(smallLayers(), {Mask(6), Mask(2)}), {}});
    for (size_t size = 0; size < good.size(); ++size)
      QVERIFY(!unpackSafetensors(good.substr(0, size), "here").ok());
    std::string other = good;
    other.replace(other.find("BOOL"), 4, "BF16");
    QVERIFY(!unpackSafetensors(other, "here").ok());
  }

  void crcKnownAnswers() {
    // RFC 3720, B.4.
    QCOMPARE(crc32c(std::string(32, '\0')), 0x8a9136aaU);
    QCOMPARE(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
    std::string rising;
    for (char c = 0; c < 32; ++c) rising += c;
    QCOMPARE(crc32c(rising), 0x46dd794eU);
    QCOMPARE(crc32c("123456789"), 0xe3069283U);
  }

  void othersReadTheSame() {
    Peers peers;
    if (!peers.there())
      QSKIP("PyPI cannot be reached: safetensors and tensorboard are not there to read our files");
    const fs::path file = pathOf(folder_) / "net.safetensors";
    writeWhole(file, packWeights(smallLayers(), smallNetwork(), 7));
    const QJsonObject read = peers.run(R"(
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="np") as f:
    tensors = {k: f.get_tensor(k) for k in f.keys()}
    print(json.dumps({"step": f.metadata()["step"], "tensors":
        {k: [str(v.dtype), list(v.shape), v.astype(float).flatten().tolist()] for k, v in tensors.items()}}))
)",
                                       file);
    QCOMPARE(read["step"].toString(), "7");
    const QJsonObject tensors = read["tensors"].toObject();
    QCOMPARE(tensors.keys(),
             (QStringList{"fc1.bias", "fc1.mask", "fc1.weight", "fc2.mask", "fc2.weight", "norm1.bias",
                          "norm1.running_mean", "norm1.running_var", "norm1.weight"}));
    QCOMPARE(tensors["fc1.weight"].toArray(),
             (QJsonArray{"float32", QJsonArray{2, 3}, QJsonArray{0, 0.5, 0, 0, -2, double{1e-20f}}}));
    QCOMPARE(tensors["fc1.mask"].toArray(), (QJsonArray{"bool", QJsonArray{2, 3}, QJsonArray{0, 1, 0, 0, 1, 1}}));
  }

  void tensorboardReadsTheSame() {
    Peers peers;
    if (!peers.there())
      QSKIP("PyPI cannot be reached: safetensors and tensorboard are not there to read our files");
    std::string content = eventFileHeader(1.5e9);
    for (const int64_t step : {0, 10, 300}) {
      Metrics row = smallRow(step);
      if (step > 0) row.testAccuracy = 0.5;
      content += metricsEvent(row, 1.5e9 + static_cast<double>(step) / 8);
    }
    const fs::path file = pathOf(folder_) / eventFileName(1.5e9);
    QVERIFY(file.filename().string().starts_with("events.out.tfevents.1500000000."));
    writeWhole(file, content);
    const QJsonObject read = peers.run(R"(
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1])
events.Reload()
print(json.dumps({tag: [[e.wall_time, e.step, e.value] for e in events.Scalars(tag)]
                  for tag in events.Tags()["scalars"]}))
)",
                                       file);
    QCOMPARE(read["exploration/r_s"].toArray().size(), 3);
    const double rs = 0.2f, loss = static_cast<float>(1.0 / 3);
    QCOMPARE(read["exploration/r_s"][2].toArray(), (QJsonArray{1.5e9 + 37.5, 300, rs}));
    QCOMPARE(read["loss/train"][1].toArray(), (QJsonArray{1.5e9 + 1.25, 10, loss}));
    QCOMPARE(read["accuracy/test"].toArray().size(), 2);
  }
};

QTEST_GUILESS_MAIN(TestTensors)
#include "tst_tensors.moc"
