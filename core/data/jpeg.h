#pragma once
// Photographs as square images (libjpeg-turbo).

#include "result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace lab {

/// One decoder a thread.
class JpegDecoder {
 public:
  JpegDecoder();

  /// The square in the middle of a JPEG image, as large as fits, at side × side pixels: `planes` gets red, green
  /// and blue [3][side][side]. Large images are shrunk while they are decoded, to not below `side`, and the rest
  /// of the way by resizePlane(). Grey and CMYK images become red, green and blue; the orientation in EXIF data is
  /// not looked at, as is customary. Problem: the file is not a JPEG image or damaged, and is named.
  Problems readSquare(const std::filesystem::path& file, int64_t side, uint8_t* planes);

 private:
  struct Close {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Close> handle_;
  std::vector<uint8_t> pixels_, square_;  // kept, so that images of similar sizes allocate nothing
};

}  // namespace lab
