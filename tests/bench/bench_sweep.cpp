// As a sweep has them: independent runs of one thread each.
#include "benchmarks.h"
#include "engines/sparse/sparse_engine.h"
#include "fixture.h"
#include "paired.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>

namespace lab::bench {

namespace {

constexpr int64_t kSteps = 430;  // an epoch

void runOne(double sparsity) {
  const Fixture fixture = makeFixture(sparsity);
  const auto engine = makeEngine(sparseEngine(), fixture);
  Batches batches(fixture);
  train(*engine, batches, kSteps);
  engine->evaluate(Split::Test);
}

void runAll(int64_t runs, unsigned threads, double sparsity) {
  std::atomic<int64_t> next = 0;
  std::vector<std::jthread> workers;
  for (unsigned t = 0; t < threads; ++t)
    workers.emplace_back([&] {
      while (next++ < runs) runOne(sparsity);
    });
}

}  // namespace

void benchSweepScaling() {
  const unsigned cores = std::max(2u, std::thread::hardware_concurrency());
  const int64_t runs = 2 * cores;
  fmt::print("{:>9} {:>22} {:>22} {:>24}\n", "sparsity", fmt::format("{} runs, 1 thread s", runs),
             fmt::format("{} threads s", cores), "times faster");
  for (const double sparsity : {0.98, 0.99}) {
    const auto timings = alternate({{"one", [=](int64_t) { runAll(runs, 1, sparsity); }},
                                    {"all", [=](int64_t) { runAll(runs, cores, sparsity); }}});
    fmt::print("{:>9} {:>22.3f} {:>22.3f} {:>24}\n", sparsity, timings[0].seconds.median,
               timings[1].seconds.median, text(ratio(timings[0], timings[1])));
  }
  fmt::print("target: at least 0.95 times the number of cores (1.9 on two)\n");
}

}  // namespace lab::bench
