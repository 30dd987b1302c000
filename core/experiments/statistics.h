#pragma once
// Means, deviations and Student's t interval.

#include <span>

namespace lab {

double mean(std::span<const double> values);       ///< 0 of none
double deviation(std::span<const double> values);  ///< of the sample (n - 1); 0 of fewer than two

/// I_x(a, b), the regularized incomplete beta function; a, b > 0, 0 <= x <= 1. DLMF 8.17.
double incompleteBeta(double a, double b, double x);

/// The t with P(T <= t) = p for Student's distribution with `freedom` degrees of freedom (> 0), 0 < p < 1.
double studentQuantile(double p, double freedom);

/// A standard deviation common to several groups: √(Σ (n_i - 1) s_i² / Σ (n_i - 1)).
class PooledDeviation {
 public:
  void add(std::span<const double> group);
  double freedom() const { return freedom_; }
  double value() const;
  /// Half the width of the interval of `confidence` for a difference of two means over n1 and n2 values.
  /// Precondition: freedom() > 0.
  double halfWidth(double confidence, double n1, double n2) const;

 private:
  double squares_ = 0, freedom_ = 0;
};

}  // namespace lab
