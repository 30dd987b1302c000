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

std::shared_ptr<MaskSource> source(size_t layer, MaskMode mode = MaskMode::Active) {
  return makeMaskSource(made::snapshot(1), made::snapshot(0).get(), layer, made::layers()[layer], mode);
}

/// As the view has it when it is `size` large, light.
QImage pictureOf(std::shared_ptr<const MaskSource> of, QSize size) {
  QImage image(size, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  MaskPicture picture;
  picture.setSource(std::move(of));
  const MatrixShape& all = picture.layout().picture;
  picture.paint(painter, QRectF({0, 0}, QSizeF(size)), {0, 0, all.rows, all.columns}, 1, lightTheme());
  return image;
}

QImage golden(const char* name) {
  return QImage(QStringLiteral(LAB_SOURCE_DIR "/tests/golden/%1.png").arg(QLatin1String(name)))
      .convertToFormat(QImage::Format_RGB32);
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
    QCOMPARE(image, golden("mask_density"));
  }

  void everyModeLooksAsItDid_data() {
    QTest::addColumn<int>("layer");
    QTest::addColumn<int>("mode");
    QTest::addColumn<QSize>("size");
    const char* names[kMaskModes] = {"active", "change", "explored", "age", "survived"};
    for (int layer = 0; layer < 2; ++layer)
      for (int mode = 0; mode < kMaskModes; ++mode)
        QTest::addRow("mask_%s_%s", layer == 0 ? "linear" : "convolution", names[mode])
            << layer << mode << (layer == 0 ? QSize(560, 60) : QSize(96, 168));
  }
  void everyModeLooksAsItDid() {
    QFETCH(int, layer);
    QFETCH(int, mode);
    QFETCH(QSize, size);
    const QImage image = pictureOf(source(static_cast<size_t>(layer), static_cast<MaskMode>(mode)), size);
    if (qEnvironmentVariableIsSet("LAB_GOLDEN"))
      image.save(
          QStringLiteral(LAB_SOURCE_DIR "/tests/golden/%1.png").arg(QLatin1String(QTest::currentDataTag())));
    QCOMPARE(image, golden(QTest::currentDataTag()));
  }

  void gainsAndLossesHaveOppositeColours() {
    Mask gains(4 * 64), losses(4 * 64);
    for (int64_t i = 0; i < 64; ++i) gains.set(i), losses.set(3 * 64 + i);
    const ColourTable& colours = changeColours(false);
    const auto blocks = [](const Mask& mask) { return countBlocks(mask, {4, 64}, {0, 0, 4, 64}, 1, 64); };
    const QImage image = changeImage(blocks(gains), blocks(losses), 1, colours);
    QCOMPARE(image.pixel(0, 0), colours.back());
    QCOMPARE(image.pixel(0, 1), colours[128]);
    QCOMPARE(image.pixel(0, 3), colours.front());
  }

  void theModesShowWhatTheySay() {
    const auto change = source(0, MaskMode::Change);  // every tenth from 1 on where it was from 0 on
    QCOMPARE(change->shown, made::everyNth(420, 10, 1));
    QCOMPARE(change->dropped, made::everyNth(420, 10, 0));
    QCOMPARE(source(0, MaskMode::Explored)->shown.count(), 84);
    QCOMPARE(source(0, MaskMode::Survived)->shown.count(), 0);
    QCOMPARE(source(1, MaskMode::Active)->shown.count(), 36);
    // Of those active at both, the ones whose life began after the chosen moment are not survivors.
    auto since = std::make_shared<MaskSnapshot>(*made::snapshot(0));
    since->step = 100;
    const auto survived = makeMaskSource(made::snapshot(0), since.get(), 0, made::layers()[0], MaskMode::Survived);
    QCOMPARE(survived->shown.count(), 11);  // born at steps 0, 10, ..., 100
    QCOMPARE(source(0)->age(4), 460);
    QCOMPARE(source(0)->age(42), -1);
  }

  void aConvolutionIsAGridOfKernels() {
    const MaskLayout layout({4, 2, 3, 3});
    QCOMPARE(layout.picture.rows, 12);
    QCOMPARE(layout.picture.columns, 6);
    QCOMPARE(layout.outputs(), 4);
    QCOMPARE(layout.inputs(), 2);
    for (int64_t weight = 0; weight < 72; ++weight) {
      const auto place = layout.placeOf(weight);
      QCOMPARE(layout.weightAt(place), weight);
      QCOMPARE(place.row, weight / 18 * 3 + weight % 9 / 3);
      QCOMPARE(place.column, weight / 9 % 2 * 3 + weight % 3);
    }
    Mask one(72);
    one.set(18 + 9 + 5);  // filter 1, channel 1, row 1, column 2
    const Mask arranged = layout.arranged(one);
    QCOMPARE(arranged.positions(), (std::vector<int64_t>{4 * 6 + 5}));
  }

  void marginalsCountEveryUnit() {
    Mask mask(4 * 2 * 9);
    for (int64_t i = 0; i < 9; ++i) mask.set(2 * 18 + i);  // filter 2, channel 0
    const MaskMarginals marginals = marginalsOf(mask, MaskLayout({4, 2, 3, 3}));
    QCOMPARE(marginals.outputs, (std::vector<int64_t>{0, 0, 9, 0}));
    QCOMPARE(marginals.inputs, (std::vector<int64_t>{9, 0}));
    QCOMPARE(countEmpty(marginals.outputs), 3);
  }

  void aDeadUnitIsMarked() {
    for (const Qt::Orientation along : {Qt::Vertical, Qt::Horizontal}) {
      QImage image(40, 40, QImage::Format_RGB32);
      image.fill(Qt::white);
      QPainter painter(&image);
      paintMarginal(painter, QRectF(0, 0, 40, 40), along, {3, 0, 1, 2}, 0, 4, lightTheme());
      painter.end();
      const auto at = [&](int along_, int across) {
        return along == Qt::Vertical ? image.pixelColor(across, along_) : image.pixelColor(along_, across);
      };
      const QColor bad = lightTheme().bad;
      QCOMPARE(at(15, 37), bad);  // the second of four units, at the far end of the strip
      QVERIFY(at(5, 37) != bad);
      QVERIFY(at(5, 20) != QColor(Qt::white));  // the longest bar
      QCOMPARE(at(15, 20), QColor(Qt::white));  // none
    }
  }

  void shapesBecomeMatrices() {
    QCOMPARE(matrixShape({10, 512}).columns, 512);
    QCOMPARE(matrixShape({16, 6, 5, 5}).rows, 16);
    QCOMPARE(matrixShape({16, 6, 5, 5}).columns, 150);
  }

  void zoomKeepsTheWeightUnderTheCursor() {
    MaskView view(true);
    view.resize(700 + int(kMarginalPixels), 300 + int(kMarginalPixels));
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
    const auto first = makeMaskSource(made::snapshot(), nullptr, 0, made::layers()[0], MaskMode::Active);
    const QString active = first->describe(120);  // the twelfth active one
    QVERIFY2(active.contains(QStringLiteral("unit 1 ← input 50")), qPrintable(active));
    QVERIFY2(active.contains(QStringLiteral("weight 1.5")), qPrintable(active));
    QVERIFY2(active.contains(QStringLiteral("since step 120")), qPrintable(active));
    QVERIFY2(active.contains(QStringLiteral("first life")), qPrintable(active));
    QVERIFY(first->describe(130).contains(QStringLiteral("life number 2")));
    QVERIFY(first->describe(125).contains(QStringLiteral("explored earlier")));
    QVERIFY(first->describe(121).contains(QStringLiteral("never")));
    const QString filter = source(1)->describe(18 + 9 + 5);
    QVERIFY2(filter.contains(QStringLiteral("filter 1 ← channel 1, kernel row 1, column 2")), qPrintable(filter));
  }

  void tellsAllLivesOfAConnection() {
    const auto told = source(0);
    told->lives = [](int64_t weight) {
      return weight == 1 ? std::vector<ConnectionLife>{{0, 100}, {300, {}}} : std::vector<ConnectionLife>{{0, 40}};
    };
    QVERIFY2(told->describe(1).contains(QStringLiteral("lives: 2 (steps 0–100, 300–now)")),
             qPrintable(told->describe(1)));
    QVERIFY(told->describe(0).contains(QStringLiteral("lives: 1 (steps 0–40)")));
  }

  void hintsAtWhatIsUnderTheCursor() {
    MaskView view(true);
    view.resize(1400 + int(kMarginalPixels), 120 + int(kMarginalPixels));
    auto shown = std::make_shared<MaskSnapshot>(*made::snapshot(0));
    for (int64_t i = 70; i < 140; ++i) shown->active[0].clear(i);  // unit 1
    view.setSource(makeMaskSource(shown, nullptr, 0, made::layers()[0], MaskMode::Active));
    QVERIFY(view.hint({5, 5}).contains(QStringLiteral("unit 0 ← input 0")));
    QVERIFY(view.hint({1410, 30}).contains(QStringLiteral("output 1: dead")));
    QVERIFY(view.hint({1410, 10}).contains(QStringLiteral("output 0: 7 connections")));
    QVERIFY(view.hint({25, 130}).contains(QStringLiteral("input 1: disconnected")));
    QVERIFY(view.hint({5, 130}).contains(QStringLiteral("input 0: 5 connections")));
    view.resize(100, 50);
    QVERIFY(view.hint({5, 5}).contains(QStringLiteral("Zoom in")));
  }

  void keysZoomAndOpen() {
    MaskView view(true);
    view.resize(700, 300);
    view.setSource(source(0));
    QTest::keyClick(&view, Qt::Key_Plus);
    QVERIFY(view.visiblePart().columns < 70);
    QTest::keyClick(&view, Qt::Key_0);
    QCOMPARE(view.visiblePart().columns, 70);
    MaskView thumbnail(false);
    thumbnail.setSource(source(0));
    QSignalSpy clicked(&thumbnail, &MaskView::clicked);
    QTest::keyClick(&thumbnail, Qt::Key_Return);
    QCOMPARE(clicked.count(), 1);
  }

  void drawsSingleConnectionsFromNear() {
    applyTheme(ThemeChoice::Light);
    MaskView view(true);
    view.resize(700 + int(kMarginalPixels), 60 + int(kMarginalPixels));
    view.setSource(makeMaskSource(made::snapshot(), nullptr, 0, made::layers()[0],
                                  MaskMode::Active));  // 10 pixels a weight: single connections, apart
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

  void theTableListsConnectionsAsTheyLieInMemory() {
    MaskView view(true);
    view.setSource(makeMaskSource(made::snapshot(), nullptr, 1, made::layers()[1], MaskMode::Active));
    const CsvTable table = view.exportTable();
    QCOMPARE(table.rows.size(), size_t(36));
    QCOMPARE(table.rows[10], (QStringList{"1", "2", "1.25"}));  // weight 20: filter 1, its third; the tenth active
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
