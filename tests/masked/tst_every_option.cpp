// No dead option: every row of the table, given another value, makes another run, from training to the files that it
// leaves. A new parameter has to show here what it changes.
#include "any_config.h"
#include "engines/cuda/cpu_device.h"
#include "engines/cuda/gpu_engine.h"
#include "engines/masked/masked_engine.h"
#include "engines/masked/saliency.h"
#include "engines/sparse/sparse_engine.h"
#include "parameters/config_builder.h"
#include "store/csv.h"
#include "store/files.h"
#include "store/run_reader.h"
#include "store/run_writer.h"
#include "training/observer_list.h"
#include "training/trainer.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace lab;
namespace fs = std::filesystem;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// A run of a moment in which much happens.
const Settings kBase{{"dataset", "synthetic"},     {"synthetic_shape", "1x8x8"}, {"synthetic_classes", "4"},
                     {"train_samples", "200"},     {"validation_samples", "40"}, {"test_samples", "40"},
                     {"hidden_widths", "20"},      {"sparsity", "0.7"},          {"update_interval", "3"},
                     {"reliable_steps", "5"},      {"batch_size", "16"},         {"epochs", "2"},
                     {"report_every", "5"},        {"engine", "masked"},         {"mask_history_mib", "1"},
                     {"checkpoint_every", "0"},    {"save_weights", "false"},    {"tensorboard", "false"},
                     {"learning_rate", "0.05"}};

struct Change {
  std::string value;
  Settings where;  ///< in what sort of run it matters
};

const Settings kConvolutional{{"model", "wrn-22-2"}, {"synthetic_shape", "3x8x8"}, {"train_samples", "32"},
                              {"epochs", "1"},       {"distribution", "uniform"}};
const Settings kFashion{{"dataset", "fashion-mnist"}};
const Settings kGranet{{"method", "granet"}, {"update_end", "0.8"}, {"initial_sparsity", "0.4"}};
const Settings kLth{{"method", "lth"}, {"round_prune_rate", "0.5"}};
const Settings kAdam{{"optimizer", "adam"}, {"learning_rate", "0.01"}};

const std::map<std::string, Change> kChanges{
    {"dataset", {"fashion-mnist", {}}},
    {"train_samples", {"150", {}}},
    {"validation_samples", {"30", {}}},
    {"test_samples", {"30", {}}},
    {"image_size", {"30", kFashion}},
    {"image_fit", {"resize", {{"dataset", "fashion-mnist"}, {"image_size", "32"}}}},
    {"image_channels", {"3", kFashion}},
    {"augmentation", {"flip", {}}},
    {"augmentation_padding", {"zero", {{"augmentation", "crop"}}}},
    {"synthetic_shape", {"1x8x9", {}}},
    {"synthetic_classes", {"5", {}}},
    {"model", {"lenet-300-100", {}}},
    {"hidden_widths", {"21", {}}},
    {"sparsity", {"0.75", {}}},
    {"distribution", {"uniform", {}}},
    {"initialization", {"dense-fan-in", {}}},
    {"initial_mask", {"snip", {}}},
    {"initial_mask_samples", {"32", {{"initial_mask", "snip"}}}},
    {"constraint", {"constant-fan-in", {}}},
    {"initial_sparsity", {"0.5", kGranet}},
    {"method", {"rigl", {}}},
    {"update_interval", {"4", {}}},
    {"prune_rate", {"0.4", {}}},
    {"prune_schedule", {"linear", {}}},
    {"prune_rate_floor", {"0.2", {}}},
    {"update_begin", {"0.3", {}}},
    {"update_end", {"0.5", {}}},
    {"drop", {"sign", {}}},
    {"grow", {"gradient", {}}},
    {"redistribution", {"momentum", {}}},
    {"pruning_scope", {"global", {}}},
    {"drop_threshold", {"0.02", {{"drop", "threshold"}}}},
    {"drop_temperature", {"2", {{"drop", "soft"}}}},
    {"round_prune_rate", {"0.6", kLth}},
    {"rewind_epoch", {"1", kLth}},
    {"threshold_start", {"-3", {{"method", "str"}}}},
    {"update_order", {"rigl", {}}},
    {"regrow_dropped", {"false", {}}},
    {"keep_regrown", {"true", {}}},
    {"reliable_steps", {"4", {}}},
    {"semantics", {"official", {}}},
    {"batch_size", {"20", {}}},
    {"epochs", {"3", {}}},
    {"time_multiplier", {"2", {}}},
    {"learning_rate", {"0.06", {}}},
    {"learning_rate_schedule", {"cosine", {}}},
    {"learning_rate_milestones", {"0.25", {}}},
    {"learning_rate_decay", {"0.5", {}}},
    {"warmup_epochs", {"1", {}}},
    {"optimizer", {"adam", {}}},
    {"momentum", {"0.8", {}}},
    {"nesterov", {"false", {}}},
    {"adam_beta1", {"0.8", kAdam}},
    {"adam_beta2", {"0.9", kAdam}},
    {"adam_epsilon", {"0.1", kAdam}},
    {"weight_decay", {"0.1", {}}},
    {"weight_decay_on_norms", {"false", kConvolutional}},
    {"label_smoothing", {"0.1", {}}},
    {"seed", {"2", {}}},
    {"evaluate_every", {"2", {}}},
    {"report_every", {"7", {}}},
    {"engine", {"sparse", {}}},
    {"precision", {"bfloat16", {{"engine", "cuda"}}}},
    {"mask_history_mib", {"0.01", {{"hidden_widths", "300"}, {"update_interval", "1"}}}},
    {"checkpoint_every", {"0.001", {}}},
    {"save_weights", {"true", {}}},
    {"tensorboard", {"true", {}}},
};

