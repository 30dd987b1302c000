#include "paired.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace lab::bench {

namespace {

constexpr int kRounds = 15;

double secondsOn(Clock clock) {
  timespec now{};
  clock_gettime(clock == Clock::Wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double secondsFor(const Contender& contender, int64_t times, Clock clock) {
  if (contender.prepare) contender.prepare();
  const double begin = secondsOn(clock);
  contender.work(times);
  return secondsOn(clock) - begin;
}

}  // namespace

Spread spreadOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return {median, values.front(), values.back()};
}

std::vector<Timing> alternate(const std::vector<Contender>& contenders, Clock clock, double slice) {
  std::vector<int64_t> times;
  std::vector<Timing> timings;
  for (const Contender& contender : contenders) {
    secondsFor(contender, 1, clock);  // caches, lazy set-up
    const auto wanted = std::max<int64_t>(1, std::llround(slice / secondsFor(contender, 1, clock)));
    times.push_back(std::min(wanted, contender.most));
    timings.push_back({contender.name, {}, {}});
  }
  for (int round = 0; round < kRounds; ++round)
    for (size_t c = 0; c < contenders.size(); ++c)
      timings[c].everySecond.push_back(secondsFor(contenders[c], times[c], clock) / static_cast<double>(times[c]));
  for (Timing& timing : timings) timing.seconds = spreadOf(timing.everySecond);
  return timings;
}

Spread ratio(const Timing& other, const Timing& base) {
  std::vector<double> ratios;
  for (size_t round = 0; round < base.everySecond.size(); ++round)
    ratios.push_back(other.everySecond[round] / base.everySecond[round]);
  return spreadOf(std::move(ratios));
}

std::string text(const Spread& ratio) {
  const int digits = ratio.median < 10 ? 2 : ratio.median < 100 ? 1 : 0;
  return fmt::format("{:.{}f} [{:.{}f}, {:.{}f}]", ratio.median, digits, ratio.min, digits, ratio.max, digits);
}

}  // namespace lab::bench
