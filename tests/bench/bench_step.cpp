// A complete training step: gather, forward, backward, optimizer.
#include "benchmarks.h"
#include "engines/masked/masked_engine.h"
#include "engines/sparse/sparse_engine.h"
#include "paired.h"
#include "torch_loop.h"

#include <fmt/format.h>

namespace lab::bench {

namespace {

/// An engine with its own batches, as a contender.
Contender engineContender(std::string name, const EngineInfo& info, const Fixture& fixture) {
  std::shared_ptr<Engine> engine = makeEngine(info, fixture);
  auto batches = std::make_shared<Batches>(fixture);
  return {std::move(name), [=](int64_t steps) { train(*engine, *batches, steps); }};
}

Contender torchContender(std::string name, const Fixture& fixture, Masking masking) {
  auto loop = std::make_shared<TorchLoop>(fixture, masking);
  return {std::move(name), [=](int64_t steps) { loop->train(steps); }};
}

std::string milliseconds(const Timing& timing) { return fmt::format("{:.3f}", 1e3 * timing.seconds.median); }

}  // namespace

void benchSparseStep() {
  fmt::print("{:>9} {:>11} {:>15} {:>11} {:>28} {:>28}\n", "sparsity", "sparse ms", "official ms", "dense ms",
             "official / sparse", "best dense / sparse");
  for (const double sparsity : {0.90, 0.95, 0.98, 0.99}) {
    const Fixture fixture = makeFixture(sparsity);
    const auto timings = alternate({engineContender("sparse", sparseEngine(), fixture),
                                    torchContender("official", fixture, Masking::Official),
                                    engineContender("dense", maskedEngine(), makeFixture(0))});
    fmt::print("{:>9} {:>11} {:>15} {:>11} {:>28} {:>28}\n", sparsity, milliseconds(timings[0]),
               milliseconds(timings[1]), milliseconds(timings[2]), text(ratio(timings[1], timings[0])),
               text(ratio(timings[2], timings[0])));
  }
  fmt::print(
      "targets with AVX-512: official / sparse at least 9, 18, 34, 50; best dense / sparse 4.5, 8.5, 16, 24\n");
}

void benchMaskedStep() {
  fmt::print("{:>9} {:>11} {:>20} {:>24}\n", "sparsity", "masked ms", "bare LibTorch ms", "masked / bare");
  for (const double sparsity : {0.0, 0.90, 0.98}) {
    const Fixture fixture = makeFixture(sparsity);
    const auto timings = alternate(
        {engineContender("masked", maskedEngine(), fixture), torchContender("bare", fixture, Masking::None)});
    fmt::print("{:>9} {:>11} {:>20} {:>24}\n", sparsity, milliseconds(timings[0]), milliseconds(timings[1]),
               text(ratio(timings[0], timings[1])));
  }
  fmt::print("target: at most 0.60\n");
}

}  // namespace lab::bench