EngineRegistry engines() {
  EngineRegistry registry;
  registry.add(maskedEngine());
  registry.add(sparseEngine());
  EngineInfo gpu;  // on the processor, which runs the same kernels
  gpu.name = "cuda";
  gpu.refusal = cuda::gpuRefusal;
  gpu.make = [](const EngineSetup& setup) { return cuda::makeGpuEngine(setup, cuda::cpuDevice()); };
  registry.add(gpu);
  registry.setScorer(maskedSaliency());
  return registry;
}

/// Weights as they were at the end, whether or not they are written.
struct LastWeights : RunObserver {
  std::string bytes;
  int checkpoints = 0;
  bool wantsWeights() const override { return true; }
  void onWeights(const EngineState& state) override {
    for (const LayerState& layer : state.layers)
      bytes.append(reinterpret_cast<const char*>(layer.weights.data()), layer.weights.size() * sizeof(float));
  }
  bool wantsCheckpoints() const override { return true; }
  void onCheckpoint(const RunLoopState&) override { ++checkpoints; }
};

/// The base, so far as this sort of run reads it, and everything that is asked for.
Config configOf(const Settings& where, const Settings& change) {
  Config config;
  for (const Settings& list : {where, change})
    for (const auto& [key, value] : list)
      if (key == "method") config = defaultsFor(value);
  for (const Settings& list : {kBase, where, change})
    for (const auto& [key, value] : list) setFromText(config, *findParameter(key), value);
  const Config asked = config;
  resetIdle(config);
  Problems problems = validate(config);
  for (const Settings& list : {where, change})
    for (const auto& [key, value] : list)
      if (valueText(config, *findParameter(key)) != valueText(asked, *findParameter(key)))
        problems.push_back({key, key + " has no effect in this sort of run"});
  if (!problems.empty()) throw std::runtime_error(describe(problems));
  return config;
}

/// What changes no result: how fast a run is, and where its data are.
const std::set<std::string> kNoResult{"threads", "data_root"};

}  // namespace

class TestEveryOption : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  int runs_ = 0;
  std::map<Config, std::string, bool (*)(const Config&, const Config&)> known_{
      [](const Config& a, const Config& b) { return toToml(a) < toToml(b); }};

  /// All that a run is and leaves, but for clocks and its own name.
  std::string traceOf(const Config& config) {
    if (const auto found = known_.find(config); found != known_.end()) return found->second;
    const fs::path home = fs::path(folder_.path().toStdString()) / std::to_string(++runs_);
    const auto writer = RunWriter::create(config, {home, "", ""}).take();
    LastWeights weights;
    ObserverList observers;
    observers.add(*writer);
    observers.add(weights);
    RunCommands commands;
    const RunResult result = trainRun(config, loadDataset(config).take(), engines(), observers, commands);
    if (result.status != RunStatus::Done) throw std::runtime_error(result.reason);
    std::string trace = weights.bytes + std::to_string(weights.checkpoints > 0);
    const RunStart start = readStart(writer->directory()).take();
    trace += start.engine + start.engineDetail;
    auto rows = readMetrics(writer->directory()).take();
    for (Metrics& row : rows) {
      row.trainSeconds = row.seconds = 0;
      appendRow(trace, metricsColumns(), row);
    }
    for (const char* file : {"layers.csv", "events.csv", "masks/history.bin"}) trace += readWhole(writer->directory() / file).take();
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(writer->directory()))
      names.insert(entry.path().filename().string());
    for (const std::string& name : names) trace += name + "\n";
    return known_[config] = trace;
  }

 private Q_SLOTS:
  void everyRowIsHere() {
    std::set<std::string> rows, here;
    for (const Parameter& parameter : parameters()) rows.emplace(parameter.key);
    for (const std::string& key : kNoResult) QCOMPARE(rows.erase(key), size_t(1));
    for (const auto& [key, change] : kChanges) here.insert(key);
    for (const std::string& key : rows) QVERIFY2(here.contains(key), key.c_str());
    QCOMPARE(here, rows);
  }

  void dataAreSoughtWhereTheyAreSaidToBe() {
    Config config = configOf(kFashion, {});
    QVERIFY(loadDataset(config).ok());
    config.data_root = folder_.path().toStdString();
    const auto nothing = loadDataset(config);
    QVERIFY(!nothing.ok());
    QVERIFY(describe(nothing.problems()).find(config.data_root) != std::string::npos);
  }

  void theSameOptionsMakeTheSameRun() {
    const Config config = configOf({}, {});
    const std::string once = traceOf(config);
    known_.clear();
    QVERIFY(once == traceOf(config));
  }

  void everyOptionMakesAnotherRun_data() {
    QTest::addColumn<QString>("key");
    for (const auto& [key, change] : kChanges) QTest::newRow(key.c_str()) << QString::fromStdString(key);
  }
  void everyOptionMakesAnotherRun() {
    QFETCH(QString, key);
    const auto& [value, where] = kChanges.at(key.toStdString());
    try {
      const Parameter& parameter = *findParameter(key.toStdString());
      const Config before = configOf(where, {}), after = configOf(where, {{key.toStdString(), value}});
      QVERIFY(valueText(before, parameter) != valueText(after, parameter));
      QVERIFY(traceOf(before) != traceOf(after));
    } catch (const std::exception& error) {
      QFAIL(error.what());
    }
  }
};

QTEST_GUILESS_MAIN(TestEveryOption)
#include "tst_every_option.moc"
