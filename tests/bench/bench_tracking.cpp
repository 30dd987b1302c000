// What the exploration tracker costs: one update's bookkeeping and a row of metrics, against the training between.
#include "benchmarks.h"
#include "engines/sparse/sparse_engine.h"
#include "exploration/exploration_tracker.h"
#include "fixture.h"
#include "paired.h"
#include "topology/schedule.h"

#include <fmt/format.h>

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
  for (size_t l = 0; l < tracker.layerCount(); ++l) sink = tracker.layerCounts(l).rs();
  sink = tracker.rs() + tracker.rsExcludingDense() + tracker.reliable();
}

}  // namespace

void benchTracking() {
  fmt::print("{:>9} {:>20} {:>20} {:>24}\n", "sparsity", "100 steps ms", "tracking ms", "tracking / training, %");
  for (const double sparsity : {0.90, 0.99}) {
    const Fixture fixture = makeFixture(sparsity);
    const auto events = realEvents(fixture);
    std::vector<Mask> masks;
    for (const LayerState& layer : initialState(fixture).layers) masks.push_back(layer.active);
    const std::shared_ptr<Engine> engine = makeEngine(sparseEngine(), fixture);
    Batches batches(fixture);
    std::unique_ptr<ExplorationTracker> tracker;
    size_t next = 0;
    const auto timings =
        alternate({{"steps", [&](int64_t times) { train(*engine, batches, times * kInterval); }},
                   {"tracking",
                    [&](int64_t times) {
                      for (int64_t i = 0; i < times; ++i) track(*tracker, events[next++]);
                    },
                    [&] {
                      tracker = std::make_unique<ExplorationTracker>(masks, fixture.config.reliable_steps);
                      next = 0;
                    },
                    kUpdates}});
    Spread percent = ratio(timings[1], timings[0]);
    percent = {100 * percent.median, 100 * percent.min, 100 * percent.max};
    fmt::print("{:>9} {:>20.3f} {:>20.4f} {:>24}\n", sparsity, 1e3 * timings[0].seconds.median,
               1e3 * timings[1].seconds.median, text(percent));
  }
  fmt::print("target: at most 1 %\n");
}

}  // namespace lab::bench
