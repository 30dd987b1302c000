#pragma once
// Timings that can be compared: both sides in one process, alternating, so that whatever else the machine does
// meets both; the ratio is taken round by round.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace lab::bench {

struct Spread {
  double median = 0, min = 0, max = 0;
};
Spread spreadOf(std::vector<double> values);

struct Contender {
  std::string name;
  std::function<void(int64_t times)> work;  ///< timed: does it so many times
  std::function<void()> prepare = {};       ///< before each round, not timed
  int64_t most = INT64_MAX;                 ///< times a round, where prepare() is good for no more
};

struct Timing {
  std::string name;
  Spread seconds;                   ///< of doing it once
  std::vector<double> everySecond;  ///< [round]
};

/// Thread: the time in which the calling thread really ran, for contenders of one thread. Others who use the
/// machine at the same time still take cache and bandwidth, but no time slices.
enum class Clock { Wall, Thread };

/// At least ten rounds; each does every contender for about `slice` seconds.
std::vector<Timing> alternate(const std::vector<Contender>& contenders, Clock clock = Clock::Wall,
                              double slice = 0.04);

/// time(other) / time(base), round by round.
Spread ratio(const Timing& other, const Timing& base);

std::string text(const Spread& ratio);  ///< "12.3 [11.9, 12.8]"

}  // namespace lab::bench
