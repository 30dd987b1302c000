#pragma once
// Spearman's rank correlation, and how sure it is: the bootstrap over runs.

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace lab {

/// How often each value counts: 1 each in the sample itself, anything from 0 in a resample of it.
using Multiplicities = std::span<const uint32_t>;

/// Values sorted once, so that the ranks of any resample of them cost no sort.
class Ranking {
 public:
  explicit Ranking(std::span<const double> values);

  size_t size() const { return order_.size(); }
  /// The rank of each value, from 1; equal values share the mean of their ranks. Values that do not count get some
  /// rank.
  void ranks(Multiplicities count, std::vector<double>& into) const;

 private:
  std::vector<uint32_t> order_;     ///< places by ascending value
  std::vector<uint32_t> groupEnd_;  ///< one past the last place in order_ of each group of equal values
};

/// ρ in [-1, 1] of two rankings of the same size: the correlation of their ranks (Spearman 1904). 0 when one of
/// them is constant: it ranks nothing.
double spearman(const Ranking& a, const Ranking& b, Multiplicities count);
double spearman(std::span<const double> a, std::span<const double> b);

/// Calls `use` with `replicates` resamples of n runs, each drawn with replacement; keyed by seed, replicate and draw,
/// so that the same figure has the same intervals. Efron 1979.
void bootstrap(size_t n, int replicates, uint64_t seed, const std::function<void(Multiplicities)>& use);

/// The interval between the (1 - confidence) / 2 quantiles of what replicates gave (percentile method): values of
/// replicates themselves, no interpolation. Precondition: not empty.
std::pair<double, double> percentileInterval(std::vector<double> values, double confidence);

}  // namespace lab
