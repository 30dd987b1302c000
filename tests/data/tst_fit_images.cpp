#include "data/fit_images.h"
#include "data/resize.h"

#include <rapidcheck.h>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace lab;

namespace {

using Pixels = std::vector<uint8_t>;

Pixels anyPixels(int64_t count) {
  return *rc::gen::container<Pixels>(static_cast<size_t>(count), rc::gen::arbitrary<uint8_t>());
}

Samples samplesOf(Pixels pixels, Shape shape) {
  Samples samples;
  samples.count = static_cast<int64_t>(pixels.size()) / shape.size();
  samples.pixels = std::move(pixels);
  samples.labels.resize(static_cast<size_t>(samples.count));
  return samples;
}

Pixels resizedPlane(const Pixels& from, int64_t height, int64_t width, int64_t newHeight, int64_t newWidth) {
  Pixels to(static_cast<size_t>(newHeight * newWidth));
  resizePlane({from.data(), width, height, width}, newHeight, newWidth, to.data());
  return to;
}

/// The mean over the area of output pixel (y, x), in double, pixel by pixel.
double areaMean(const Pixels& from, int64_t height, int64_t width, int64_t newHeight, int64_t newWidth, int64_t y,
                int64_t x) {
  const auto overlap = [](double begin, double end, int64_t pixel) {
    return std::max(0.0,
                    std::min(end, static_cast<double>(pixel + 1)) - std::max(begin, static_cast<double>(pixel)));
  };
  const double rows = static_cast<double>(height) / static_cast<double>(newHeight);
  const double columns = static_cast<double>(width) / static_cast<double>(newWidth);
  double sum = 0;
  for (int64_t i = 0; i < height; ++i)
    for (int64_t j = 0; j < width; ++j)
      sum += from[static_cast<size_t>(i * width + j)] * overlap(rows * double(y), rows * double(y + 1), i) *
             overlap(columns * double(x), columns * double(x + 1), j);
  return sum / (rows * columns);
}

/// Bilinear at the centre of output pixel (y, x), in double.
double bilinear(const Pixels& from, int64_t height, int64_t width, int64_t newHeight, int64_t newWidth, int64_t y,
                int64_t x) {
  const auto at = [&](int64_t i, int64_t j) {
    return static_cast<double>(from[static_cast<size_t>(std::clamp<int64_t>(i, 0, height - 1) * width +
                                                        std::clamp<int64_t>(j, 0, width - 1))]);
  };
  const double row = (double(y) + .5) * double(height) / double(newHeight) - .5;
  const double column = (double(x) + .5) * double(width) / double(newWidth) - .5;
  const auto i = static_cast<int64_t>(std::floor(row)), j = static_cast<int64_t>(std::floor(column));
  const double dy = row - double(i), dx = column - double(j);
  return (at(i, j) * (1 - dy) + at(i + 1, j) * dy) * (1 - dx) +
         (at(i, j + 1) * (1 - dy) + at(i + 1, j + 1) * dy) * dx;
}

}  // namespace

class TestFitImages : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void greyAndBack();
  void lumaOfColours();
  void paddingIsInTheMiddle();
  void sameSizeIsIdentity();
  void resizingAgainstDoubles();
  void constantImagesStay();
};

void TestFitImages::greyAndBack() {
  QVERIFY(rc::check("grey, repeated three times, has itself as luma", [] {
    const Shape grey{1, 3, 4};
    const Pixels pixels = anyPixels(3 * grey.size());
    const Samples colour = withChannels(samplesOf(pixels, grey), grey, 3);
    RC_ASSERT(colour.pixels.size() == 3 * pixels.size());
    for (size_t i = 0; i < pixels.size(); ++i)
      for (size_t plane = 0; plane < 3; ++plane)
        RC_ASSERT(colour.pixels[i / 12 * 36 + plane * 12 + i % 12] == pixels[i]);
    RC_ASSERT(withChannels(colour, {3, 3, 4}, 1).pixels == pixels);
  }));
}

void TestFitImages::lumaOfColours() {
  const Shape dot{3, 1, 1};
  const auto luma = [&](uint8_t r, uint8_t g, uint8_t b) {
    return int(withChannels(samplesOf({r, g, b}, dot), dot, 1).pixels.at(0));
  };
  QCOMPARE(luma(255, 0, 0), 77);  // 0.299 × 255 = 76.2, with weights of 1/256
  QCOMPARE(luma(0, 255, 0), 149);
  QCOMPARE(luma(0, 0, 255), 29);
  QCOMPARE(luma(255, 255, 255), 255);
}

void TestFitImages::paddingIsInTheMiddle() {
  const Shape shape{2, 2, 3};
  Pixels pixels(2 * 12);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i + 1);
  const Samples out = padded(samplesOf(pixels, shape), shape, 6);
  QCOMPARE(out.pixels.size(), size_t(2 * 2 * 36));
  for (size_t plane = 0; plane < 4; ++plane)
    for (size_t y = 0; y < 6; ++y)
      for (size_t x = 0; x < 6; ++x) {
        const bool inside = y >= 2 && y < 4 && x >= 1 && x < 4;
        const size_t from = inside ? plane * 6 + (y - 2) * 3 + x - 1 : 0;
        QCOMPARE(int(out.pixels[plane * 36 + y * 6 + x]), inside ? int(pixels[from]) : 0);
      }
}

void TestFitImages::sameSizeIsIdentity() {
  QVERIFY(rc::check("resizing to the same size changes nothing", [] {
    const int64_t height = *rc::gen::inRange(1, 12), width = *rc::gen::inRange(1, 12);
    const Pixels pixels = anyPixels(height * width);
    RC_ASSERT(resizedPlane(pixels, height, width, height, width) == pixels);
  }));
}

void TestFitImages::resizingAgainstDoubles() {
  QVERIFY(rc::check("area means and bilinear values of a slow reference", [] {
    const int64_t height = *rc::gen::inRange(1, 14), width = *rc::gen::inRange(1, 14);
    const int64_t newHeight = *rc::gen::inRange(1, 20), newWidth = *rc::gen::inRange(1, 20);
    const Pixels from = anyPixels(height * width), to = resizedPlane(from, height, width, newHeight, newWidth);
    const bool shrinks = newHeight <= height && newWidth <= width;
    for (int64_t y = 0; y < newHeight; ++y)
      for (int64_t x = 0; x < newWidth; ++x) {
        const double right = shrinks ? areaMean(from, height, width, newHeight, newWidth, y, x)
                                     : bilinear(from, height, width, newHeight, newWidth, y, x);
        // Area means are rounded once; bilinear weights are 256ths, cut off: up to 255/256 a direction.
        RC_ASSERT(std::abs(to[static_cast<size_t>(y * newWidth + x)] - right) <= (shrinks ? 0.5001 : 2.5));
      }
  }));
}

void TestFitImages::constantImagesStay() {
  QVERIFY(rc::check("a constant image is constant at every size", [] {
    const int64_t side = *rc::gen::inRange(1, 40), newSide = *rc::gen::inRange(1, 70);
    const auto value = *rc::gen::arbitrary<uint8_t>();
    const Shape shape{3, side, side};
    const Samples out =
        resized(samplesOf(Pixels(static_cast<size_t>(shape.size()), value), shape), shape, newSide);
    RC_ASSERT(out.pixels == Pixels(static_cast<size_t>(3 * newSide * newSide), value));
  }));
}

QTEST_APPLESS_MAIN(TestFitImages)
#include "tst_fit_images.moc"
