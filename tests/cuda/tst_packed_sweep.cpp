// A sweep whose runs share a device gives what it gives run by run.
#include "engines/cuda/cpu_device.h"
#include "engines/cuda/gpu_engine.h"
#include "engines/cuda/packed_engine.h"
#include "experiments/sweep.h"

#include <QTemporaryDir>
#include <QtTest>

#include <atomic>

using namespace lab;

namespace {

std::atomic<size_t> packedRuns = 0;

EngineRegistry engines(bool packs) {
  EngineInfo info;
  info.name = "cuda";
  info.refusal = cuda::gpuRefusal;
  info.make = [](const EngineSetup& setup) { return cuda::makeGpuEngine(setup, cuda::cpuDevice()); };
  if (packs) {
    info.makeMany = [](std::span<const EngineSetup> setups) {
      packedRuns += setups.size();
      return cuda::makePackedEngines(setups, cuda::cpuDevice());
    };
    info.packingRefusal = cuda::packedRefusal;
  }
  EngineRegistry registry;
  registry.add(info);
  return registry;
}

std::vector<Cell> cellsOf(const std::vector<Axis>& axes, const std::string& epochs) {
  const Assignments fixed{{"engine", "cuda"},    {"hidden_widths", "30"}, {"epochs", epochs},   {"batch_size", "50"},
                          {"sparsity", "0.8"},   {"report_every", "7"},   {"augmentation", "none"},
                          {"learning_rate", "0.05"}};
  auto cells = makeGrid(fixed, axes, 1);
  if (!cells) qFatal("%s", describe(cells.problems()).c_str());
  return cells.take();
}

}  // namespace

class PackedSweepTest : public QObject {
  Q_OBJECT

  const std::shared_ptr<const Dataset> data_ = syntheticDataset({1, 28, 28}, 10, 730, 100, 200, 1);
  QTemporaryDir folder_;
  int sweeps_ = 0;

  std::vector<CellResult> swept(const std::vector<Cell>& cells, bool packs, SweepOptions options = {}) {
    options.home = std::filesystem::path(folder_.path().toStdString()) / std::to_string(++sweeps_);
    options.jobs = 1;
    options.data = [this](const Config&) { return Result(data_); };
    return runSweep(cells, engines(packs), options);
  }

 private Q_SLOTS:
  void packedAndAloneGiveTheSame() {
    const Axis what{"method",
                    {{"SET", {{"method", "set"}, {"update_interval", "5"}, {"seed", "3"}}},
                     {"RigL", {{"method", "rigl"}, {"update_interval", "8"}, {"learning_rate", "0.03"}}},
                     {"static", {{"method", "static"}, {"seed", "7"}}},
                     {"long", {{"method", "set"}, {"update_interval", "4"}, {"epochs", "4"}, {"momentum", "0.5"}}}}};
    const auto cells = cellsOf({what}, "2");
    packedRuns = 0;
    const auto packed = swept(cells, true);
    QCOMPARE(packedRuns.load(), 4U);
    const auto alone = swept(cells, false);
    QCOMPARE(packedRuns.load(), 4U);
    for (size_t i = 0; i < cells.size(); ++i) {
      const RunResult &one = packed[i].result, &other = alone[i].result;
      QVERIFY2(packed[i].state == CellState::Done, one.reason.c_str());
      QCOMPARE(one.steps, other.steps);
      QCOMPARE(one.topologyUpdates, other.topologyUpdates);
      QCOMPARE(one.rs, other.rs);
      QCOMPARE(one.reliable, other.reliable);
      QCOMPARE(one.activeWeights, other.activeWeights);
      QCOMPARE(one.survived, other.survived);
      QVERIFY(std::abs(one.finalTrainLoss.value() - other.finalTrainLoss.value()) < 1e-4 * other.finalTrainLoss.value());
      QVERIFY(std::abs(one.testAccuracy.value() - other.testAccuracy.value()) < 0.011);
    }
    QVERIFY(packed[0].result.topologyUpdates > 0 && packed[1].result.topologyUpdates > 0);
  }

  void convolutionsAreNotPacked() {
    const NetworkSpec network{"conv", {1, 4, 4}, {{OpKind::Conv2d, "conv", {kNetworkInput}, 2}}};
    QVERIFY(!cuda::packedRefusal(network, {}, {}).empty());
  }

  void aStoppedSweepEnds() {
    std::stop_source stop;
    const auto cells = cellsOf({{"seed", {"1", "2", "3"}}}, "2000");
    SweepOptions options;
    options.stop = stop.get_token();
    options.onProgress = [&](const SweepProgress& progress) {
      if (progress.stepsDone > 0) stop.request_stop();  // all three are under way
    };
    for (const CellResult& cell : swept(cells, true, options)) QCOMPARE(cell.state, CellState::Stopped);
  }
};

QTEST_GUILESS_MAIN(PackedSweepTest)
#include "tst_packed_sweep.moc"
