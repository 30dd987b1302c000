// Every moment against a naive replay from the start, and the numbers against the tracker's.

#include "store/mask_replay.h"

#include <rapidcheck.h>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>
#include <random>

using namespace lab;
namespace fs = std::filesystem;

namespace {

struct Story {
  std::vector<Mask> initial;
  std::vector<TopologyEvent> events;
};

/// Updates that drop a share of what is active and grow elsewhere, never where they have just dropped.
Story story(uint64_t seed, std::vector<int64_t> sizes, int updates, double density = .1, double share = .4) {
  std::mt19937_64 random(seed);
  const auto chance = [&](double p) { return std::uniform_real_distribution<>()(random) < p; };
  Story made;
  for (const int64_t size : sizes) {
    Mask& mask = made.initial.emplace_back(size);
    for (int64_t i = 0; i < size; ++i)
      if (chance(density)) mask.set(i);
  }
  auto active = made.initial;
  for (int u = 1; u <= updates; ++u) {
    TopologyEvent event{u, 7 * u, share, {}};
    for (Mask& mask : active) {
      LayerChange change;
      for (const int64_t position : mask.positions())
        if (chance(share)) change.dropped.push_back(position);
      const auto free = mask.size() - mask.count();
      const double grow = free == 0 ? 0 : double(change.dropped.size()) / double(free);
      for (int64_t i = 0; i < mask.size(); ++i)
        if (!mask.test(i) && chance(grow)) change.grown.push_back(i);
      for (const int64_t position : change.dropped) mask.clear(position);
      for (const int64_t position : change.grown) mask.set(position);
      event.layers.push_back(change);
    }
    made.events.push_back(event);
  }
  return made;
}

/// The masks after each update, with the steps at which the ongoing lives began.
struct Naive {
  std::vector<std::vector<Mask>> active, explored;
  std::vector<std::vector<std::vector<int64_t>>> since;

  explicit Naive(const Story& from) {
    auto now = from.initial, seen = from.initial;
    std::vector<std::vector<int64_t>> born;
    for (const Mask& mask : now) born.emplace_back(static_cast<size_t>(mask.size()), 0);
    const auto keep = [&] {
      active.push_back(now), explored.push_back(seen);
      auto& kept = since.emplace_back();
      for (size_t l = 0; l < now.size(); ++l) {
        kept.emplace_back();
        for (const int64_t i : now[l].positions()) kept.back().push_back(born[l][static_cast<size_t>(i)]);
      }
    };
    keep();
    for (const TopologyEvent& event : from.events) {
      for (size_t l = 0; l < now.size(); ++l) {
        for (const int64_t i : event.layers[l].dropped) now[l].clear(i);
        for (const int64_t i : event.layers[l].grown)
          now[l].set(i), seen[l].set(i), born[l][static_cast<size_t>(i)] = event.step;
      }
      keep();
    }
  }
};

MaskReplay replayOf(const Story& from, int64_t reliableSteps = 20, size_t budget = MaskReplay::kBudget) {
  MaskReplay replay(from.initial, reliableSteps, budget);
  for (const TopologyEvent& event : from.events) replay.append(event);
  return replay;
}

void same(MaskReplay& replay, const Naive& naive, size_t moment) {
  const auto shown = replay.at(moment);
  const auto update = static_cast<size_t>(shown->update);
  RC_ASSERT(shown->active == naive.active[update]);
  RC_ASSERT(shown->explored == naive.explored[update]);
}

}  // namespace

