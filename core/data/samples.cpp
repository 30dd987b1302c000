#include "data/samples.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lab {

namespace {

/// How many of each class a balanced choice of `count` takes, dealt one a class and round.
std::vector<int64_t> shares(const std::vector<int64_t>& available, int64_t count) {
  std::vector<int64_t> taken(available.size(), 0);
  while (count > 0)
    for (size_t c = 0; c < available.size() && count > 0; ++c)
      if (taken[c] < available[c]) ++taken[c], --count;
  return taken;
}

}  // namespace

Samples cutOff(Samples& from, int64_t count, int64_t imageSize) {
  const int64_t begin = from.count - count;
  Samples tail;
  tail.count = count;
  tail.pixels.assign(from.pixels.begin() + begin * imageSize, from.pixels.end());
  tail.labels.assign(from.labels.begin() + begin, from.labels.end());
  from.count = begin;
  from.pixels.resize(static_cast<size_t>(begin * imageSize));
  from.labels.resize(static_cast<size_t>(begin));
  return tail;
}

std::vector<int64_t> balancedChoice(const std::vector<Label>& labels, int64_t count, int64_t classes) {
  std::vector<int64_t> left(static_cast<size_t>(classes), 0);
  for (const Label label : labels) ++left[label];
  left = shares(left, count);
  std::vector<int64_t> chosen;
  chosen.reserve(static_cast<size_t>(count));
  for (size_t i = 0; i < labels.size(); ++i)
    if (left[labels[i]]-- > 0) chosen.push_back(static_cast<int64_t>(i));
  return chosen;
}

Samples balancedSubset(const Samples& samples, int64_t count, int64_t imageSize, int64_t classes) {
  Samples subset;
  subset.count = count;
  subset.pixels.reserve(static_cast<size_t>(count * imageSize));
  for (const int64_t i : balancedChoice(samples.labels, count, classes)) {
    const auto image = samples.pixels.begin() + i * imageSize;
    subset.pixels.insert(subset.pixels.end(), image, image + imageSize);
    subset.labels.push_back(samples.labels[static_cast<size_t>(i)]);
  }
  return subset;
}

Moments channelMoments(const Samples& samples, Shape shape) {
  const int64_t area = shape.height * shape.width;
  Moments moments;
  for (int64_t channel = 0; channel < shape.channels; ++channel) {
    std::array<int64_t, 256> histogram{};
    for (int64_t i = 0; i < samples.count; ++i) {
      const uint8_t* plane = samples.pixels.data() + i * shape.size() + channel * area;
      for (int64_t p = 0; p < area; ++p) ++histogram[plane[p]];
    }
    double mean = 0, square = 0;
    for (size_t value = 0; value < histogram.size(); ++value) {
      const double share = static_cast<double>(histogram[value]) / static_cast<double>(samples.count * area);
      const double x = static_cast<double>(value) / 255;
      mean += share * x;
      square += share * x * x;
    }
    moments.mean.push_back(static_cast<float>(mean));
    moments.deviation.push_back(static_cast<float>(std::sqrt(std::max(0.0, square - mean * mean))));
  }
  return moments;
}

}  // namespace lab
