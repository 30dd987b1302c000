#include "exploration/exploration_tracker.h"
#include "store/files.h"
#include "store/history_blocks.h"
#include "store/mask_history.h"
#include "run_error.h"

#include <rapidcheck.h>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>

using namespace lab;
namespace fs = std::filesystem;

namespace {

/// A run of topology updates on random masks: what happened, and the truth after every update.
struct Story {
  std::vector<Mask> initial;
  std::vector<TopologyEvent> events;
  std::vector<std::vector<Mask>> active, explored;  ///< after each update
};

std::vector<int64_t> someOf(std::vector<int64_t> from, int share) {
  std::vector<int64_t> chosen;
  for (const int64_t position : from)
    if (*rc::gen::inRange(0, 100) < share) chosen.push_back(position);
  return chosen;
}

std::vector<int64_t> inactive(const Mask& mask) {
  std::vector<int64_t> positions;
  for (int64_t i = 0; i < mask.size(); ++i)
    if (!mask.test(i)) positions.push_back(i);
  return positions;
}

Story anyStory(int updates) {
  Story story;
  const int layers = *rc::gen::inRange(1, 4);
  for (int l = 0; l < layers; ++l) {
    Mask mask(*rc::gen::inRange(1, 150));
    const int share = *rc::gen::element(0, 10, 50, 100);
    for (int64_t i = 0; i < mask.size(); ++i)
      if (*rc::gen::inRange(0, 100) < share) mask.set(i);
    story.initial.push_back(mask);
  }
  auto active = story.initial, explored = story.initial;
  for (int u = 1; u <= updates; ++u) {
    TopologyEvent event{u, 3 * u, 0.5, {}};
    for (size_t l = 0; l < active.size(); ++l) {
      LayerChange change;
      change.dropped = someOf(active[l].positions(), 40);
      for (const int64_t position : change.dropped) active[l].clear(position);
      change.grown = someOf(inactive(active[l]), 15);  // the dropped ones among them
      for (const int64_t position : change.grown) active[l].set(position);
      explored[l] |= active[l];
      event.layers.push_back(change);
    }
    story.events.push_back(event);
    story.active.push_back(active);
    story.explored.push_back(explored);
  }
  return story;
}

/// A layer of 20,000 weights in which every update replaces half of the 400 active ones.
Story longStory(int updates) {
  Story story;
  Mask mask(20000);
  uint64_t state = 1;
  const auto draw = [&] {
    return static_cast<int64_t>((state = state * 6364136223846793005 + 1442695040888963407) >> 33) % 20000;
  };
  while (mask.count() < 400) mask.set(draw());
  story.initial = {mask};
  for (int u = 1; u <= updates; ++u) {
    TopologyEvent event{u, u, 0.5, {{}}};
    const auto ones = mask.positions();
    for (size_t i = 0; i < ones.size(); i += 2) event.layers[0].dropped.push_back(ones[i]);
    for (const int64_t position : event.layers[0].dropped) mask.clear(position);
    while (event.layers[0].grown.size() < event.layers[0].dropped.size())
      if (const int64_t position = draw(); !mask.test(position)) {
        mask.set(position);
        event.layers[0].grown.push_back(position);
      }
    std::sort(event.layers[0].grown.begin(), event.layers[0].grown.end());
    story.events.push_back(event);
  }
  return story;
}

}  // namespace

