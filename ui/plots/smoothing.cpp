#include "plots/smoothing.h"

#include <cmath>

namespace lab::ui {

std::vector<double> smoothed(std::span<const double> values, double factor) {
  std::vector<double> result;
  result.reserve(values.size());
  double sum = 0, weights = 0;
  for (const double value : values) {
    if (std::isnan(value)) {
      result.push_back(value);
      continue;
    }
    sum = factor * sum + value;
    weights = factor * weights + 1;
    result.push_back(sum / weights);
  }
  return result;
}

}  // namespace lab::ui
