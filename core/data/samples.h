#pragma once
// Cutting and measuring samples, all of one shape.

#include "data/dataset.h"

#include <vector>

namespace lab {

/// Cuts the last `count` samples off `from`.
Samples cutOff(Samples& from, int64_t count, int64_t imageSize);

/// Indices of the first samples of each class, as many of each as possible, `count` <= labels.size() in all, rising: a
/// class that runs out leaves its places to the others, the lower classes first. The same for every seed, so that runs
/// of different seeds train on the same images.
std::vector<int64_t> balancedChoice(const std::vector<Label>& labels, int64_t count, int64_t classes);

/// The samples of balancedChoice().
Samples balancedSubset(const Samples& samples, int64_t count, int64_t imageSize, int64_t classes);

/// Per channel, of pixel / 255.
struct Moments {
  std::vector<float> mean, deviation;
};
Moments channelMoments(const Samples& samples, Shape shape);

}  // namespace lab