class TestMaskHistory : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  const fs::path file_ = fs::path(folder_.path().toStdString()) / "history.bin";

  void write(const Story& story, double budgetMib, int64_t expected = 0) const {
    fs::remove(file_);
    MaskHistoryWriter writer(file_, story.initial, budgetMib, expected);
    for (const TopologyEvent& event : story.events) writer.add(event);
    writer.finish();
  }
  void put(const std::string& content) const { std::ofstream(file_, std::ios::binary) << content; }

 private Q_SLOTS:
  void everyKeptMomentReplaysExactly() {
    QVERIFY(rc::check([this] {
      const Story story = anyStory(*rc::gen::inRange(0, 25));
      const double budget = *rc::gen::element(0.0, 0.0002, 0.0006, 64.0);
      write(story, budget, *rc::gen::element(0, 5, 25, 1000));
      const auto read = readMaskHistory(file_);
      RC_ASSERT(read.ok());
      const MaskHistory& history = read.value();
      RC_ASSERT(history.complete);
      RC_ASSERT(history.initial == story.initial);
      const double allowed = budget * (1 << 20) + 32;  // and the mark of the end
      if (history.entries.size() > 1) RC_ASSERT(static_cast<double>(fs::file_size(file_)) <= allowed);
      if (budget > 1) RC_ASSERT(history.entries.size() == story.events.size());
      for (size_t e = 0; e < history.entries.size(); ++e) {
        const auto moment = history.at(e + 1);
        const auto update = static_cast<size_t>(moment.update);
        RC_ASSERT(moment.update == history.entries[e].update);
        RC_ASSERT(moment.step == 3 * moment.update);
        RC_ASSERT(moment.active == story.active[update - 1]);
        RC_ASSERT(moment.explored == story.explored[update - 1]);
      }
      if (!story.events.empty()) RC_ASSERT(history.entries.back().update == story.events.back().update);
    }));
  }

  void entriesAreNetChangesAndWhatWasActiveInBetween() {
    QVERIFY(rc::check([this] {
      const Story story = anyStory(20);
      write(story, *rc::gen::element(0.0002, 0.0006, 64.0));
      const auto history = readMaskHistory(file_).take();
      size_t update = 0;
      for (size_t e = 0; e < history.entries.size(); ++e) {
        const auto before = history.at(e).active, after = history.at(e + 1).active;
        std::vector<Mask> seen = after;
        for (; update < static_cast<size_t>(history.entries[e].update); ++update)
          for (size_t l = 0; l < seen.size(); ++l) seen[l] |= story.active[update][l];
        for (size_t l = 0; l < before.size(); ++l) {
          std::vector<int64_t> off, on, between;
          for (int64_t i = 0; i < before[l].size(); ++i) {
            if (before[l].test(i) && !after[l].test(i)) off.push_back(i);
            if (!before[l].test(i) && after[l].test(i)) on.push_back(i);
            if (!before[l].test(i) && !after[l].test(i) && seen[l].test(i)) between.push_back(i);
          }
          RC_ASSERT(history.entries[e].layers[l].off == off);
          RC_ASSERT(history.entries[e].layers[l].on == on);
          RC_ASSERT(history.entries[e].layers[l].between == between);
        }
      }
    }));
  }

  void theBudgetHoldsAndRsIsTheTrackers() {
    const Story story = longStory(600);
    ExplorationTracker tracker(story.initial, 20);
    for (const TopologyEvent& event : story.events) tracker.apply(event);
    for (const int64_t expected : {0, 600, 6000}) {
      write(story, 0.0625, expected);
      QVERIFY(fs::file_size(file_) <= (1 << 16) + 32);  // and the mark of the end
      const auto history = readMaskHistory(file_).take();
      QVERIFY(history.entries.size() > 1 && history.entries.size() < 300);
      const auto end = history.at(history.entries.size());
      QCOMPARE(end.explored[0], tracker.explored(0));
      QCOMPARE(end.active[0], tracker.active(0));
    }
  }

  void aRunUnderWayCanBeRead() {
    const Story story = longStory(600);
    MaskHistoryWriter writer((fs::remove(file_), file_), story.initial, 64);
    for (const TopologyEvent& event : story.events) writer.add(event);
    const auto history = readMaskHistory(file_);
    QVERIFY(history.ok());
    QVERIFY(!history.value().complete);
    QVERIFY(history.value().entries.size() > 1);
    QVERIFY(history.value().entries.size() < story.events.size());
  }

  void aCutFileIsAProblemOrIncomplete() {
    const Story story = longStory(200);
    write(story, 64);
    const std::string whole = readWhole(file_).take();
    int damaged = 0;
    for (size_t length = 0; length < whole.size(); length += 997) {
      put(whole.substr(0, length));
      const auto read = readMaskHistory(file_);
      if (read.ok()) {
        QVERIFY(!read.value().complete);
      } else {
        ++damaged;
        QVERIFY(describe(read.problems()).find("at byte") != std::string::npos);
      }
    }
    QVERIFY(damaged > 20);
  }

  void aChangedByteIsAProblem() {
    write(longStory(60), 64);
    const std::string whole = readWhole(file_).take();
    QVERIFY(rc::check([&] {
      std::string changed = whole;
      const auto at = *rc::gen::inRange<size_t>(0, whole.size());
      changed[at] = static_cast<char>(changed[at] ^ (1 << *rc::gen::inRange(0, 8)));
      put(changed);
      const auto read = readMaskHistory(file_);
      // A frame header has an unused bit or two that change nothing.
      if (read.ok()) RC_ASSERT(read.value().entries.size() == 60U);
    }));
  }

  void hostileBlocksAreProblems_data() {
    QTest::addColumn<QByteArray>("block");
    QTest::newRow("unknown record") << QByteArray("?");
    QTest::newRow("number cut off") << QByteArray("E\x80");
    QTest::newRow("number too long") << QByteArray("E\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
    QTest::newRow("list longer than the file") << QByteArray("E\x01\x01\xff\xff\xff\x7f");
    QTest::newRow("position outside") << QByteArray("E\x01\x01\x01\x64\x00\x00", 7);
    QTest::newRow("positions that overflow")
        << QByteArray("E\x01\x01\x02\x63\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 15);
    QTest::newRow("after the end") << QByteArray(".E\x01\x01\x00\x00\x00", 7);
  }
  void hostileBlocksAreProblems() {
    QFETCH(QByteArray, block);
    std::string initial;
    appendInitial(initial, {Mask(100)});
    put(std::string(kHistoryMagic) + sealBlock(initial) + sealBlock(block.toStdString()));
    const auto read = readMaskHistory(file_);
    QVERIFY(!read.ok());
    QVERIFY(describe(read.problems()).find("damaged") != std::string::npos);
  }

  void anotherFileIsNotAHistory() {
    for (const char* text : {"", "hello", "itoplab masks 2\n", "itoplab masks 1\n"}) {
      put(text);
      QVERIFY(!readMaskHistory(file_).ok());
    }
    QVERIFY(!readMaskHistory(file_ / "none").ok());
  }

  void aFolderThatIsNotThereIsADiskError() {
    QVERIFY_THROWS_EXCEPTION(RunError, MaskHistoryWriter("/nowhere/history.bin", {Mask(3)}, 1));
  }
};

QTEST_GUILESS_MAIN(TestMaskHistory)
#include "tst_mask_history.moc"
