#pragma once
// Any images for any network: other sides, other numbers of channels.

#include "data/dataset.h"

namespace lab {

/// From grey to colour by repetition; from colour to grey by luma, (77 R + 150 G + 29 B + 128) / 256 (ITU-R
/// BT.601).
Samples withChannels(Samples samples, Shape from, int64_t channels);

/// In the middle of a black square of this side, which is not smaller than the images.
Samples padded(Samples samples, Shape from, int64_t side);

/// Squeezed or stretched to a square of this side; see resizePlane().
Samples resized(Samples samples, Shape from, int64_t side);

}  // namespace lab
