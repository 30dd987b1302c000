#include "data/jpeg.h"

#include "data/data_file.h"
#include "data/resize.h"

#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <new>
#include <string_view>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kMostPixels = int64_t{1} << 28;  // a damaged header may promise four thousand million

struct Header {
  int width = 0, height = 0, subsampling = 0, colors = 0;
  bool isCmyk() const { return colors == TJCS_CMYK || colors == TJCS_YCCK; }
};

Problem notJpeg(const fs::path& file, const Bytes& bytes, const char* why) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min<size_t>(bytes.size(), 8));
  const char* kind = start.starts_with("\x89PNG") ? "a PNG image"
                     : start.starts_with("GIF8")  ? "a GIF image"
                     : start.starts_with("RIFF")  ? "a WebP image"
                     : start.starts_with("BM")    ? "a BMP image"
                                                  : nullptr;
  if (kind != nullptr)
    return fileProblem(file, fmt::format("is {} by its content: converting it to JPEG would be right", kind));
  return fileProblem(file, bytes.empty() ? "is empty" : fmt::format("is damaged or not a JPEG image ({})", why));
}

/// The smallest scale at which the shorter side still has `side` pixels.
tjscalingfactor scaleFor(const Header& header, int64_t side) {
  const int shorter = std::min(header.width, header.height);
  tjscalingfactor best{1, 1};
  int count = 0;
  const tjscalingfactor* scales = tjGetScalingFactors(&count);
  for (int i = 0; i < count; ++i)
    if (TJSCALED(shorter, scales[i]) >= side && scales[i].num * best.denom < best.num * scales[i].denom)
      best = scales[i];
  return best;
}

/// Whether the decoder only found bytes too many behind a complete image, which harms nothing and is common.
bool isHarmless(tjhandle handle) {
  const std::string_view message = tjGetErrorStr2(handle);
  return tjGetErrorCode(handle) == TJERR_WARNING && message.find("extraneous bytes") != std::string_view::npos &&
         message.find("0xd9") != std::string_view::npos;
}

/// Photoshop writes CMYK inverted, and everything else follows it: a channel is its share of white already.
void toRgb(const uint8_t* cmyk, uint8_t* rgb) {
  for (int c = 0; c < 3; ++c) rgb[c] = static_cast<uint8_t>((cmyk[c] * cmyk[3] + 127) / 255);
}

}  // namespace

void JpegDecoder::Close::operator()(void* handle) const { tjDestroy(handle); }

JpegDecoder::JpegDecoder() : handle_(tjInitDecompress()) {
  if (!handle_) throw std::bad_alloc();
}

Problems JpegDecoder::readSquare(const fs::path& file, int64_t side, uint8_t* planes) {
  const auto read = readDataFile(file);
  if (!read) return read.problems();
  const Bytes& bytes = read.value();
  Header header;
  if (tjDecompressHeader3(handle_.get(), bytes.data(), bytes.size(), &header.width, &header.height,
                          &header.subsampling, &header.colors) != 0)
    return {notJpeg(file, bytes, tjGetErrorStr2(handle_.get()))};
  if (int64_t{header.width} * header.height > kMostPixels)
    return {fileProblem(
        file, fmt::format("has {} × {} pixels, more than any photograph should", header.width, header.height))};

  const tjscalingfactor scale = scaleFor(header, side);
  const int width = TJSCALED(header.width, scale), height = TJSCALED(header.height, scale);
  const int channels = header.isCmyk() ? 4 : 3;
  pixels_.resize(static_cast<size_t>(channels) * static_cast<size_t>(width) * static_cast<size_t>(height));
  const int status = tjDecompress2(handle_.get(), bytes.data(), bytes.size(), pixels_.data(), width, 0, height,
                                   header.isCmyk() ? TJPF_CMYK : TJPF_RGB, TJFLAG_ACCURATEDCT);
  if (status != 0 && !isHarmless(handle_.get()))
    return {
        fileProblem(file, fmt::format("is damaged ({}): fetching it again, or moving it elsewhere, would be right",
                                      tjGetErrorStr2(handle_.get())))};

  const int64_t square = std::min(width, height), left = (width - square) / 2, top = (height - square) / 2;
  const int64_t area = square * square;
  square_.resize(static_cast<size_t>(3 * area));
  for (int64_t y = 0; y < square; ++y)
    for (int64_t x = 0; x < square; ++x) {
      const uint8_t* pixel = pixels_.data() + ((top + y) * width + left + x) * channels;
      uint8_t converted[3];
      if (channels == 4) toRgb(pixel, converted), pixel = converted;
      for (int64_t c = 0; c < 3; ++c) square_[static_cast<size_t>(c * area + y * square + x)] = pixel[c];
    }
  for (int64_t c = 0; c < 3; ++c)
    resizePlane({square_.data() + c * area, square, square, square}, side, side, planes + c * side * side);
  return {};
}

}  // namespace lab
