// Memory while a run is watched for an hour: ten updates and ten rows a second, streamed as fast as they are
// taken.
#include "live/live_page.h"
#include "window_speed.h"

#include <fmt/format.h>

#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace lab::bench {

namespace {

constexpr int64_t kHour = 36'000;
constexpr int kPerTurn = 20, kReports = 6;
// Small layers: their history soon fills its budget, as that of large ones does in the first minutes.
constexpr int64_t kColumns = 512;
const std::vector<int64_t> kSizes{1568 * kColumns, 1024 * kColumns, 10 * kColumns};

double residentMiB() {
  malloc_trim(0);  // what the heap keeps for later is not held by the window
  std::ifstream file("/proc/self/statm");
  int64_t total = 0, resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / (1 << 20);
}

}  // namespace

void measureMemory() {
  const MadeHistory history = madeHistory(kSizes);
  // Forward and back again through the same masks: the updates of an hour without holding an hour of them.
  std::vector<TopologyEvent> turns = history.updates;
  for (auto update = history.updates.rbegin(); update != history.updates.rend(); ++update) {
    TopologyEvent& back = turns.emplace_back(*update);
    for (LayerChange& change : back.layers) std::swap(change.dropped, change.grown);
  }
  ui::LivePage page;
  page.resize(1068, 760);
  page.show();
  page.startRun(largeRun(history.initial, kHour * 100, kColumns));
  fmt::print("{:<44} {:>9}\n", "streamed", "MiB");
  fmt::print("{:<44} {:>9.1f}\n", "nothing", residentMiB());
  for (int64_t at = 0; at < kHour; at += kPerTurn) {
    std::vector<TopologyEvent> updates;
    for (int64_t i = at; i < at + kPerTurn; ++i) {
      TopologyEvent& update = updates.emplace_back(turns[static_cast<size_t>(i) % turns.size()]);
      update.update = i + 1;
      update.step = (i + 1) * 100;
    }
    page.appendUpdates(updates);
    page.appendMetrics(largeRows(at, at + kPerTurn, kHour * 100));
    settle();
    if ((at + kPerTurn) % (kHour / kReports) == 0) {
      fmt::print("{:<44} {:>9.1f}\n", fmt::format("{} minutes' worth", (at + kPerTurn) * 60 / kHour),
                 residentMiB());
      std::fflush(stdout);
    }
  }
}

}  // namespace lab::bench
