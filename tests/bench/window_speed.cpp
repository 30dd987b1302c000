// lab_bench_window_speed [start|frames|scrub|memory]: how quick the window is with a run as large as it is meant
// for: 100,000 rows and four layers of 2048 x 4608. Times of one thread are those in which it really ran.
#include "window_speed.h"

#include "live/live_page.h"
#include "live/time_scrubber.h"
#include "main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <fmt/format.h>

#include <cstdio>
#include <random>
#include <string_view>

namespace lab::bench {

namespace {

constexpr int64_t kRows = 100'000, kStepsARow = 100;
constexpr int kFrames = 300, kFrameMilliseconds = 33, kScrubs = 80, kShownMasks = 8;

struct LargePage {
  MadeHistory history;
  ui::LivePage page;
  int64_t planned;

  LargePage(int64_t rows, int64_t plannedRows, int updates)
      : history(madeHistory(largeLayerSizes(), updates)), planned(plannedRows * kStepsARow) {
    page.resize(1068, 760);
    page.show();
    page.startRun(largeRun(history.initial, planned));
    if (rows > 0) page.appendMetrics(largeRows(0, rows, planned));
    settle();
  }
};

/// The work of the window's thread in each thirtieth of a second, while rows and masks come at that rate.
Tail frames(LargePage& large, int64_t firstRow, std::vector<std::shared_ptr<const MaskSnapshot>> snapshots) {
  std::vector<double> work;
  QEventLoop loop;
  QTimer timer;
  double before = 0;
  int frame = 0;
  timer.setTimerType(Qt::PreciseTimer);
  QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
    const double now = threadMilliseconds();
    if (frame > 0) work.push_back(now - before);
    before = now;
    if (frame == kFrames) return loop.quit();
    large.page.appendMetrics(largeRows(firstRow + frame, firstRow + frame + 1, large.planned));
    large.page.setSnapshot(snapshots[static_cast<size_t>(frame) % snapshots.size()]);
    ++frame;
  });
  timer.start(kFrameMilliseconds);
  loop.exec();
  return tailOf(work);
}

template <class Next>
void scrub(const char* what, LargePage& large, Next next) {
  std::vector<double> times;
  for (int i = 0; i < kScrubs; ++i) {
    const int moment = next(i);
    QElapsedTimer wall;
    wall.start();
    large.page.scrubber().goTo(moment);
    settle();
    times.push_back(1e-6 * static_cast<double>(wall.nsecsElapsed()));
  }
  printTail(what, tailOf(times), "50: 20 a second");
}

}  // namespace

void printTail(const char* what, const Tail& tail, const char* aim) {
  fmt::print("{:<44} {:>9.1f} {:>9.1f} {:>9.1f} {:>6}   {}\n", what, tail.median, tail.p95, tail.largest,
             tail.count, aim);
  std::fflush(stdout);
}

void measureFrames() {
  LargePage large(kRows, kRows + kFrames, kShownMasks);
  MaskReplay replay = replayOf(large.history);
  std::vector<std::shared_ptr<const MaskSnapshot>> snapshots;
  for (size_t moment = 1; moment <= kShownMasks; ++moment) snapshots.push_back(replay.at(moment));
  printTail("a thirtieth of a second, thread's work", frames(large, kRows, snapshots), "p95 16");
}

void measureScrubbing() {
  LargePage large(1000, 1000, kScrubs);
  large.page.appendUpdates(large.history.updates);
  large.page.endRun({});
  settle();
  const int last = large.page.scrubber().moments() - 1;
  std::mt19937 random(2);
  large.page.scrubber().goTo(0);
  settle();
  scrub("scrubbing forward, from cause to drawn", large, [](int i) { return i + 1; });
  scrub("scrubbing back", large, [last](int i) { return last - 1 - i; });
  scrub("scrubbing anywhere", large,
        [&](int) { return static_cast<int>(random() % static_cast<unsigned>(last)); });
}

}  // namespace lab::bench

int main(int argc, char** argv) {
  using namespace lab::bench;
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY"))
    qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  const std::string_view only = argc > 1 ? argv[1] : "";
  if (only == "--usable") return startAndSay();
  const auto wanted = [only](std::string_view what) { return only.empty() || only == what; };
  fmt::print("{:<44} {:>9} {:>9} {:>9} {:>6}   {}\n", "ms", "median", "p95", "largest", "times", "aim");
  if (wanted("start")) measureStart(argv[0]);
  if (wanted("frames")) measureFrames();
  if (wanted("scrub")) measureScrubbing();
  if (wanted("memory")) measureMemory();
  return 0;
}
