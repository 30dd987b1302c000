#include "live/mask_image.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lab::ui {

namespace {

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define LAB_WITH_POPCNT __attribute__((target_clones("popcnt", "default")))
#else
#define LAB_WITH_POPCNT
#endif

/// Adds the ones of each block of `step` bits to `counts`, over bits [begin, end).
LAB_WITH_POPCNT void addRow(const uint64_t* words, int64_t begin, int64_t end, int64_t step, uint32_t* counts) {
  for (int64_t from = begin; from < end; from += step, ++counts) {
    const int64_t to = std::min(from + step, end);
    const int64_t first = from >> 6, last = (to - 1) >> 6;
    const uint64_t head = ~uint64_t{0} << (from & 63), tail = ~uint64_t{0} >> (63 - ((to - 1) & 63));
    if (first == last) {
      *counts += static_cast<uint32_t>(std::popcount(words[first] & head & tail));
      continue;
    }
    int ones = std::popcount(words[first] & head) + std::popcount(words[last] & tail);
    for (int64_t w = first + 1; w < last; ++w) ones += std::popcount(words[w]);
    *counts += static_cast<uint32_t>(ones);
  }
}

int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace

int64_t BlockCounts::area(int64_t y, int64_t x) const {
  return std::min(blockRows, part.rows - y * blockRows) * std::min(blockColumns, part.columns - x * blockColumns);
}

BlockCounts countBlocks(const lab::Mask& mask, MatrixShape shape, MatrixPart part, int64_t blockRows,
                        int64_t blockColumns) {
  BlockCounts blocks{
      part, blockRows, blockColumns, ceilDivide(part.rows, blockRows), ceilDivide(part.columns, blockColumns), {}};
  blocks.counts.assign(static_cast<size_t>(blocks.height * blocks.width), 0);
  const uint64_t* words = mask.words().data();
  for (int64_t row = 0; row < part.rows; ++row) {
    const int64_t begin = (part.top + row) * shape.columns + part.left;
    addRow(words, begin, begin + part.columns, blockColumns,
           blocks.counts.data() + row / blockRows * blocks.width);
  }
  return blocks;
}

/// Colours of 0..area ones.
static std::vector<QRgb> coloursOf(int64_t area, double top, const ColourTable& colours) {
  std::vector<QRgb> table(static_cast<size_t>(area) + 1);
  for (size_t ones = 0; ones < table.size(); ++ones) {
    const double share = top <= 0 ? 0 : std::min(1.0, static_cast<double>(ones) / static_cast<double>(area) / top);
    table[ones] = colours[static_cast<size_t>(std::lround(255 * share))];
  }
  return table;
}

QImage densityImage(const BlockCounts& blocks, double top, const ColourTable& colours) {
  QImage image(static_cast<int>(blocks.width), static_cast<int>(blocks.height), QImage::Format_RGB32);
  if (image.isNull()) return image;
  const uint32_t* count = blocks.counts.data();
  std::vector<QRgb> inner, last;  // of the last block of a line, which may be smaller
  for (int64_t y = 0; y < blocks.height; ++y) {
    if (y == 0 || y + 1 == blocks.height) {
      inner = coloursOf(blocks.area(y, 0), top, colours);
      last = coloursOf(blocks.area(y, blocks.width - 1), top, colours);
    }
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
    for (int64_t x = 0; x + 1 < blocks.width; ++x) line[x] = inner[*count++];
    line[blocks.width - 1] = last[*count++];
  }
  return image;
}

/// share(index, y, x) of every block gives its colour; below 0: the ground.
template <class Share>
static QImage imageOf(const BlockCounts& blocks, const ColourTable& colours, QRgb ground, Share share) {
  QImage image(static_cast<int>(blocks.width), static_cast<int>(blocks.height), QImage::Format_RGB32);
  if (image.isNull()) return image;
  size_t index = 0;
  for (int64_t y = 0; y < blocks.height; ++y) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
    for (int64_t x = 0; x < blocks.width; ++x, ++index) {
      const double at = share(index, y, x);
      line[x] = at < 0 ? ground : colours[static_cast<size_t>(std::lround(255 * std::min(at, 1.0)))];
    }
  }
  return image;
}

QImage changeImage(const BlockCounts& gains, const BlockCounts& losses, double top, const ColourTable& colours) {
  return imageOf(gains, colours, 0, [&](size_t index, int64_t y, int64_t x) {
    const double net = static_cast<double>(gains.counts[index]) - static_cast<double>(losses.counts[index]);
    const double share = top <= 0 ? 0 : net / static_cast<double>(gains.area(y, x)) / top;
    return (1 + std::clamp(share, -1.0, 1.0)) / 2;
  });
}

QImage meanImage(const BlockCounts& counts, const std::vector<double>& sums, const ColourTable& colours,
                 QRgb ground) {
  return imageOf(counts, colours, ground, [&](size_t index, int64_t, int64_t) {
    return counts.counts[index] == 0 ? -1 : sums[index] / static_cast<double>(counts.counts[index]);
  });
}

}  // namespace lab::ui
