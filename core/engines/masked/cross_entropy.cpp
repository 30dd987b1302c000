#include "engines/masked/cross_entropy.h"

#include <algorithm>
#include <cmath>

namespace lab::masked {

Sums crossEntropy(std::span<const float> logits, std::span<const Label> labels, std::span<float> delta) {
  Sums sums;
  sums.samples = static_cast<int64_t>(labels.size());
  const size_t classes = logits.size() / labels.size();
  const float share = 1.0f / static_cast<float>(labels.size());
  for (size_t sample = 0; sample < labels.size(); ++sample) {
    const auto row = logits.subspan(sample * classes, classes);
    const auto out = delta.subspan(sample * classes, classes);
    const auto top = std::max_element(row.begin(), row.end());
    float total = 0;
    for (size_t c = 0; c < classes; ++c) total += out[c] = std::exp(row[c] - *top);
    for (float& d : out) d *= share / total;
    const size_t label = labels[sample];
    out[label] -= share;
    sums.loss +=
        std::log(static_cast<double>(total)) + static_cast<double>(*top) - static_cast<double>(row[label]);
    sums.correct += static_cast<size_t>(top - row.begin()) == label;
  }
  return sums;
}

}  // namespace lab::masked
