// The page of a figure: fills in as runs finish, tells verdicts, finds the run of a point. With a figure made up
// for the test, so that nothing rests on the paper's own.

#include "figures/cell_grid.h"
#include "figures/curve_axis.h"
#include "figures/figure_page.h"
#include "figures/figure_plot.h"
#include "figures/label_placement.h"
#include "figures/render_figure.h"
#include "figures/verdict_panel.h"
#include "theme.h"

#include <QLabel>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

#include <rapidcheck.h>

using namespace lab;
using namespace lab::ui;

namespace {

const Figure kFigure{"made-up",    "A made-up figure", "Shows nothing.", "No paper",
                     "batch_size", "",                 "epochs",         {FigureScale::Quick}};
const Figure kSeriesFigure{"made-up",    "A made-up figure", "Shows nothing.", "No paper",
                           "batch_size", "method",           "epochs",         {FigureScale::Quick},
                           nullptr,      SecondPlot::AgainstFlops};
const Figure kRankFigure{"made-up",    "A made-up figure", "Shows nothing.", "No paper",
                         "batch_size", "",                 "epochs",         {FigureScale::Quick},
                         nullptr,      SecondPlot::RankCorrelation};

FigureGrid grid() {
  FigureGrid grid;
  grid.figure = &kFigure;
  grid.seeds = 2;
  grid.panels = {"64", "128"};
  grid.curve = {"1", "10", "100", "none"};
  for (const std::string& panel : grid.panels)
    for (const std::string& curve : grid.curve)
      for (int seed = 1; seed <= grid.seeds; ++seed) {
        Cell cell;
        cell.labels = {panel, curve};
        cell.config.seed = seed;
        grid.cells.push_back(cell);
      }
  grid.contrasts = {{"long beats none", "More is better.", {"10", "100"}, {"none"}}};
  return grid;
}

/// Panel 64: longer is clearly better. Panel 128: clearly worse than none.
CellResult result(const FigureGrid& grid, size_t i) {
  const Cell& cell = grid.cells[i];
  const double gain = cell.labels[1] == "none" ? 0 : cell.labels[0] == "64" ? .05 : -.05;
  CellResult result;
  result.state = CellState::Done;
  result.result.testAccuracy =
      (cell.labels[0] == "64" ? .8 : .7) + gain + (cell.config.seed == 1 ? .0005 : -.0005);
  result.result.rs = cell.labels[1] == "none" ? .01 : .03 * double(cell.labels[1].size());
  return result;
}

/// Two methods and the static network, in both panels.
FigureGrid seriesGrid() {
  FigureGrid made = grid();
  made.figure = &kSeriesFigure;
  made.series = {"set", "rigl", "static"};
  made.curve = {"1", "10", "100"};
  made.contrasts = {};
  made.cells.clear();
  for (const std::string& panel : made.panels)
    for (const std::string& series : made.series)
      for (const std::string& curve : made.curve) made.cells.push_back({Config{}, {panel, series, curve}});
  made.references = {{Config{}, {"10"}}, {Config{}, {"100"}}};
  return made;
}

/// Every point somewhere else.
CellResult seriesResult(size_t i) {
  CellResult result;
  result.state = CellState::Done;
  result.result.testAccuracy = .8 + .005 * double(i % 9) - .002 * double(i % 3);
  result.result.rs = .01 * double(i + 1);
  result.result.trainFlopsRelativeToDense = .02 * double(i % 9 + 1);
  return result;
}

struct Shown {
  FigureGrid cells = grid();
  FigurePage page;
  FigurePlot& plot = *page.findChild<FigurePlot*>();
  CellGrid& squares = *page.findChild<CellGrid*>();

  Shown() {
    applyTheme(ThemeChoice::Light);
    page.resize(1000, 700);
    page.setGrid(cells);
    page.show();
    (void)QTest::qWaitForWindowExposed(&page);
  }
  void fill() {
    for (size_t i = 0; i < cells.cells.size(); ++i) page.setCell(i, result(cells, i));
    QTRY_COMPARE(page.data().points.size(), size_t(8));
    plot.replot();
  }
  QStringList texts() const {
    QStringList all;
    for (const QLabel* label : page.findChildren<QLabel*>())
      if (label->isVisible()) all << label->text();
    return all;
  }
};

}  // namespace

