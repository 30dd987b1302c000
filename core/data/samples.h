#pragma once
// Cutting and measuring samples, all of one shape.

#include "data/dataset.h"

#include <vector>

namespace lab {

/// Cuts the last `count` samples off `from`.
Samples cutOff(Samples& from, int64_t count, int64_t imageSize);

/// The first samples of each class, as many of each as possible, `count` <= samples.count in all, in their order:
/// a class that runs out leaves its places to the others, the lower classes first. The same for every seed, so
/// that runs of different seeds train on the same images.
Samples balancedSubset(const Samples& samples, int64_t count, int64_t imageSize, int64_t classes);

/// Per channel, of pixel / 255.
struct Moments {
  std::vector<float> mean, deviation;
};
Moments channelMoments(const Samples& samples, Shape shape);

}  // namespace lab
