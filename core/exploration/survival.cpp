#include "exploration/survival.h"

#include <numeric>

namespace lab {

std::vector<SurvivalPoint> kaplanMeier(std::span<const int64_t> ended, std::span<const int64_t> censored) {
  int64_t atRisk = std::accumulate(ended.begin(), ended.end(), int64_t{0}) +
                   std::accumulate(censored.begin(), censored.end(), int64_t{0});
  std::vector<SurvivalPoint> curve{{0, 1.0, atRisk}};
  double survival = 1;
  for (size_t age = 0; age < ended.size(); ++age) {
    if (ended[age] > 0) {
      survival *= 1.0 - static_cast<double>(ended[age]) / static_cast<double>(atRisk);
      curve.push_back({static_cast<int64_t>(age), survival, atRisk});
      atRisk -= ended[age];
    }
    if (age < censored.size()) atRisk -= censored[age];
  }
  return curve;
}

}  // namespace lab
