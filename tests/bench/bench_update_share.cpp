// What topology updates cost a training at ΔT = 100: a step with an update less a step without, over a hundred steps.
#include "benchmarks.h"
#include "engines/masked/masked_engine.h"
#include "engines/sparse/sparse_engine.h"
#include "fixture.h"
#include "paired.h"

#include <fmt/format.h>

namespace lab::bench {

namespace {

constexpr int64_t kInterval = 100;  // ΔT
constexpr double kPruneRate = 0.5;

Contender stepContender(const EngineInfo& info, const Fixture& fixture, GrowRule grow) {
  const std::shared_ptr<Engine> engine = makeEngine(info, fixture);
  auto batches = std::make_shared<Batches>(fixture);
  auto plan = std::make_shared<TopologyPlan>();
  plan->pruneRate = kPruneRate;
  plan->rules = {DropRule::Magnitude, grow, Rounding::Up};
  return {"", [=](int64_t times) {
            while (times-- > 0) {
              ++plan->update;
              std::optional<TopologyPlan> update;
              if (plan->rules.grow != GrowRule::None) update = *plan;
              engine->submit({{{batches->next(), 0.01f}}, update});
              engine->collect();
            }
          }};
}

}  // namespace

void benchUpdateShare() {
  fmt::print("{:>9} {:>8} {:>15} {:>12} {:>12} {:>34}\n", "sparsity", "engine", "growth", "step ms", "update ms",
             "updates / 100 steps, %");
  for (const double sparsity : {0.90, 0.98}) {
    const Fixture fixture = makeFixture(sparsity);
    for (const EngineInfo& engine : {sparseEngine(), maskedEngine()}) {
      const std::pair<const char*, GrowRule> rules[] = {
          {"random", GrowRule::Random}, {"explore-first", GrowRule::ExploreFirst}, {"gradient", GrowRule::Gradient}};
      std::vector<Contender> contenders{stepContender(engine, fixture, GrowRule::None)};
      for (const auto& [label, rule] : rules) contenders.push_back(stepContender(engine, fixture, rule));
      const auto timings = alternate(std::move(contenders), Clock::Thread);
      for (size_t i = 1; i < timings.size(); ++i) {
        const Spread with = ratio(timings[i], timings[0]);
        const auto share = [](double ratio) { return 100 * (ratio - 1) / kInterval; };
        fmt::print("{:>9} {:>8} {:>15} {:>12.3f} {:>12.3f} {:>34}\n", sparsity, engine.name, rules[i - 1].first,
                   1e3 * timings[0].seconds.median, 1e3 * (timings[i].seconds.median - timings[0].seconds.median),
                   text(Spread{share(with.median), share(with.min), share(with.max)}));
      }
    }
  }
  fmt::print("prune rate {}; target: at most 2 %\n", kPruneRate);
}

}  // namespace lab::bench