class TestFigurePage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void figuresChosenWhileHiddenHaveTheirColours() {
    Shown shown;
    shown.page.hide();
    applyTheme(ThemeChoice::Dark);
    shown.page.setGrid(shown.cells);
    shown.page.show();
    for (auto* rect : shown.plot.axisRects())
      for (auto* axis : rect->axes()) QCOMPARE(axis->grid()->pen().color(), theme().grid);
  }

  void saysWhatWillRun() {
    Shown shown;
    const QString text = shown.texts().join(u'\n');
    QVERIFY2(text.contains(QStringLiteral("16 runs")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("Shows nothing.")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("More is better.")), qPrintable(text));
    QVERIFY(!shown.plot.isVisible());
  }

  void fillsInAsRunsFinish() {
    Shown shown;
    shown.page.setCell(0, result(shown.cells, 0));
    QTRY_VERIFY(shown.plot.isVisible());
    QCOMPARE(shown.page.data().points.size(), size_t(1));
    QCOMPARE(shown.page.data().points[0].n, 1);
    shown.page.setCell(1, result(shown.cells, 1));
    QTRY_COMPARE(shown.page.data().points[0].n, 2);
    QVERIFY(!shown.plot.pixelOf({"10", "", "128"}));
    shown.fill();
    QVERIFY(shown.plot.pixelOf({"10", "", "128"}));
    shown.page.setCell(999, {});  // no such cell
  }

  void drawsEveryPointInItsPanelsColour() {
    Shown shown;
    shown.fill();
    const QImage shot = shown.plot.grab().toImage();
    for (size_t panel = 0; panel < 2; ++panel)
      for (const std::string& curve : shown.cells.curve) {
        const QPoint at = shown.plot.pixelOf({curve, "", shown.cells.panels[panel]})->toPoint();
        QCOMPARE(shot.pixelColor(at), lightTheme().series[int(panel)]);
      }
  }

  void aClickOnAPointOpensOneOfItsRuns() {
    Shown shown;
    shown.fill();
    QSignalSpy activated(&shown.page, &FigurePage::cellActivated);
    for (const std::string& curve : shown.cells.curve) {
      QTest::mouseClick(&shown.plot, Qt::LeftButton, {}, shown.plot.pixelOf({curve, "", "128"})->toPoint());
      QCOMPARE(activated.count(), 1);
      const auto cell = activated.takeFirst().at(0).value<size_t>();
      QCOMPARE(shown.cells.cells[cell].labels, (std::vector<std::string>{"128", curve}));
    }
    QTest::mouseClick(&shown.plot, Qt::LeftButton, {}, {2, 2});
    QCOMPARE(activated.count(), 0);
  }

  void aClickOnASquareOpensExactlyThatRun() {
    Shown shown;
    QSignalSpy activated(&shown.page, &FigurePage::cellActivated);
    for (size_t i = 0; i < shown.cells.cells.size(); ++i) {
      QTest::mouseClick(&shown.squares, Qt::LeftButton, {}, shown.squares.squareOf(i).center());
      QCOMPARE(activated.count(), 1);
      QCOMPARE(activated.takeFirst().at(0).value<size_t>(), i);
    }
  }

  void squaresTellStateAndReason() {
    Shown shown;
    QVERIFY(shown.squares.describe(3).contains(QStringLiteral("waiting")));
    CellResult failed;
    failed.state = CellState::Failed;
    failed.result.reason = "The loss is not a number at step 12.";
    shown.page.setCell(3, failed);
    const QString text = shown.squares.describe(3);
    QVERIFY2(text.contains(QStringLiteral("64, 10, seed 2")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("failed: The loss is not a number at step 12.")), qPrintable(text));
  }

  void verdictsInWords() {
    Shown shown;
    QVERIFY(
        !shown.texts().join(u' ').contains(QStringLiteral("undecided")));  // nothing has been run: claims alone
    shown.fill();
    QTRY_VERIFY(shown.texts().contains(verdictText(Verdict::Pass)));
    QVERIFY(shown.texts().contains(verdictText(Verdict::Fail)));
    for (const ContrastResult& contrast : shown.page.data().contrasts)
      QVERIFY2(shown.texts().contains(QString::fromStdString(contrast.sentence)), contrast.sentence.c_str());
  }

  void severalMethodsHaveAColourEachAndPanelsARow() {
    Shown shown;
    shown.cells = seriesGrid();
    shown.page.setGrid(shown.cells);
    for (size_t i = 0; i < shown.cells.cells.size(); ++i) shown.page.setCell(i, seriesResult(i));
    shown.page.setReference(0, seriesResult(3));
    shown.page.setReference(7, seriesResult(3));  // no such reference
    QTRY_COMPARE(shown.page.data().points.size(), shown.cells.cells.size());
    QTRY_COMPARE(shown.page.data().dense.size(), size_t(1));
    shown.plot.replot();
    QCOMPARE(shown.plot.rows(), 2);
    const QImage shot = shown.plot.grab().toImage();
    QSignalSpy activated(&shown.page, &FigurePage::cellActivated);
    for (size_t i = 0; i < shown.cells.cells.size(); ++i) {
      const Place place = placeOf(shown.cells.cells[i]);
      const QPointF at = *shown.plot.pixelOf(place);
      QCOMPARE(at.y() > shown.plot.height() / 2.0, place.panel == "128");
      const auto colour = std::find(shown.cells.series.begin(), shown.cells.series.end(), place.series);
      QCOMPARE(shot.pixelColor(at.toPoint()), lightTheme().series[int(colour - shown.cells.series.begin())]);
      QTest::mouseClick(&shown.plot, Qt::LeftButton, {}, at.toPoint());
      QCOMPARE(activated.takeFirst().at(0).value<size_t>(), i);
    }
    const CsvTable table = shown.plot.exportTable();
    QCOMPARE(table.rows.size(), 18);
    QCOMPARE(table.rows[3].first(3), (QStringList{"64", "rigl", "1"}));
  }

  void collapsedPointsAreLeftOutUnlessTheyAreThePicture() {
    Shown shown;
    shown.fill();
    const auto lowest = [&] { return shown.plot.axisRect(0)->axis(QCPAxis::atLeft)->range().lower; };
    const auto collapse = [&](const std::string& panel) {
      for (size_t i = 0; i < shown.cells.cells.size(); ++i)
        if (shown.cells.cells[i].labels[0] == panel) {
          CellResult down = result(shown.cells, i);
          down.result.testAccuracy = .1;
          shown.page.setCell(i, down);
        }
    };
    collapse(shown.cells.panels[0]);  // half of all
    QTRY_VERIFY(lowest() < 10);
    shown.page.setGrid(shown.cells);
    shown.fill();
    CellResult down = result(shown.cells, 0);
    down.result.testAccuracy = .1;
    for (size_t i = 0; i < shown.cells.cells.size(); ++i)
      if (shown.cells.cells[i].labels == shown.cells.cells[0].labels) shown.page.setCell(i, down);
    QTRY_COMPARE(shown.page.data().points.front().accuracy, .1);
    QVERIFY(lowest() > 50);
  }

  void aStaticLineSharesItsPanelsColour() {
    const auto one = figureLines({"0.98", "0.99"}, {"set", "static"});
    QVERIFY(!one.colouredBySeries);
    QCOMPARE(one.rows, 1);
    QCOMPARE(one.lines.size(), size_t(4));
    QCOMPARE(one.lines[1].colour, one.lines[0].colour);
    QVERIFY(one.lines[1].dotted && !one.lines[0].dotted);
    QCOMPARE(one.lines[2].name, QStringLiteral("0.99"));
    QCOMPARE(figureLines({"0.98"}, {}).lines.size(), size_t(1));
  }

  void ranksAreDrawnWithTheirBest() {
    Shown shown;
    shown.cells.figure = &kRankFigure;
    FigurePlot plot;
    plot.resize(900, 400);
    plot.setFigure(kRankFigure, {"64"}, {}, {"1", "10"});
    FigureData data;
    data.points = {{"64", "", "1", 1, .8, 0, .1, 0, .1, .1}, {"64", "", "10", 1, .9, 0, .2, 0, .1, .1}};
    data.ranks = {{"64", "r_rel", 0, .1, -.2, .4}, {"64", "r_rel", 10, .7, .5, .8}, {"64", "r_surv", 1, .9, .8, 1}};
    plot.show();
    plot.setData(data);
    plot.replot();
    QCOMPARE(plot.axisRectCount(), 2);
    const QCPAxisRect* right = plot.axisRect(1);
    const QPoint best(qRound(right->axis(QCPAxis::atBottom)->coordToPixel(1)),
                      qRound(right->axis(QCPAxis::atLeft)->coordToPixel(.7)));
    QCOMPARE(plot.grab().toImage().pixelColor(best), lightTheme().series[0]);
  }

  void wordsStandRightOfNumbers() {
    const CurveAxis axis({"none", "100", "1", "10"});
    QCOMPARE(axis.ordered(), (QStringList{"1", "10", "100", "none"}));
    QCOMPARE(axis.position("10") - axis.position("1"), axis.position("100") - axis.position("10"));  // logarithmic
    QVERIFY(axis.divider() && *axis.divider() > axis.position("100") && *axis.divider() < axis.position("none"));
    QVERIFY(axis.range().contains(axis.position("none")));
    QCOMPARE(CurveAxis::shortText("3000"), QStringLiteral("3k"));
    QCOMPARE(CurveAxis::shortText("1250"), QStringLiteral("1250"));
    QCOMPARE(CurveAxis::shortText("static"), QStringLiteral("static"));
    const CurveAxis narrow({"0.1", "0.5", "0.9"});
    QVERIFY(std::abs(narrow.position("0.5") - .5) < 1e-12);  // linear
    QVERIFY(!narrow.divider());
    const CurveAxis words({"set", "rigl"});
    QVERIFY(words.position("set") < words.position("rigl"));
  }

  void labelsCoverNothing() {
    const bool holds = rc::check([] {
      std::vector<QPointF> points;
      std::vector<QSizeF> sizes;
      std::vector<QLineF> lines;
      const int count = *rc::gen::inRange(1, 25);
      for (int i = 0; i < count; ++i) {
        points.emplace_back(*rc::gen::inRange(0, 400), *rc::gen::inRange(0, 300));
        sizes.emplace_back(*rc::gen::inRange(6, 40), 12);
        if (i > 0) lines.emplace_back(points[size_t(i) - 1], points[size_t(i)]);
      }
      const QRectF area(0, 0, 400, 300);
      const auto labels = placeLabels(points, sizes, lines, area);
      RC_ASSERT(labels.size() == points.size());
      for (size_t i = 0; i < labels.size(); ++i) {
        if (!labels[i]) continue;
        RC_ASSERT(area.contains(*labels[i]));
        for (const QPointF& p : points) RC_ASSERT(!labels[i]->contains(p));
        for (size_t k = i + 1; k < labels.size(); ++k) RC_ASSERT(!labels[k] || !labels[i]->intersects(*labels[k]));
      }
    });
    QVERIFY(holds);
    QVERIFY(placeLabels({{200, 150}}, {{20, 12}}, {}, {0, 0, 400, 300})[0].has_value());
  }

  void rendersWithoutAWindow() {
    Shown shown;
    shown.fill();
    applyTheme(ThemeChoice::Dark);
    QTemporaryDir folder;
    const Problems problems =
        renderFigure(kFigure, shown.page.data(), folder.path().toStdString(), QSize(600, 300), 1.5);
    QVERIFY2(problems.empty(), describe(problems).c_str());
    const QImage png(folder.filePath(QStringLiteral("made-up.png")));
    QCOMPARE(png.size(), QSize(900, 450));
    QCOMPARE(png.pixelColor(2, 449), QColor(Qt::white));  // light, whatever the screen is
    QSvgRenderer svg(folder.filePath(QStringLiteral("made-up.svg")));
    QVERIFY(svg.isValid());
    QCOMPARE(svg.viewBox().size(), QSize(600, 300));
  }

  void namesTheFileThatCannotBeWritten() {
    const Problems problems = renderFigure(kFigure, {}, "/no/such/folder");
    QCOMPARE(problems.size(), size_t(2));
    QVERIFY(problems[0].message.find("/no/such/folder/made-up.png") != std::string::npos);
  }
};

QTEST_MAIN(TestFigurePage)
#include "tst_figure_page.moc"
