// What the exploration tracker costs: one update's bookkeeping and a row of metrics, against the training between.
#include "benchmarks.h"
#include "engines/sparse/sparse_engine.h"
#include "exploration/exploration_tracker.h"
#include "fixture.h"
#include "paired.h"
#include "store/mask_history.h"
#include "topology/schedule.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

namespace lab::bench {

namespace {

constexpr int64_t kInterval = 100;  // ΔT
constexpr int64_t kUpdates = 20;    // of a run

TopologyPlan planOf(int64_t update) {
  TopologyPlan plan;
  plan.update = update;
  plan.step = update * kInterval;
  plan.pruneRate = findPruneSchedule("cosine")->rate(
      0.5, 0.005, static_cast<double>(update - 1) / static_cast<double>(kUpdates));
  plan.rules = {DropRule::Magnitude, GrowRule::Random, Rounding::Up};
  return plan;
}

/// The events of a real SET run whose prune rate falls from beginning to end as in a whole run.
std::vector<TopologyEvent> realEvents(const Fixture& fixture) {
  const auto engine = makeEngine(sparseEngine(), fixture);
  Batches batches(fixture);
  std::vector<TopologyEvent> events;
  for (int64_t update = 1; update <= kUpdates; ++update) {
    train(*engine, batches, kInterval - 1);
    engine->submit({{{batches.next(), 0.01f}}, planOf(update)});
    events.push_back(*engine->collect().topology);
  }
  return events;
}

volatile double sink = 0;  // what is measured must not be optimized away

void track(ExplorationTracker& tracker, const TopologyEvent& event) {
  tracker.advanceTo(event.step);
  tracker.apply(event);
  for (int use = 0; use < 2; ++use)  // by the update, and by the row
    for (size_t l = 0; l < tracker.layerCount(); ++l) sink = tracker.layer(l).rs();
  sink = tracker.rs() + tracker.rsExcludingDense() + tracker.reliable() + tracker.total().initialEdgesKept();
}

/// The mask history beside it, in a file of its own.
struct Record {
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / fmt::format("lab_bench_masks_{}", getpid());
  std::unique_ptr<MaskHistoryWriter> writer;

  void begin(const std::vector<Mask>& masks, const Config& config) {
    end();
    writer = std::make_unique<MaskHistoryWriter>(file, masks, config.mask_history_mib, kUpdates);
  }
  void end() {
    writer.reset();
    std::filesystem::remove(file);
  }
  ~Record() { end(); }
};

Spread percent(const Spread& ratio) { return {100 * ratio.median, 100 * ratio.min, 100 * ratio.max}; }

}  // namespace

void benchTracking() {
  fmt::print("{:>9} {:>14} {:>14} {:>26} {:>32}\n", "sparsity", "100 steps ms", "tracking ms",
             "tracking / training, %", "mask history / training, %");
  for (const double sparsity : {0.90, 0.99}) {
    const Fixture fixture = makeFixture(sparsity);
    const auto events = realEvents(fixture);
    std::vector<Mask> masks;
    for (const LayerState& layer : initialState(fixture).layers) masks.push_back(layer.active);
    const std::shared_ptr<Engine> engine = makeEngine(sparseEngine(), fixture);
    Batches batches(fixture);
    std::unique_ptr<ExplorationTracker> tracker;
    Record record;
    size_t next = 0;
    const auto timings =
        alternate({{"steps", [&](int64_t times) { train(*engine, batches, times * kInterval); }},
                   {"tracking",
                    [&](int64_t times) {
                      while (times-- > 0) track(*tracker, events[next++]);
                    },
                    [&] {
                      tracker = std::make_unique<ExplorationTracker>(masks, fixture.config.reliable_steps);
                      next = 0;
                    },
                    kUpdates},
                   {"mask history",
                    [&](int64_t times) {
                      while (times-- > 0) record.writer->add(events[next++]);
                    },
                    [&] {
                      record.begin(masks, fixture.config);
                      next = 0;
                    },
                    kUpdates}},
                  Clock::Thread);
    fmt::print("{:>9} {:>14.3f} {:>14.4f} {:>26} {:>32}\n", sparsity, 1e3 * timings[0].seconds.median,
               1e3 * timings[1].seconds.median, text(percent(ratio(timings[1], timings[0]))),
               text(percent(ratio(timings[2], timings[0]))));
  }
  fmt::print("target: tracking at most 1 %\n");
}

}  // namespace lab::bench
