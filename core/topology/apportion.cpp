#include "topology/apportion.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lab {

namespace {

/// One round: `rest` in proportion to the shares of the parts with room, never above a cap.
int64_t distribute(int64_t rest, std::span<const double> shares, std::span<const int64_t> caps,
                   std::vector<int64_t>& parts) {
  double sum = 0;
  for (size_t i = 0; i < parts.size(); ++i)
    if (parts[i] < caps[i]) sum += shares[i];
  const auto shareOf = [&](size_t i) { return sum > 0 ? shares[i] / sum : 1.0 / static_cast<double>(parts.size()); };

  std::vector<size_t> open;
  std::vector<double> remainder(parts.size());
  int64_t given = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == caps[i]) continue;
    open.push_back(i);
    const double exact = static_cast<double>(rest) * shareOf(i);
    const int64_t part = std::min(static_cast<int64_t>(std::floor(exact)), caps[i] - parts[i]);
    remainder[i] = exact - static_cast<double>(part);
    parts[i] += part;
    given += part;
  }
  std::stable_sort(open.begin(), open.end(), [&](size_t a, size_t b) { return remainder[a] > remainder[b]; });
  // Ones left over by rounding. What a cap turned away is more than that, and waits for the next round.
  int64_t ones = std::min(rest - given, static_cast<int64_t>(open.size()));
  for (const size_t i : open)
    if (ones > 0 && parts[i] < caps[i]) {
      ++parts[i];
      ++given;
      --ones;
    }
  return given;
}

}  // namespace

std::vector<int64_t> apportion(int64_t total, std::span<const double> shares, std::span<const int64_t> caps) {
  std::vector<int64_t> parts(shares.size());
  int64_t rest = std::min(total, std::accumulate(caps.begin(), caps.end(), int64_t{0}));
  while (rest > 0) rest -= distribute(rest, shares, caps, parts);
  return parts;
}

}  // namespace lab
