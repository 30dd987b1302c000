#pragma once
// Means, deviations and intervals for combinations of means.

#include <optional>
#include <span>
#include <vector>

namespace lab {

inline constexpr double kConfidence = 0.95;  ///< of every interval that is reported

double mean(std::span<const double> values);       ///< 0 of none
double deviation(std::span<const double> values);  ///< of the sample (n - 1); 0 of fewer than two

/// I_x(a, b), the regularized incomplete beta function; a, b > 0, 0 <= x <= 1. DLMF 8.17.
double incompleteBeta(double a, double b, double x);

/// The t with P(T <= t) = p for Student's distribution with `freedom` degrees of freedom (> 0), 0 < p < 1.
double studentQuantile(double p, double freedom);

/// A mean in a linear combination of means.
struct MeanTerm {
  double weight = 1;
  std::span<const double> values;
};

/// Around Σ weight × mean: half its width, and the degrees of freedom of the Student distribution it is taken
/// from.
struct MeanInterval {
  double half = 0;
  double freedom = 0;
};

/// Each mean with its own standard deviation (Welch 1938; degrees of freedom by Satterthwaite 1946). Groups
/// without spread give a width of 0. Nothing where a group has fewer than two values.
std::optional<MeanInterval> welchInterval(double confidence, const std::vector<MeanTerm>& terms);

/// A standard deviation common to several groups: √(Σ (n_i - 1) s_i² / Σ (n_i - 1)).
class PooledDeviation {
 public:
  void add(std::span<const double> group);
  double freedom() const { return freedom_; }
  double value() const;
  /// Nothing without a degree of freedom, or where a term has no value.
  std::optional<MeanInterval> interval(double confidence, const std::vector<MeanTerm>& terms) const;

 private:
  double squares_ = 0, freedom_ = 0;
};

}  // namespace lab
