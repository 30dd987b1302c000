#include "data/dataset.h"
#include "random/keyed_random.h"

#include <algorithm>

namespace lab {

namespace {

constexpr double kNoise = 40;  // grey levels: classes overlap a little, so that accuracy stays below 1

/// Grey levels of every class, [classes][pixels].
std::vector<double> makePrototypes(int64_t values, uint64_t seed) {
  std::vector<double> prototypes;
  for (int64_t i = 0; i < values; ++i)
    prototypes.push_back(255 * uniformAt({seed, Purpose::SyntheticData, 0, 0}, static_cast<uint64_t>(i)));
  return prototypes;
}

Samples noisyPrototypes(Shape shape, int64_t classes, int64_t count, uint64_t seed, uint32_t split) {
  const std::vector<double> prototypes = makePrototypes(classes * shape.size(), seed);
  Samples samples;
  samples.count = count;
  const int64_t size = shape.size();
  samples.pixels.reserve(static_cast<size_t>(count * size));
  for (int64_t i = 0; i < count; ++i) {
    const int64_t label = i % classes;
    samples.labels.push_back(static_cast<Label>(label));
    for (int64_t p = 0; p < size; ++p) {
      const double prototype = prototypes[static_cast<size_t>(label * size + p)];
      const double noise =
          kNoise * normalAt({seed, Purpose::SyntheticData, 1, split}, static_cast<uint64_t>(i * size + p));
      samples.pixels.push_back(static_cast<uint8_t>(std::clamp(prototype + noise, 0.0, 255.0)));
    }
  }
  return samples;
}

}  // namespace

std::shared_ptr<const Dataset> syntheticDataset(Shape shape, int64_t classes, int64_t train, int64_t validation,
                                                int64_t test, uint64_t seed) {
  auto data = std::make_shared<Dataset>();
  data->name = "synthetic";
  data->shape = shape;
  data->classes = classes;
  data->mean.assign(static_cast<size_t>(shape.channels), 0.5f);
  data->deviation.assign(static_cast<size_t>(shape.channels), 0.3f);
  data->train = noisyPrototypes(shape, classes, train, seed, 1);
  data->validation = noisyPrototypes(shape, classes, validation, seed, 2);
  data->test = noisyPrototypes(shape, classes, test, seed, 3);
  return data;
}

}  // namespace lab
