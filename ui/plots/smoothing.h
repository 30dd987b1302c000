#pragma once
// Exponential smoothing of curves.

#include <span>
#include <vector>

namespace lab::ui {

/// Debiased exponential mean: s_i = Σ f^(i-j) x_j / Σ f^(i-j), so that a constant stays constant and the first
/// value is itself. NaN is a gap: it stays NaN and the mean goes on behind it. 0 <= factor < 1; 0: nothing is
/// changed.
std::vector<double> smoothed(std::span<const double> values, double factor);

}  // namespace lab::ui
