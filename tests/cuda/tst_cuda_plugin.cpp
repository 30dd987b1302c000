// How a program finds the GPU engine, and what it says where there is none.
#include "engines/cuda_plugin.h"

using namespace lab;

namespace {

class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { qputenv(name, value.c_str()); }
  ~Variable() { qunsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace

class CudaPluginTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void otherVersionsAreRefused() {
    QVERIFY(pluginMismatch(kCudaPluginInterface, cudaBuildId()).empty());
    const std::string interface = pluginMismatch(kCudaPluginInterface + 1, cudaBuildId());
    QVERIFY(interface.find("interface 3, this program needs 2") != std::string::npos);
    const std::string build = pluginMismatch(kCudaPluginInterface, "GNU-1-0");
    QVERIFY(build.find("build GNU-1-0") != std::string::npos && build.find(cudaBuildId()) != std::string::npos);
  }

  void whatIsNoPluginIsRefused() {
    const QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "itoplab-cuda.so";
    QVERIFY(!loadCudaPlugin(file));
    std::ofstream(file) << "not a library";
    const auto text = loadCudaPlugin(file);
    QVERIFY(!text);
    QVERIFY(describe(text.problems()).find("cannot be loaded") != std::string::npos);
    const auto other = loadCudaPlugin("libz.so.1");
    QVERIFY(!other);
    QCOMPARE(describe(other.problems()), std::string("libz.so.1 is not a plug-in of ITOP Lab"));
  }

  void aPlaceGivenIsTheOnlyOne() {
    const size_t usual = cudaPluginPlaces().size();
    const Variable place("ITOPLAB_CUDA_PLUGIN", "/somewhere/plugin.so");
    QCOMPARE(cudaPluginPlaces(), std::vector<std::filesystem::path>{"/somewhere/plugin.so"});
    QVERIFY(usual > 1);
  }

  void theEngineSaysWhyItIsNotOffered() {
    const Variable place("ITOPLAB_CUDA_PLUGIN", "/nowhere/itoplab-cuda.so");
    const EngineInfo engine = cudaEngine();
    QCOMPARE(engine.name, std::string("cuda"));
    const std::string why = engine.refusal({}, {});
    QVERIFY(!why.empty());
    const auto gpu = describeGpu();
    QCOMPARE(engine.detail.empty(), !gpu.ok());
    QCOMPARE(why, gpu ? "no GPU plug-in found at /nowhere/itoplab-cuda.so" : describe(gpu.problems()));
  }

#ifdef LAB_CUDA_PLUGIN
  void thePluginLoadsAndAnswers() {
    const auto plugin = loadCudaPlugin(LAB_CUDA_PLUGIN);
    QVERIFY2(plugin.ok(), plugin ? "" : describe(plugin.problems()).c_str());
    const EngineInfo engine = plugin.value()->engine();
    QCOMPARE(engine.name, std::string("cuda"));
    QVERIFY(engine.make != nullptr);
    const std::string why = plugin.value()->deviceProblem();
    if (describeGpu())
      QVERIFY2(why.empty(), why.c_str());
    else
      QVERIFY2(why.find("finds no device") != std::string::npos, why.c_str());
    Config official;
    official.semantics = "official";
    QVERIFY(engine.refusal({}, official).find("masked engine") != std::string::npos);
  }
#endif
};

QTEST_GUILESS_MAIN(CudaPluginTest)
#include "tst_cuda_plugin.moc"