class TestMaskReplay : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anyMomentInAnyOrderIsTheNaiveOne() {
    QVERIFY(rc::check([] {
      const Story made = story(*rc::gen::arbitrary<uint64_t>(), {*rc::gen::inRange<int64_t>(1, 200), 77},
                               *rc::gen::inRange(0, 20));
      const Naive naive(made);
      MaskReplay replay = replayOf(made);
      RC_ASSERT(replay.moments() == made.events.size() + 1);
      for (int jump = 0; jump < 12; ++jump) {
        const auto moment = *rc::gen::inRange<size_t>(0, replay.moments());
        same(replay, naive, moment);
        RC_ASSERT(replay.at(moment)->aliveSince == naive.since[moment]);
        RC_ASSERT(replay.step(moment) == 7 * static_cast<int64_t>(moment));
        RC_ASSERT(replay.momentAt(replay.step(moment) + 3) == moment);
      }
    }));
  }

  /// Also of a history that is still being written, whatever of it has reached the file.
  void unfinishedHistoriesEndWithTheLastUpdate() {
    for (const double budgetMib : {1.0, 0.002}) {
      const QTemporaryDir folder;
      const fs::path file = folder.filePath("history.bin").toStdString();
      const Story made = story(3, {900, 300}, 150);
      const Naive naive(made);
      MaskHistoryWriter writer(file, made.initial, budgetMib);
      for (size_t done = 0; done < made.events.size(); ++done) {
        writer.add(made.events[done]);
        auto replay = readMaskReplay(file, 20, MaskReplay::kBudget, writer.tail());
        QVERIFY(replay.ok());
        QCOMPARE(replay.value().lastUpdate(), static_cast<int64_t>(done + 1));
        const auto last = replay.value().at(replay.value().moments() - 1);
        QCOMPARE(last->update, static_cast<int64_t>(done + 1));
        QVERIFY(last->active == naive.active[done + 1]);
        QVERIFY(last->explored == naive.explored[done + 1]);
      }
      QCOMPARE(writer.state().stride > 1, budgetMib < 1);
    }
  }

  /// Long enough that whole moments are kept on the way.
  void farJumpsAreTheNaiveOnes() {
    const Story made = story(5, {6000, 900}, 1200, .1, .5);
    const Naive naive(made);
    MaskReplay replay = replayOf(made);
    std::mt19937_64 random(3);
    for (int jump = 0; jump < 60; ++jump) {
      const size_t moment = random() % replay.moments();
      const auto shown = replay.at(moment);
      QVERIFY(shown->active == naive.active[moment]);
      QVERIFY(shown->explored == naive.explored[moment]);
      QVERIFY(shown->aliveSince == naive.since[moment]);
    }
  }

  void numbersAreTheTrackers() {
    const Story made = story(9, {500, 60}, 40);
    MaskReplay replay = replayOf(made, 50);
    ExplorationTracker tracker(made.initial, 50);
    for (size_t moment = 0; moment < replay.moments(); ++moment) {
      if (moment > 0) tracker.apply(made.events[moment - 1]);
      for (size_t l = 0; l < 2; ++l) {
        LayerExploration expected = tracker.layer(l);
        expected.reliable = 0;
        QVERIFY(replay.exploration(moment, l) == expected);
      }
      const auto curve = replay.survival(moment), truth = tracker.survival();
      QCOMPARE(curve.size(), truth.size());
      for (size_t i = 0; i < curve.size(); ++i) {
        QCOMPARE(curve[i].age, truth[i].age);
        QCOMPARE(curve[i].survival, truth[i].survival);
        QCOMPARE(curve[i].atRisk, truth[i].atRisk);
      }
    }
  }

  void afterTheLastUpdateLivesGrowOld() {
    const Story made = story(6, {500}, 12);
    MaskReplay replay = replayOf(made, 50);
    ExplorationTracker tracker(made.initial, 50);
    for (const TopologyEvent& event : made.events) tracker.apply(event);
    for (const int64_t step : {84, 100, 130, 500}) {
      tracker.advanceTo(step);
      QCOMPARE(replay.explorationAt(step, 0).activeReliable, tracker.layer(0).activeReliable);
      const auto curve = replay.survival(12, {}, step), truth = tracker.survival();
      QCOMPARE(curve.size(), truth.size());
      for (size_t i = 0; i < curve.size(); ++i) QCOMPARE(curve[i].survival, truth[i].survival);
    }
  }

  void survivalOfALayerLeavesTheOthersOut() {
    const Story both = story(2, {300, 200}, 30);
    Story second{{both.initial[1]}, both.events};
    for (TopologyEvent& event : second.events) event.layers.erase(event.layers.begin());
    const auto of = replayOf(both).survival(20, 1), alone = replayOf(second).survival(20);
    QCOMPARE(of.size(), alone.size());
    for (size_t i = 0; i < of.size(); ++i) QCOMPARE(of[i].survival, alone[i].survival);
  }

  void livesBeginAndEnd() {
    Mask initial(4);
    initial.set(0);
    MaskReplay replay({initial}, 1);
    replay.append(TopologyEvent{1, 10, .5, {{{0}, {1}}}});
    replay.append(TopologyEvent{2, 20, .5, {{{1}, {0}}}});
    replay.append(HistoryEntry{4, 40, {{{}, {}, {3}}}});
    using Lives = std::vector<ConnectionLife>;
    QVERIFY((replay.lives(0, 0, 3) == Lives{{0, 10}, {20, {}}}));
    QVERIFY((replay.lives(0, 0, 1) == Lives{{0, 10}}));
    QVERIFY((replay.lives(0, 1, 3) == Lives{{10, 20}}));
    QVERIFY((replay.lives(0, 2, 3) == Lives{}));
    QVERIFY((replay.lives(0, 3, 3) == Lives{{20, 40}}));
  }

  void aConnectionRegrownAtOnceLivesOn() {
    Mask initial(4);
    initial.set(0);
    MaskReplay replay({initial}, 1);
    replay.append(TopologyEvent{1, 10, .5, {{{0}, {0}}}});
    QVERIFY(replay.at(1)->active[0] == initial);
    QCOMPARE(replay.at(1)->aliveSince[0], (std::vector<int64_t>{0}));
  }

  void aBudgetMergesNeighboursAndKeepsTheTruth() {
    QVERIFY(rc::check([] {
      const Story made = story(*rc::gen::arbitrary<uint64_t>(), {400, 90}, 70);
      const Naive naive(made);
      MaskReplay replay = replayOf(made, 20, *rc::gen::element<size_t>(0, 6000, 12000));
      RC_ASSERT(replay.moments() < made.events.size() / 2);
      RC_ASSERT(replay.lastUpdate() == 70);
      for (size_t moment = 0; moment < replay.moments(); ++moment) same(replay, naive, moment);
    }));
  }

  void aRecordedHistoryIsTheSame() {
    const Story made = story(4, {700, 80}, 50);
    QTemporaryDir folder;
    for (const double budget : {64.0, 0.002}) {
      const fs::path file = fs::path(folder.path().toStdString()) / std::to_string(budget);
      MaskHistoryWriter writer(file, made.initial, budget);
      for (const TopologyEvent& event : made.events) writer.add(event);
      writer.finish();
      auto read = readMaskReplay(file, 20);
      QVERIFY(read.ok());
      const Naive naive(made);
      MaskReplay& replay = read.value();
      QCOMPARE(replay.moments() == 51, budget > 1);
      for (size_t moment = replay.moments(); moment-- > 0;) {
        const auto shown = replay.at(moment);
        QVERIFY(shown->active == naive.active[static_cast<size_t>(shown->update)]);
        QVERIFY(shown->explored == naive.explored[static_cast<size_t>(shown->update)]);
      }
    }
  }

  void whatDoesNotFitIsRefused() {
    Mask initial(4);
    initial.set(0);
    MaskReplay replay({initial}, 1);
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, replay.append(HistoryEntry{1, 5, {{{1}, {}, {}}}}));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, replay.append(HistoryEntry{1, 5, {{{}, {0}, {}}}}));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, replay.append(HistoryEntry{1, 5, {}}));
    replay.append(HistoryEntry{1, 5, {{{0}, {1}, {}}}});
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, replay.append(HistoryEntry{1, 6, {{{}, {}, {}}}}));
    QCOMPARE(replay.moments(), size_t(2));
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, replay.at(2));
  }

  void aDamagedFileIsAProblem() {
    QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "history.bin";
    QVERIFY(!readMaskReplay(file, 1).ok());
    std::ofstream(file) << "hello";
    QVERIFY(!readMaskReplay(file, 1).ok());
  }
};

QTEST_GUILESS_MAIN(TestMaskReplay)
#include "tst_mask_replay.moc"
