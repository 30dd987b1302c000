#pragma once
// Random changes to training images. What happens to an image is a function of (seed, epoch, sample), never of the
// order of calls, and is done in whole numbers: any batch, thread, engine, device and resumed run sees the same
// pixels. Test images are never changed, and those of validation only where a caller asks for it.

#include "network/network_spec.h"
#include "result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lab {

struct Config;

std::vector<std::string> augmentationNames();
std::vector<std::string> augmentationPaddingNames();

enum class Crop { None, Shifted, Resized };

struct Augmentation {
  Crop crop = Crop::None;
  bool flip = false;
  bool reflect = true;  ///< what lies outside a shifted image: its mirror image, else black
  uint64_t seed = 0;
  bool validation = false;  ///< validation images too, each always in the same way (official semantics)
  bool changesImages() const { return crop != Crop::None || flip; }
};

/// Precondition: a valid configuration.
Augmentation augmentationOf(const Config& config);

/// Whether the padding of this configuration matters.
bool readsPadding(const Config& config);

/// Why images of this shape cannot be augmented so.
Problems augmentationProblems(const Config& config, Shape shape);

/// Pixels a shifted crop may move in each direction.
inline constexpr int64_t kShift = 4;

/// What is done to one image: the new one shows the rectangle at (top, left) of height × width of the old, which a
/// shifted crop lets reach kShift pixels beyond it; then it is mirrored left to right.
struct ImageChange {
  int64_t top = 0, left = 0, height = 0, width = 0;
  bool mirror = false;
  bool operator==(const ImageChange&) const = default;
};

/// Shifted: top and left uniform from -kShift to kShift (Liu et al. 2021). Resized: an area uniform from 8 % to 100 %
/// of the image with an aspect ratio log-uniform from 3/4 to 4/3, anywhere in it; the whole image where none of ten
/// fits (Szegedy et al. 2015).
ImageChange drawChange(const Augmentation& augmentation, Shape shape, int64_t epoch, int64_t sample);

/// Writes the changed image; `image` and `out` are [channels][height][width] and do not overlap.
void applyChange(const ImageChange& change, bool reflect, Shape shape, const uint8_t* image, uint8_t* out);

/// The training image `sample` as the epoch after `epoch` whole ones sees it.
inline void augmentImage(const Augmentation& augmentation, Shape shape, int64_t epoch, int64_t sample,
                         const uint8_t* image, uint8_t* out) {
  applyChange(drawChange(augmentation, shape, epoch, sample), augmentation.reflect, shape, image, out);
}

}  // namespace lab
