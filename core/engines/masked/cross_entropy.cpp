#include "engines/masked/cross_entropy.h"

#include <algorithm>
#include <cmath>

namespace lab::masked {

Sums crossEntropy(std::span<const float> logits, std::span<const Label> labels, double smoothing,
                  std::span<float> delta) {
  Sums sums;
  sums.samples = static_cast<int64_t>(labels.size());
  const size_t classes = logits.size() / labels.size();
  const float share = 1.0f / static_cast<float>(labels.size());
  const double ofAll = smoothing / static_cast<double>(classes);
  for (size_t sample = 0; sample < labels.size(); ++sample) {
    const auto row = logits.subspan(sample * classes, classes);
    const auto out = delta.subspan(sample * classes, classes);
    const auto top = std::max_element(row.begin(), row.end());
    float total = 0;
    double below = 0;  // Σ (top - logit)
    for (size_t c = 0; c < classes; ++c) {
      total += out[c] = std::exp(row[c] - *top);
      below += static_cast<double>(*top) - static_cast<double>(row[c]);
    }
    for (float& d : out) d = d * (share / total) - share * static_cast<float>(ofAll);
    const size_t label = labels[sample];
    out[label] -= share * static_cast<float>(1 - smoothing);
    sums.loss += std::log(static_cast<double>(total)) + ofAll * below +
                 (1 - smoothing) * (static_cast<double>(*top) - static_cast<double>(row[label]));
    sums.correct += static_cast<size_t>(top - row.begin()) == label;
  }
  return sums;
}

}  // namespace lab::masked
