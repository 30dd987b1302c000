#include "experiments/rank_correlation.h"

#include "random/keyed_random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lab {

namespace {

/// A purpose of its own, which no run knows: what is drawn here judges runs and takes no part in them.
constexpr auto kBootstrap = static_cast<Purpose>(100);

}  // namespace

Ranking::Ranking(std::span<const double> values) : order_(values.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::ranges::stable_sort(order_, {}, [&](uint32_t place) { return values[place]; });
  for (size_t i = 0; i < order_.size(); ++i)
    if (i + 1 == order_.size() || values[order_[i]] != values[order_[i + 1]])
      groupEnd_.push_back(static_cast<uint32_t>(i + 1));
}

void Ranking::ranks(Multiplicities count, std::vector<double>& into) const {
  into.resize(order_.size());
  double below = 0;
  size_t begin = 0;
  for (const uint32_t end : groupEnd_) {
    double equal = 0;
    for (size_t i = begin; i < end; ++i) equal += count[order_[i]];
    for (size_t i = begin; i < end; ++i) into[order_[i]] = below + (equal + 1) / 2;
    below += equal;
    begin = end;
  }
}

double spearman(const Ranking& a, const Ranking& b, Multiplicities count) {
  std::vector<double> x, y;
  a.ranks(count, x);
  b.ranks(count, y);
  const double n = std::accumulate(count.begin(), count.end(), 0.0), middle = (n + 1) / 2;
  double xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < count.size(); ++i) {
    const double dx = x[i] - middle, dy = y[i] - middle;
    xx += count[i] * dx * dx;
    yy += count[i] * dy * dy;
    xy += count[i] * dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

double spearman(std::span<const double> a, std::span<const double> b) {
  const std::vector<uint32_t> once(a.size(), 1);
  return spearman(Ranking(a), Ranking(b), once);
}

void bootstrap(size_t n, int replicates, uint64_t seed, const std::function<void(Multiplicities)>& use) {
  std::vector<uint32_t> count(n);
  for (int r = 0; r < replicates; ++r) {
    const RandomKey key{seed, kBootstrap, 0, static_cast<uint32_t>(r)};
    std::ranges::fill(count, 0U);
    for (size_t i = 0; i < n; ++i)
      ++count[std::min(n - 1, static_cast<size_t>(uniformAt(key, i) * static_cast<double>(n)))];
    use(count);
  }
}

std::pair<double, double> percentileInterval(std::vector<double> values, double confidence) {
  std::ranges::sort(values);
  constexpr double kRoundingError = 1e-9;  // of a share that is whole
  const double outside = (1 - confidence) / 2 * static_cast<double>(values.size() - 1);
  const auto tail = static_cast<size_t>(std::floor(outside + kRoundingError));
  return {values[tail], values[values.size() - 1 - tail]};
}

}  // namespace lab
