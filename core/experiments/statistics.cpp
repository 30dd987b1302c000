#include "experiments/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lab {

namespace {

double squaredDistances(std::span<const double> values) {
  const double middle = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - middle) * (value - middle);
  return sum;
}

/// 1 / (1 + d_1 / (1 + d_2 / (1 + ...))), DLMF 8.17.22, from the back. Left of the distribution's mean some
/// √max(a, b) terms matter; those beyond cost little.
double betaFraction(double a, double b, double x) {
  const int terms = 50 + static_cast<int>(10 * std::sqrt(std::max(a, b)));
  double tail = 1;
  for (int m = terms; m >= 0; --m) {
    const double even = (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    tail = 1 + odd / (1 + even / tail);
  }
  return 1 / tail;
}

}  // namespace

double mean(std::span<const double> values) {
  if (values.empty()) return 0;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double deviation(std::span<const double> values) {
  if (values.size() < 2) return 0;
  return std::sqrt(squaredDistances(values) / static_cast<double>(values.size() - 1));
}

double incompleteBeta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean of the distribution; above it the symmetry is used.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const double logarithm =
      a * std::log(x) + b * std::log1p(-x) - std::log(a) + std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b);
  return std::exp(logarithm) * betaFraction(a, b, x);
}

double studentQuantile(double p, double freedom) {
  if (p < 0.5) return -studentQuantile(1 - p, freedom);
  const auto above = [freedom](double t) {
    return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
  };
  double low = 0, high = 1;
  while (above(high) > 1 - p) high *= 2;
  for (int i = 0; i < 200 && high - low > 4 * std::numeric_limits<double>::epsilon() * high; ++i) {
    const double middle = (low + high) / 2;
    (above(middle) > 1 - p ? low : high) = middle;
  }
  return (low + high) / 2;
}

void PooledDeviation::add(std::span<const double> group) {
  if (group.empty()) return;
  squares_ += squaredDistances(group);
  freedom_ += static_cast<double>(group.size() - 1);
}

double PooledDeviation::value() const { return freedom_ > 0 ? std::sqrt(squares_ / freedom_) : 0; }

std::optional<MeanInterval> PooledDeviation::interval(double confidence, const std::vector<MeanTerm>& terms) const {
  if (freedom_ <= 0) return {};
  double variance = 0;
  for (const MeanTerm& term : terms) {
    if (term.values.empty()) return {};
    variance += term.weight * term.weight / static_cast<double>(term.values.size());
  }
  return MeanInterval{studentQuantile((1 + confidence) / 2, freedom_) * value() * std::sqrt(variance), freedom_};
}

std::optional<MeanInterval> welchInterval(double confidence, const std::vector<MeanTerm>& terms) {
  double variance = 0, scatter = 0;
  for (const MeanTerm& term : terms) {
    if (term.values.size() < 2) return {};
    const auto n = static_cast<double>(term.values.size());
    const double own = term.weight * term.weight * squaredDistances(term.values) / (n - 1) / n;
    variance += own;
    scatter += own * own / (n - 1);
  }
  if (variance == 0) return MeanInterval{};
  const double freedom = variance * variance / scatter;
  return MeanInterval{studentQuantile((1 + confidence) / 2, freedom) * std::sqrt(variance), freedom};
}

}  // namespace lab
