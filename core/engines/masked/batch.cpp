#include "engines/masked/batch.h"

namespace lab::masked {

void gatherPixels(const Dataset& data, std::span<const uint8_t* const> images, std::span<float> out) {
  const int64_t area = data.shape.height * data.shape.width;
  float* to = out.data();
  for (const uint8_t* from : images) {
    for (size_t channel = 0; channel < data.mean.size(); ++channel, from += area, to += area) {
      const float scale = 1.0f / (255.0f * data.deviation[channel]);
      const float shift = -data.mean[channel] / data.deviation[channel];
      for (int64_t i = 0; i < area; ++i) to[i] = static_cast<float>(from[i]) * scale + shift;
    }
  }
}

void gatherPixels(const Dataset& data, Split split, std::span<const int32_t> samples, std::span<float> out) {
  std::vector<const uint8_t*> images;
  for (const int32_t sample : samples)
    images.push_back(data.split(split).pixels.data() + sample * data.shape.size());
  gatherPixels(data, images, out);
}

void gatherLabels(const Dataset& data, Split split, std::span<const int32_t> samples, std::vector<Label>& out) {
  const std::vector<Label>& labels = data.split(split).labels;
  out.clear();
  for (const int32_t sample : samples) out.push_back(labels[static_cast<size_t>(sample)]);
}

}  // namespace lab::masked
