// Which cells of a sweep are packed, and what becomes of the others when one of them fails.
#include "experiments/packed_cells.h"
#include "fake_engine.h"

#include <QTemporaryDir>
#include <QtTest>

#include <atomic>

using namespace lab;

namespace {

std::vector<Cell> gridOf(const std::vector<Axis>& axes, int seeds) {
  const Assignments fixed{{"hidden_widths", "8"}, {"epochs", "2"}, {"batch_size", "50"}, {"report_every", "4"}};
  auto cells = makeGrid(fixed, axes, seeds);
  if (!cells) qFatal("%s", describe(cells.problems()).c_str());
  return cells.take();
}

/// An engine of a group, which notes that it is alive.
class CountedEngine final : public test::FakeEngine {
 public:
  CountedEngine(const EngineSetup& setup, std::shared_ptr<std::atomic<int>> alive)
      : FakeEngine(setup, nullptr), alive_(std::move(alive)) {
    ++*alive_;
  }
  ~CountedEngine() override { --*alive_; }

 private:
  std::shared_ptr<std::atomic<int>> alive_;
};

/// What is asked of the engines, by any thread.
struct Asked {
  std::atomic<int> groups = 0, members = 0, alone = 0;
  std::shared_ptr<std::atomic<int>> alive = std::make_shared<std::atomic<int>>(0);
};

EngineRegistry packingEngines(Asked& asked, const std::string& failure = {}) {
  EngineInfo info = test::fakeEngines().all().front();
  info.make = [&asked, make = info.make](const EngineSetup& setup) {
    ++asked.alone;
    return make(setup);
  };
  info.packingRefusal = [](const NetworkSpec&, const Config& a, const Config& b) -> std::string {
    return a.batch_size == b.batch_size ? "" : "batch_size differs";
  };
  info.makeMany = [&asked, failure](std::span<const EngineSetup> setups) {
    if (!failure.empty()) throw std::runtime_error(failure);
    ++asked.groups;
    asked.members += static_cast<int>(setups.size());
    std::vector<std::unique_ptr<Engine>> engines;
    for (const EngineSetup& setup : setups) engines.push_back(std::make_unique<CountedEngine>(setup, asked.alive));
    return engines;
  };
  EngineRegistry registry;
  registry.add(info);
  return registry;
}

}  // namespace

class PackedCellsTest : public QObject {
  Q_OBJECT

  const std::shared_ptr<const Dataset> data_ = syntheticDataset({1, 28, 28}, 10, 1000, 100, 100, 1);
  std::unique_ptr<QTemporaryDir> folder_;
  SweepOptions options_;

  std::vector<std::vector<size_t>> groupsOf(const std::vector<Cell>& cells, const EngineRegistry& engines) const {
    std::vector<size_t> order;
    for (size_t i = cells.size(); i-- > 0;) order.push_back(i);
    return groupCells(cells, order, engines, [this](size_t) { return data_; });
  }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    options_ = {};
    options_.home = folder_->path().toStdString();
    options_.jobs = 2;
    options_.data = [this](const Config&) { return Result(data_); };
  }

  void cellsThatPackAreGroupedEvenlyInTheirOrder() {
    Asked asked;
    const auto cells = gridOf({{"batch_size", {"50", "25"}}}, 20);
    const auto groups = groupsOf(cells, packingEngines(asked));
    QCOMPARE(groups.size(), 4U);
    for (const auto& group : groups) {
      QCOMPARE(group.size(), 10U);
      for (const size_t i : group) QCOMPARE(cells[i].config.batch_size, cells[group.front()].config.batch_size);
    }
    QCOMPARE(groups[0].front(), 39U);
    QCOMPARE(groups[0].back(), 30U);
  }

  void otherNetworksAndEnginesStayApart() {
    Asked asked;
    const auto widths = gridOf({{"hidden_widths", {"8", "9"}}}, 2);
    QCOMPARE(groupsOf(widths, packingEngines(asked)).size(), 2U);
    QCOMPARE(groupsOf(widths, test::fakeEngines()).size(), 4U);
    QVERIFY(groupCells(widths, {}, packingEngines(asked), [this](size_t) { return data_; }).empty());
    const auto noData = groupCells(widths, {0, 1}, packingEngines(asked), [](size_t) { return nullptr; });
    QCOMPARE(noData.size(), 2U);
  }

  void aSweepUsesGroupsAndGivesTheSame() {
    const auto cells = gridOf({{"update_interval", {"3", "9"}}}, 3);
    Asked asked;
    const auto packed = runSweep(cells, packingEngines(asked), options_);
    QCOMPARE(asked.groups.load(), 1);
    QCOMPARE(asked.members.load(), 6);
    QCOMPARE(asked.alone.load(), 0);
    QCOMPARE(asked.alive->load(), 0);
    options_.home /= "other";
    const auto alone = runSweep(cells, test::fakeEngines(), options_);
    for (size_t i = 0; i < cells.size(); ++i) {
      QCOMPARE(packed[i].state, CellState::Done);
      QCOMPARE(packed[i].result.rs, alone[i].result.rs);
      QCOMPARE(packed[i].result.testAccuracy, alone[i].result.testAccuracy);
    }
  }

  void membersThatAreNotWantedAreDestroyed() {
    Asked asked;
    const EngineRegistry engines = packingEngines(asked);
    const auto cells = gridOf({}, 3);
    std::vector<EngineSetup> setups;
    for (const Cell& cell : cells) setups.push_back(setupOf(cell.config, data_));
    PackedCells packed(engines, setups);
    packed.release(0);  // before there is any
    const std::string detail = packed.enginesOf(1).all().front().detail;
    QVERIFY2(detail.ends_with("3 runs packed"), detail.c_str());
    const auto chosen = [&](size_t member, const EngineSetup& setup) {
      return packed.enginesOf(member).all().front().make(setup);
    };
    const auto second = chosen(1, setups[1]);
    QCOMPARE(asked.alive->load(), 2);
    EngineSetup changed = setups[2];
    changed.config.batch_size = 10;
    const auto third = chosen(2, changed);  // a run that went on with another batch size: an engine of its own
    QCOMPARE(asked.alive->load(), 1);
    QCOMPARE(asked.alone.load(), 1);
    packed.release(1);  // it is the run's now
    QCOMPARE(asked.alive->load(), 1);
  }

  void aGroupThatCannotBeMadeFailsItsCells() {
    Asked asked;
    const auto results = runSweep(gridOf({}, 3), packingEngines(asked, "no room"), options_);
    for (const CellResult& cell : results) {
      QCOMPARE(cell.state, CellState::Failed);
      QVERIFY(cell.result.reason.find("no room") != std::string::npos);
    }
  }
};

QTEST_GUILESS_MAIN(PackedCellsTest)
#include "tst_packed_cells.moc"
