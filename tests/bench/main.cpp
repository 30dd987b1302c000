// lab_bench [FILTER]: the benchmarks whose name contains FILTER; --list names them.
#include "benchmarks.h"
#include "engines/masked/masked_engine.h"
#include "engines/sparse/sparse_engine.h"
#include "torch_loop.h"

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <thread>

namespace {

using namespace lab::bench;

constexpr Benchmark kBenchmarks[] = {
    {"sparse-step", "a training step, truly sparse against masked dense and best dense", benchSparseStep},
    {"masked-step", "a training step of the masked engine against a bare LibTorch loop", benchMaskedStep},
    {"topology-update", "a topology update against full sorts", benchTopologyUpdate},
    {"update-share", "what topology updates cost at ΔT = 100", benchUpdateShare},
    {"tracking", "the cost of measuring exploration at ΔT = 100", benchTracking},
    {"sweep-scaling", "independent runs on one thread and on all cores", benchSweepScaling},
    {"runs", "listing 1,000 and 10,000 recorded runs", benchRuns},
    {"scrubbing", "the masks of any moment of a run", benchScrubbing},
};

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

void printConditions(int argc, char** argv) {
  fmt::print("{}, {} cores; sparse: {}; masked: {}; LibTorch {}\n", processor(),
             std::thread::hardware_concurrency(), lab::sparseEngine().detail, lab::maskedEngine().detail,
             torchVersion());
  const Fixture fixture = makeFixture(0.9);
  fmt::print(
      "MLP with hidden widths {} on {} ({} images), batch {}, ERK, float32, one thread; ratios: median [min, max] "
      "of {}\n",
      fixture.config.hidden_widths, fixture.data->name, fixture.data->train.count, fixture.config.batch_size,
      "alternating rounds");
  fmt::print("command:");
  for (int i = 0; i < argc; ++i) fmt::print(" {}", argv[i]);
  fmt::print("\n");
}

int list() {
  for (const Benchmark& benchmark : kBenchmarks) fmt::print("{:18}{}\n", benchmark.name, benchmark.help);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string filter = argc > 1 ? argv[1] : "";
  if (filter == "--list") return list();
  bool any = false;
  for (const Benchmark& benchmark : kBenchmarks) {
    if (std::string(benchmark.name).find(filter) == std::string::npos) continue;
    if (!any) printConditions(argc, argv);
    any = true;
    fmt::print("\n{}: {}\n", benchmark.name, benchmark.help);
    std::fflush(stdout);
    benchmark.run();
    std::fflush(stdout);
  }
  if (any) return 0;
  fmt::print(stderr, "no benchmark's name contains '{}'; there are:\n", filter);
  list();
  return 2;
}
