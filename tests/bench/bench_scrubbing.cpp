// How long the masks of a moment take: the next one, the one before, one anywhere in the run.
#include "benchmarks.h"
#include "made_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace lab::bench {

namespace {

/// "median, largest" ms of showing moments one after another.
template <class Next>
std::string timed(MaskReplay& replay, int count, Next next) {
  std::vector<double> ms;
  for (int i = 0; i < count; ++i) {
    const size_t moment = next(i);
    const auto begun = std::chrono::steady_clock::now();
    (void)replay.at(moment);
    ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  }
  std::ranges::sort(ms);
  return fmt::format("{:.2f}, {:.2f}", ms[ms.size() / 2], ms.back());
}

}  // namespace

void benchScrubbing() {
  fmt::print("{:>24} {:>10} {:>8} {:>16} {:>16} {:>16}\n", "layers", "weights", "moments", "forward ms",
             "backward ms", "anywhere ms");
  const std::pair<const char*, std::vector<int64_t>> networks[] = {
      {"784-1024-512-10", {784 * 1024, 1024 * 512, 512 * 10}},
      {"2048 x 4608", {int64_t{2048} * 4608}},
      {"four of 2048 x 4608", std::vector<int64_t>(4, int64_t{2048} * 4608)}};
  for (const auto& [label, sizes] : networks) {
    MaskReplay replay = replayOf(madeHistory(sizes));
    int64_t weights = 0;
    for (const int64_t size : sizes) weights += size;
    const size_t last = replay.moments() - 1;
    std::mt19937_64 random(2);
    const auto forward = timed(replay, 100, [last](int i) { return std::min(last, static_cast<size_t>(i)); });
    const auto backward =
        timed(replay, 100, [last](int i) { return last - std::min(last, static_cast<size_t>(i)); });
    const auto anywhere = timed(replay, 100, [&](int) { return random() % (last + 1); });
    fmt::print("{:>24} {:>10} {:>8} {:>16} {:>16} {:>16}\n", label, weights, last + 1, forward, backward,
               anywhere);
    std::fflush(stdout);
  }
  fmt::print("{} updates at density {}, prune rate {}; median, largest; target: at most 50 ms\n", kReplayUpdates,
             kReplayDensity, kReplayPruneRate);
}

}  // namespace lab::bench
