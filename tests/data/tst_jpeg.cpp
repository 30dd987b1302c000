// Photographs become squares: cut in the middle, shrunk, of any color space.

#include "data/jpeg.h"
#include "data/resize.h"
#include "made_jpegs.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>

using namespace lab;

namespace {

namespace fs = std::filesystem;

constexpr int kSide = 8;

}  // namespace

class TestJpeg : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void middleSquareAtAnySize();
  void shrinkingWhileDecodingIsClose();
  void colorSpaces();

 private:
  fs::path root() const { return folder_.path().toStdString(); }
  QTemporaryDir folder_;
};

void TestJpeg::middleSquareAtAnySize() {
  // Green in the middle square, red and blue beside it.
  const auto stripes = [](int from, int to) {
    return [=](int at) { return at < from ? Rgb{250, 5, 5} : at < to ? Rgb{5, 250, 5} : Rgb{5, 5, 250}; };
  };
  JpegDecoder decoder;
  for (const int scale : {1, 3, 11})
    for (const bool wide : {true, false}) {
      const auto color = stripes(16 * scale, 32 * scale);
      const fs::path file = root() / "stripes.jpg";
      writeBytes(file, jpegOf(wide ? 48 * scale : 16 * scale, wide ? 16 * scale : 48 * scale,
                              [&](int x, int y) { return color(wide ? x : y); }));
      std::vector<uint8_t> planes(3 * kSide * kSide);
      QVERIFY(decoder.readSquare(file, kSide, planes.data()).empty());
      for (size_t p = 0; p < kSide * kSide; ++p)
        QVERIFY(planes[p] < 30 && planes[kSide * kSide + p] > 220 && planes[2 * kSide * kSide + p] < 30);
    }
}

void TestJpeg::shrinkingWhileDecodingIsClose() {
  const auto wave = [](int x, int y) {
    return Rgb{128 + static_cast<int>(100 * std::sin(x / 40.0)), 128 + static_cast<int>(100 * std::cos(y / 50.0)),
               x / 4};
  };
  const fs::path file = root() / "wave.jpg";
  constexpr int64_t kLarge = 600, kSmall = 50;
  writeBytes(file, jpegOf(kLarge, kLarge, wave));
  JpegDecoder decoder;
  std::vector<uint8_t> full(3 * kLarge * kLarge), small(3 * kSmall * kSmall), expected(small.size());
  QVERIFY(decoder.readSquare(file, kLarge, full.data()).empty());
  QVERIFY(decoder.readSquare(file, kSmall, small.data()).empty());
  for (int64_t c = 0; c < 3; ++c)
    resizePlane({full.data() + c * kLarge * kLarge, kLarge, kLarge, kLarge}, kSmall, kSmall,
                expected.data() + c * kSmall * kSmall);
  int worst = 0;
  for (size_t i = 0; i < small.size(); ++i) worst = std::max(worst, std::abs(small[i] - expected[i]));
  QVERIFY2(worst <= 4, std::to_string(worst).c_str());
  QVERIFY(std::abs(full[0] - 128) < 4);
}

void TestJpeg::colorSpaces() {
  JpegDecoder decoder;
  const auto colored = [&](int space) {
    writeBytes(root() / "one.jpg", jpegOf(
                                       20, 20,
                                       [](int, int) {
                                         return Rgb{200, 100, 50};
                                       },
                                       space));
    std::vector<uint8_t> planes(3 * kSide * kSide);
    const Problems problems = decoder.readSquare(root() / "one.jpg", kSide, planes.data());
    return problems.empty() ? std::array<int, 3>{planes[0], planes[kSide * kSide], planes[2 * kSide * kSide]}
                            : std::array<int, 3>{};
  };
  const auto isNear = [](std::array<int, 3> a, std::array<int, 3> b) {
    return std::ranges::equal(a, b, [](int x, int y) { return std::abs(x - y) < 4; });
  };
  QVERIFY(isNear(colored(TJPF_RGB), {200, 100, 50}));
  QVERIFY(isNear(colored(TJPF_GRAY), {200, 200, 200}));
  QVERIFY(isNear(colored(TJPF_CMYK), {200, 100, 50}));
}

QTEST_APPLESS_MAIN(TestJpeg)
#include "tst_jpeg.moc"
