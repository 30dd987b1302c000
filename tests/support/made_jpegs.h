#pragma once
// JPEG files made for tests.

#include <turbojpeg.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

struct Rgb {
  int red, green, blue;
};

/// The bytes of a JPEG whose pixels are `color` of x and y. `space`: TJPF_RGB; TJPF_GRAY takes red; TJPF_CMYK
/// takes red, green and blue as shares of white under no black.
inline std::string jpegOf(int width, int height, const std::function<Rgb(int x, int y)>& color,
                          int space = TJPF_RGB) {
  std::vector<uint8_t> pixels;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const Rgb c = color(x, y);
      pixels.push_back(static_cast<uint8_t>(c.red));
      if (space == TJPF_GRAY) continue;
      pixels.push_back(static_cast<uint8_t>(c.green));
      pixels.push_back(static_cast<uint8_t>(c.blue));
      if (space == TJPF_CMYK) pixels.push_back(255);
    }
  const tjhandle handle = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const int subsampling = space == TJPF_GRAY ? TJSAMP_GRAY : TJSAMP_444;
  if (tjCompress2(handle, pixels.data(), width, 0, height, space, &bytes, &size, subsampling, 98, 0) != 0)
    std::abort();
  std::string jpeg(reinterpret_cast<char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(handle);
  return jpeg;
}

inline void writeBytes(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}
