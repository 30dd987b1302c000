// Where the memory of a device does not suffice, less is asked for, and the results are those of plenty.
#include "engines/cuda/gpu_engine.h"
#include "memory_budget.h"
#include "network_fixture.h"
#include "run_error.h"

#include <QtTest>

#include <ATen/Parallel.h>

using namespace lab;
using namespace lab::test;

namespace {

constexpr int64_t kTrain = 4000, kTest = 2000;

EngineSetup residualSetup(int64_t train = kTrain) {
  EngineSetup setup{residual(), Config{}, {}};
  setup.data = syntheticDataset(setup.network.input, 4, train, 30, kTest, 8);
  return setup;
}

EngineState stateFor(const EngineSetup& setup) { return randomState(setup.network, 0.4, 3); }

std::shared_ptr<SmallDevice> smallDevice() { return std::make_shared<SmallDevice>(); }

std::unique_ptr<Engine> engineOn(const std::shared_ptr<SmallDevice>& device, const EngineSetup& setup) {
  auto engine = cuda::makeGpuEngine(setup, device);
  engine->restore(stateFor(setup));
  return engine;
}

void train(Engine& engine, int steps, int64_t batch = 8) {
  for (int step = 0; step < steps; ++step) runStep(engine, someSamples(batch, kTrain, step), 0.02f);
}

bool about(const Sums& one, const Sums& other) {
  return one.correct == other.correct && one.samples == other.samples &&
         std::abs(one.loss - other.loss) < 1e-6 * (1 + other.loss);
}

QStringList told(Engine& engine) {
  QStringList sentences;
  for (const std::string& remark : engine.takeRemarks()) sentences << QString::fromStdString(remark);
  return sentences;
}

/// How much memory more than before `work` takes while it lasts.
template <class Work>
size_t peakOf(MemoryBudget& budget, Work work) {
  budget.resetPeak();
  const size_t before = budget.live();
  work();
  return budget.peak() - before;
}

}  // namespace

class GpuMemoryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { at::set_num_threads(1); }

  void aStepThatLacksMemoryAnywhereIsDoneOnceAllTheSame() {
    MemoryBudget budget;
    const EngineSetup setup = residualSetup(200);
    const auto usual = engineOn(smallDevice(), setup);
    int allocations = budget.allocations();
    train(*usual, 1);
    allocations = budget.allocations() - allocations;
    QVERIFY(allocations > 20);
    const EngineState expected = usual->state();
    int noticed = 0;
    for (int refused = 0; refused < allocations; ++refused) {
      const auto device = smallDevice();
      const auto engine = engineOn(device, setup);
      device->released = 0;
      budget.refuseAfter(refused);
      train(*engine, 1);
      QVERIFY2(engine->state() == expected, qPrintable(QString::number(refused)));
      QCOMPARE(budget.refused(), refused + 1);
      const auto remarks = told(*engine);
      QCOMPARE(device->released, static_cast<int>(remarks.size()));
      noticed += static_cast<int>(remarks.size());
      QVERIFY(remarks.size() <= 1);
    }
    QVERIFY(noticed > allocations * 9 / 10);  // oneDNN finds another way by itself now and then
  }

  void anEvaluationThatLacksMemoryBeginsAgain() {
    MemoryBudget budget;
    const EngineSetup setup = residualSetup();
    const auto engine = engineOn(smallDevice(), setup);
    train(*engine, 3);
    const EngineState state = engine->state();
    const Sums expected = engine->evaluate(Split::Test);
    const auto other = engineOn(smallDevice(), setup);
    other->restore(state);
    budget.refuseAfter(25);  // in the second of the batches or later
    const Sums found = other->evaluate(Split::Test);
    QCOMPARE(budget.refused(), 1);
    QCOMPARE(found.loss, expected.loss);
    QCOMPARE(found.correct, expected.correct);
    QVERIFY(other->state() == state);
  }

  void evaluationTakesSmallerBatches() {
    MemoryBudget budget;
    const EngineSetup setup = residualSetup();
    const auto plenty = engineOn(smallDevice(), setup);
    const size_t training = peakOf(budget, [&] { train(*plenty, 3); });
    Sums expected;
    const size_t evaluation = peakOf(budget, [&] { expected = plenty->evaluate(Split::Test); });
    QVERIFY(evaluation > 3 * training);
    train(*plenty, 3);

    const auto device = smallDevice();
    const auto engine = engineOn(device, setup);
    train(*engine, 3);
    budget.setLimit(budget.live() + evaluation / 3);
    QVERIFY(about(engine->evaluate(Split::Test), expected));
    const QStringList remarks = told(*engine);
    QCOMPARE(remarks.size(), 3);
    QVERIFY(remarks[0].contains("given back") && remarks[1].contains("500 samples") && remarks[2].contains("250 samples"));
    train(*engine, 3);
    QVERIFY(about(engine->evaluate(Split::Test), plenty->evaluate(Split::Test)));
    QVERIFY(engine->state() == plenty->state());
    QVERIFY(told(*engine).isEmpty());  // it has learned what fits
  }

  void theImagesStayOnTheHostWhereTheyDoNotFit() {
    MemoryBudget budget;
    const EngineSetup setup = residualSetup();
    const auto plenty = engineOn(smallDevice(), setup);
    const size_t before = budget.live();
    auto engine = engineOn(smallDevice(), setup);
    const size_t images = setup.data->train.pixels.size(), whole = budget.live() - before;
    QVERIFY(whole > images);
    QVERIFY(told(*engine).isEmpty());
    engine.reset();
    budget.setLimit(budget.live() + whole - images / 2);
    engine = engineOn(smallDevice(), setup);
    QVERIFY(budget.live() - before <= whole - images);
    QCOMPARE(told(*engine).filter("stay in the computer's memory").size(), 1);
    budget.setLimit(MemoryBudget::kPlenty);
    train(*plenty, 3);
    train(*engine, 3);
    QVERIFY(engine->state() == plenty->state());
    QCOMPARE(engine->evaluate(Split::Test).loss, plenty->evaluate(Split::Test).loss);
  }

  void theImagesGoToTheHostWhileTraining() {
    MemoryBudget budget;
    const EngineSetup setup = residualSetup();
    const auto plenty = engineOn(smallDevice(), setup), engine = engineOn(smallDevice(), setup);
    const size_t step = peakOf(budget, [&] { train(*plenty, 1, 16); });
    QVERIFY(setup.data->train.pixels.size() > step);
    budget.setLimit(budget.live() + step / 2);  // enough only when the images are gone
    train(*engine, 1, 16);
    budget.setLimit(MemoryBudget::kPlenty);
    const QStringList remarks = told(*engine);
    QVERIFY2(remarks.last().contains("stay in the computer's memory"), qPrintable(remarks.join("; ")));
    train(*plenty, 1, 16);
    train(*engine, 1, 16);
    QVERIFY(engine->state() == plenty->state());
  }

  void itGivesUpAtLast() {
    MemoryBudget budget;
    const EngineSetup setup = residualSetup(200);
    const auto engine = engineOn(smallDevice(), setup);
    const EngineState before = engine->state();
    budget.setLimit(budget.live() / 2);
    try {
      train(*engine, 1);
      QFAIL("it trained without memory");
    } catch (const RunError& error) {
      QCOMPARE(error.code(), ExitCode::OutOfMemory);
    }
    const QStringList remarks = told(*engine);
    QVERIFY(remarks.size() > 4 && remarks.last().contains("no longer recorded"));
    budget.setLimit(MemoryBudget::kPlenty);
    const EngineState after = engine->state();
    QVERIFY(after.layers == before.layers && after.norms == before.norms);
    budget.setLimit(1000);
    QVERIFY_THROWS_EXCEPTION(RunError, cuda::makeGpuEngine(setup, smallDevice()));
  }

  void withoutRecordingTheResultsAreTheSame() {
    MemoryBudget budget;
    const EngineSetup setup = residualSetup(200);
    const auto plenty = engineOn(smallDevice(), setup);
    const auto device = smallDevice();
    const auto engine = engineOn(device, setup);
    budget.setLimit(budget.live() / 2);
    QVERIFY_THROWS_EXCEPTION(RunError, train(*engine, 1));
    budget.setLimit(MemoryBudget::kPlenty);
    engine->restore(stateFor(setup));
    train(*engine, 4);
    train(*plenty, 4);
    QVERIFY(engine->state() == plenty->state());
    QCOMPARE(device->recordings(), 0);
  }

  void littleFreeMemoryMakesTheFirstEvaluationSmall() {
    const EngineSetup setup = residualSetup(200);
    const auto device = smallDevice(), roomy = smallDevice();
    device->free = 1 << 20;
    roomy->free = int64_t{64} << 30;
    const auto plenty = engineOn(roomy, setup), engine = engineOn(device, setup);
    QVERIFY(told(*plenty).isEmpty());
    const QStringList remarks = told(*engine);
    QCOMPARE(remarks.size(), 1);
    QVERIFY2(remarks.first().contains("little free memory"), qPrintable(remarks.first()));
    QVERIFY(about(engine->evaluate(Split::Test), plenty->evaluate(Split::Test)));
  }
};

QTEST_GUILESS_MAIN(GpuMemoryTest)
#include "tst_gpu_memory.moc"
