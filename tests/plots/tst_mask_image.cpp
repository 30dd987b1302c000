// Block densities against a count bit by bit, the picture against a golden one, and what is under the cursor.

#include "live/mask_view.h"
#include "made_run.h"
#include "theme.h"

#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <rapidcheck.h>

using namespace lab;
using namespace lab::ui;

namespace {

uint32_t countedSlowly(const Mask& mask, MatrixShape shape, const BlockCounts& blocks, int64_t y, int64_t x) {
  uint32_t ones = 0;
  for (int64_t r = y * blocks.blockRows; r < std::min((y + 1) * blocks.blockRows, blocks.part.rows); ++r)
    for (int64_t c = x * blocks.blockColumns; c < std::min((x + 1) * blocks.blockColumns, blocks.part.columns);
         ++c)
      ones += mask.test((blocks.part.top + r) * shape.columns + blocks.part.left + c);
  return ones;
}

std::shared_ptr<const MaskSource> source(size_t layer) {
  auto made = std::make_shared<MaskSource>();
  made->snapshot = made::snapshot();
  made->layer = layer;
  made->name = made::layers()[layer].name;
  made->shape = made::layers()[layer].shape;
  made->shown = made->snapshot->active[layer];
  return made;
}

void wheel(QWidget& widget, QPointF at, int notches) {
  QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, Qt::NoModifier,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(&widget, &event);
}

}  // namespace

