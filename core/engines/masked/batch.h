#pragma once

#include "data/dataset.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lab::masked {

/// Normalised pixels of these images [channels][height][width], `out` being [images][channels][height][width].
void gatherPixels(const Dataset& data, std::span<const uint8_t* const> images, std::span<float> out);

/// Normalised pixels of some samples as they are, `out` being [samples][channels][height][width].
void gatherPixels(const Dataset& data, Split split, std::span<const int32_t> samples, std::span<float> out);

void gatherLabels(const Dataset& data, Split split, std::span<const int32_t> samples, std::vector<Label>& out);

}  // namespace lab::masked