class TestMaskImage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void countsEqualASlowCount() {
    const bool holds = rc::check([] {
      const MatrixShape shape{*rc::gen::inRange<int64_t>(1, 40), *rc::gen::inRange<int64_t>(1, 300)};
      Mask mask(shape.rows * shape.columns);
      const auto stride = *rc::gen::inRange<int64_t>(1, 90);
      for (int64_t i = *rc::gen::inRange<int64_t>(0, stride); i < mask.size(); i += stride) mask.set(i);
      MatrixPart part;
      part.top = *rc::gen::inRange<int64_t>(0, shape.rows);
      part.left = *rc::gen::inRange<int64_t>(0, shape.columns);
      part.rows = *rc::gen::inRange<int64_t>(1, shape.rows - part.top + 1);
      part.columns = *rc::gen::inRange<int64_t>(1, shape.columns - part.left + 1);
      const BlockCounts blocks = countBlocks(mask, shape, part, *rc::gen::inRange<int64_t>(1, part.rows + 1),
                                             *rc::gen::inRange<int64_t>(1, part.columns + 1));
      RC_ASSERT(blocks.height * blocks.blockRows >= part.rows &&
                (blocks.height - 1) * blocks.blockRows < part.rows);
      int64_t area = 0;
      for (int64_t y = 0; y < blocks.height; ++y)
        for (int64_t x = 0; x < blocks.width; ++x) {
          RC_ASSERT(blocks.counts[static_cast<size_t>(y * blocks.width + x)] ==
                    countedSlowly(mask, shape, blocks, y, x));
          area += blocks.area(y, x);
        }
      RC_ASSERT(area == part.rows * part.columns);
    });
    QVERIFY(holds);
  }

  void aFullBlockHasTheLastColourAndAnEmptyOneTheFirst() {
    Mask mask(4 * 128);
    for (int64_t row = 0; row < 4; ++row)
      for (int64_t column = 64; column < 128; ++column) mask.set(row * 128 + column);
    const ColourTable& colours = densityColours(false);
    const QImage image = densityImage(countBlocks(mask, {4, 128}, {0, 0, 4, 128}, 4, 64), 1, colours);
    QCOMPARE(image.size(), QSize(2, 1));
    QCOMPARE(image.pixel(0, 0), colours.front());
    QCOMPARE(image.pixel(1, 0), colours.back());
  }

  void thePictureIsTheGoldenOne() {
    Mask mask(40 * 130);
    for (int64_t i = 0; i < mask.size(); ++i)
      if (i * i % 7 == 1 && i / 130 < i % 130) mask.set(i);
    const QImage image =
        densityImage(countBlocks(mask, {40, 130}, {0, 0, 40, 130}, 3, 9), .4, densityColours(false));
    const QImage golden(QStringLiteral(LAB_SOURCE_DIR "/tests/golden/mask_density.png"));
    QVERIFY(!golden.isNull());
    QCOMPARE(image, golden.convertToFormat(QImage::Format_RGB32));
  }

  void shapesBecomeMatrices() {
    QCOMPARE(matrixShape({10, 512}).columns, 512);
    QCOMPARE(matrixShape({16, 6, 5, 5}).rows, 16);
    QCOMPARE(matrixShape({16, 6, 5, 5}).columns, 150);
  }

  void zoomKeepsTheWeightUnderTheCursor() {
    MaskView view(true);
    view.resize(700, 300);
    view.setSource(source(0));
    QCOMPARE(view.visiblePart(), (MatrixPart{0, 0, 6, 70}));
    const QPointF at(505, 70);
    const int64_t before = view.weightAt(at);
    QCOMPARE(before, 1 * 70 + 50);
    wheel(view, at, 3);
    QVERIFY(view.visiblePart().columns < 70);
    QVERIFY(std::abs(view.weightAt(at) - before) <= 1);
    view.resetView();
    QCOMPARE(view.visiblePart().columns, 70);
  }

  void describesAConnection() {
    MaskView view(true);
    view.setSource(source(0));
    const QString active = view.describe(120);  // the twelfth active one
    QVERIFY2(active.contains(QStringLiteral("unit 1 ← input 50")), qPrintable(active));
    QVERIFY2(active.contains(QStringLiteral("weight 1.5")), qPrintable(active));
    QVERIFY2(active.contains(QStringLiteral("since step 120")), qPrintable(active));
    QVERIFY2(active.contains(QStringLiteral("first life")), qPrintable(active));
    QVERIFY(view.describe(130).contains(QStringLiteral("life number 2")));
    QVERIFY(view.describe(125).contains(QStringLiteral("explored earlier")));
    QVERIFY(view.describe(121).contains(QStringLiteral("never")));
    view.setSource(source(1));
    const QString filter = view.describe(18 + 9 + 5);
    QVERIFY2(filter.contains(QStringLiteral("filter 1 ← channel 1, kernel row 1, column 2")), qPrintable(filter));
  }

  void drawsSingleConnectionsFromNear() {
    applyTheme(ThemeChoice::Light);
    MaskView view(true);
    view.resize(700, 60);
    view.setSource(source(0));  // 10 pixels a weight: single connections, apart
    const QImage shot = view.grab().toImage();
    QCOMPARE(shot.pixel(5, 5), densityColours(false).back());    // weight 0 exists
    QCOMPARE(shot.pixel(15, 5), densityColours(false).front());  // weight 1 does not
    QCOMPARE(shot.pixel(105, 5), densityColours(false).back());  // weight 10 does
  }

  void aClickIsNotADrag() {
    MaskView view(false);
    view.resize(100, 100);
    view.setSource(source(0));
    QSignalSpy clicked(&view, &MaskView::clicked);
    QTest::mouseClick(&view, Qt::LeftButton, {}, {50, 50});
    QCOMPARE(clicked.count(), 1);
    QTest::mousePress(&view, Qt::LeftButton, {}, {10, 10});
    QTest::mouseRelease(&view, Qt::LeftButton, {}, {60, 60});
    QCOMPARE(clicked.count(), 1);
  }

  void withoutASourceItIsEmpty() {
    MaskView view(true);
    view.resize(100, 100);
    wheel(view, {50, 50}, 5);
    QVERIFY(!view.grab().isNull());
    QCOMPARE(view.weightAt({50, 50}), -1);
    QVERIFY(view.exportTable().rows.empty());
  }
};

QTEST_MAIN(TestMaskImage)
#include "tst_mask_image.moc"
