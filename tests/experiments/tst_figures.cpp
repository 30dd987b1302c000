#include "experiments/figure_data.h"
#include "experiments/report.h"
#include "parameters/config_builder.h"
#include "store/files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <set>

using namespace lab;
namespace fs = std::filesystem;

namespace {

/// One panel, four points, two seeds: small enough to compute by hand.
FigureGrid smallGrid() {
  FigureGrid grid;
  grid.figure = findFigure("figure3");
  grid.seeds = 2;
  grid.panels = {"0.99"};
  grid.curve = {"1", "30", "100", "static"};
  for (const std::string& curve : grid.curve)
    for (int seed = 1; seed <= 2; ++seed) {
      Cell cell{Config{}, {"0.99", curve}};
      cell.config.seed = seed;
      grid.cells.push_back(cell);
    }
  grid.contrasts = {{"beats static", "claim", {"30", "100"}, {"static"}},
                    {"beats 1", "claim", {"30", "100"}, {"1"}},
                    {"rises", "claim", {"100", "30", "1"}, {}, Expectation::RsRises}};
  return grid;
}

std::vector<CellResult> resultsWith(const std::vector<double>& accuracies) {
  const std::vector<double> rs{0.9, 0.9, 0.5, 0.5, 0.25, 0.25, 0.01, 0.01};
  std::vector<CellResult> results;
  for (size_t i = 0; i < accuracies.size(); ++i) {
    CellResult cell;
    cell.state = i % 2 == 0 ? CellState::Done : CellState::Reused;
    cell.result.engine = "sparse";
    cell.result.testAccuracy = accuracies[i];
    cell.result.rs = rs[i];
    cell.result.reliable = {{20, rs[i] / 2}};
    cell.result.trainFlopsRelativeToDense = 0.5;
    cell.directory = "/runs/run" + std::to_string(i);
    results.push_back(cell);
  }
  return results;
}

const std::vector<double> kAccuracies{0.80, 0.82, 0.84, 0.86, 0.85, 0.87, 0.70, 0.72};

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

}  // namespace

class TestFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void figure3HasTheCellsOfTheExperiment() {
    const auto made = makeFigure(*findFigure("figure3"), FigureScale::Quick, 0);
    QVERIFY2(made.ok(), made.ok() ? "" : describe(made.problems()).c_str());
    const FigureGrid& grid = made.value();
    QCOMPARE(grid.cells.size(), 54U);  // 2 sparsities × (8 ΔT + static) × 3 seeds
    QCOMPARE(grid.seeds, 3);
    std::set<std::string> hashes;
    int still = 0;
    for (const Cell& cell : grid.cells) {
      const Config& c = cell.config;
      QVERIFY(validate(c).empty());
      hashes.insert(configurationHash(c));
      still += c.method == "static" ? 1 : 0;
      QCOMPARE(c.method == "static", cell.labels[1] == "static");
      if (c.method == "set") QCOMPARE(std::to_string(c.update_interval), cell.labels[1]);
      QCOMPARE(c.sparsity, std::stod(cell.labels[0]));
      QCOMPARE(c.epochs, 12);
      QCOMPARE(c.distribution, "erk");
      QCOMPARE(c.hidden_widths, "1024,512");
    }
    QCOMPARE(still, 6);
    QCOMPARE(hashes.size(), 54U);
    QCOMPARE(grid.references.size(), 1U);
    QCOMPARE(grid.references[0].config.method, "dense");
    QCOMPARE(grid.references[0].config.epochs, 12);
  }

  void scalesAndSeedsAreAsked() {
    const auto standard = makeFigure(*findFigure("figure3"), FigureScale::Standard, 0).take();
    QCOMPARE(standard.cells.size(), 360U);
    QCOMPARE(standard.cells[0].config.epochs, 24);
    QCOMPARE(makeFigure(*findFigure("figure3"), FigureScale::Quick, 1).value().cells.size(), 18U);
    const auto none = makeFigure(*findFigure("imagenet_table"), FigureScale::Standard, 0);
    QVERIFY(!none.ok());
    QCOMPARE(describe(none.problems()), "imagenet_table has no scale \"standard\": quick or paper would be right");
    QCOMPARE(findScale("standard"), std::optional(FigureScale::Standard));
    QVERIFY(!findScale("huge"));
    QVERIFY(findFigure("figure99") == nullptr);
  }

  void everyFigureAtEveryScaleIsAGridOrAClearProblem_data() {
    QTest::addColumn<QString>("figure");
    QTest::addColumn<int>("scale");
    for (const Figure& figure : figures())
      for (const FigureScale scale : figure.scales)
        QTest::newRow((std::string(figure.name) + " " + std::string(name(scale))).c_str())
            << QString::fromStdString(std::string(figure.name)) << static_cast<int>(scale);
  }
  void everyFigureAtEveryScaleIsAGridOrAClearProblem() {
    QFETCH(QString, figure);
    QFETCH(int, scale);
    const auto made = makeFigure(*findFigure(figure.toStdString()), static_cast<FigureScale>(scale), 1);
    if (!made) {  // what a scale is made of may not be there: it is named
      QVERIFY(static_cast<FigureScale>(scale) == FigureScale::Paper);
      for (const Problem& problem : made.problems()) QVERIFY(!problem.key.empty() && !problem.message.empty());
      return;
    }
    const FigureGrid& grid = made.value();
    std::set<Place> places;
    std::set<std::string> hashes;
    for (const Cell& cell : grid.cells) {
      QVERIFY2(validate(cell.config).empty(), describe(validate(cell.config)).c_str());
      hashes.insert(configurationHash(cell.config));
      places.insert(placeOf(cell));
    }
    QCOMPARE(places.size(), grid.cells.size());  // one seed: a cell is a place
    // SNFS takes dense gradients at every step, so that its long training is left to larger scales.
    const size_t leftOut = figure == "growth" && grid.scale == FigureScale::Quick ? grid.curve.size() : 0;
    QCOMPARE(places.size(),
             grid.panels.size() * std::max<size_t>(1, grid.series.size()) * grid.curve.size() - leftOut);
    QCOMPARE(hashes.size(), places.size());
    std::set<Place> dense;
    for (const Cell& cell : grid.references) {
      QVERIFY(validate(cell.config).empty());
      dense.insert(Place{cell.labels.empty() ? "" : cell.labels[0], kDenseSeries});
    }
    for (const Contrast& contrast : grid.contrasts)
      for (const std::string& panel : contrast.panels.empty() ? grid.panels : contrast.panels)
        for (const auto* cells : {&contrast.better, &contrast.worse})
          for (Place place : *cells) {
            if (place.panel.empty() && place.series != kDenseSeries) place.panel = panel;
            QVERIFY2(places.contains(place) || dense.contains(place),
                     (contrast.name + ": " + place.series + " " + place.curve).c_str());
          }
  }

  /// The settings of the paper's own runs (section 4.1 and appendix; PyTorch's recipe on ImageNet).
  void paperScaleIsThePapers() {
    const Config cifar = makeFigure(*findFigure("figure3"), FigureScale::Paper, 1).take().cells.front().config;
    QCOMPARE(cifar.augmentation, "crop-flip");
    QCOMPARE(cifar.augmentation_padding, "reflect");
    QCOMPARE(cifar.epochs, 250);
    QCOMPARE(cifar.label_smoothing, 0.0);
    const Config hundred =
        makeFigure(*findFigure("resnet34_cifar100"), FigureScale::Paper, 1).take().cells.front().config;
    QCOMPARE(hundred.augmentation_padding, "zero");
    const auto table = makeFigure(*findFigure("imagenet_table"), FigureScale::Paper, 1);
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.problems()).c_str());
    const Config imagenet = table.value().cells.front().config;
    QCOMPARE(imagenet.epochs, 100);
    QCOMPARE(imagenet.learning_rate_milestones, "30,60,90");
    QCOMPARE(imagenet.warmup_epochs, 5.0);
    QCOMPARE(imagenet.label_smoothing, 0.1);
    QVERIFY(!imagenet.weight_decay_on_norms && !imagenet.nesterov);
    QCOMPARE(imagenet.augmentation, "resized-crop-flip");
  }

  /// Convolutional presets train convolutional networks at every scale, and claim nothing of a small one.
  void smokeRunsAreConvolutionalAndOpen() {
    for (const char* figure : {"resnet34_cifar100", "imagenet_table"}) {
      const auto grid = makeFigure(*findFigure(figure), FigureScale::Quick, 1).take();
      for (const Cell& cell : grid.cells) QVERIFY(cell.config.model == "resnet-34" || cell.config.model == "wrn-22-2");
      for (const Contrast& contrast : grid.contrasts) QVERIFY(!contrast.whyOpen.empty());
    }
  }

  void figuresAreFoundInTheOrderOfThePaper() {
    std::vector<std::string> names;
    for (const Figure& figure : figures()) {
      names.emplace_back(figure.name);
      QVERIFY(!figure.title.empty() && !figure.help.empty() && !figure.source.empty());
      QCOMPARE(findFigure(figure.name), &figure);
    }
    QCOMPARE(names, (std::vector<std::string>{"figure2", "figure3", "figure4", "growth", "figure6", "prune_rate",
                                              "threshold", "resnet34_cifar100", "imagenet_table"}));
  }

  void pointsAreMeansAndDeviations() {
    const auto data = summarize(smallGrid(), resultsWith(kAccuracies));
    QCOMPARE(data.points.size(), 4U);
    QCOMPARE(data.points[1].curve, "30");
    QCOMPARE(data.points[1].n, 2);
    QVERIFY(near(data.points[1].accuracy, 0.85));
    QVERIFY(near(data.points[1].accuracyDeviation, 0.01 * std::sqrt(2.0)));
    QVERIFY(near(data.points[1].rs, 0.5));
    QVERIFY(near(data.points[1].reliable, 0.25));
  }

  /// One page that needs nothing else: no address to load from, every claim, point and run in it, texts escaped.
  void reportsAreWholePages() {
    FigureGrid grid = smallGrid();
    grid.contrasts[0].name = "ΔT < 1 & \"more\"";
    auto results = resultsWith(kAccuracies);
    results[7].state = CellState::Failed;
    results[7].result.reason = "its loss is <nan>";
    const auto data = summarize(grid, results);
    const std::string page = reportHtml({grid, results, data, "<?xml version=\"1.0\"?>\n<svg><path/></svg>",
                                         {{"Machine", "a & b"}}});
    const auto has = [&](const std::string& text) { return page.find(text) != std::string::npos; };
    QVERIFY(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    QVERIFY(has("<figure><svg><path/></svg></figure>") && !has("<?xml"));
    QVERIFY(has("ΔT &lt; 1 &amp; &quot;more&quot;"));
    QVERIFY(has("failed: its loss is &lt;nan&gt;"));
    QVERIFY(has("<code>a &amp; b</code>"));
    QVERIFY(has("81.00 % ± 1.41"));  // of 80 and 82
    for (int run = 0; run < 8; ++run) QVERIFY(has("<code>run" + std::to_string(run) + "</code>"));
    QVERIFY(has("class=\"verdict undecided\"") || has("class=\"verdict pass\""));
    QVERIFY(!has("http") && !has("src=") && !has("<script"));
    QVERIFY(has("<code>batch_size</code>"));
    QVERIFY(!has("<code>threads</code>"));  // changes no result
    QCOMPARE(page, reportHtml({grid, results, data, "<svg><path/></svg>", {{"Machine", "a & b"}}}));
  }

  void contrastsByHand() {
    // Four cells of deviation .01 √2 each: pooled .01 √2 with 4 degrees of freedom; of two candidates, so
    // t(1 - .05 / 2 / 2, 4) = 3.4954059325164364; half width = t × .01 √2 × √(1/2 + 1/2).
    const double half = 3.4954059325164364 * 0.01 * std::sqrt(2.0);
    const auto data = summarize(smallGrid(), resultsWith(kAccuracies));
    const auto& beatsStatic = data.contrasts[0];
    QVERIFY(near(beatsStatic.difference, 0.86 - 0.71));  // 100 is the best by mean
    QVERIFY(near(beatsStatic.low, 0.15 - half));
    QVERIFY(near(beatsStatic.high, 0.15 + half));
    QCOMPARE(beatsStatic.verdict, Verdict::Pass);
    QVERIFY(beatsStatic.sentence.starts_with("best of 30, 100 by mean is 100: 86.00 %; static: 71.00 %"));
    QVERIFY(near(data.contrasts[1].difference, 0.05));
    QCOMPARE(data.contrasts[1].verdict, Verdict::Pass);
    QVERIFY(near(data.points[0].flops, 0.5));  // half a dense training of the same length
    const auto& rises = data.contrasts[2];
    QCOMPARE(rises.verdict, Verdict::Pass);
    QVERIFY(near(rises.difference, 0.65) && near(rises.low, 0.25) && near(rises.high, 0.4));
  }

  void verdictsGoAllThreeWays() {
    std::vector<double> near1 = kAccuracies, below = kAccuracies;
    near1[0] = 0.84, near1[1] = 0.86;  // ΔT = 1 a point below the best: within the interval
    below[0] = 0.94, below[1] = 0.96;
    QCOMPARE(summarize(smallGrid(), resultsWith(near1)).contrasts[1].verdict, Verdict::Undecided);
    QCOMPARE(summarize(smallGrid(), resultsWith(below)).contrasts[1].verdict, Verdict::Fail);
    auto falling = resultsWith(kAccuracies);
    falling[0].result.rs = falling[1].result.rs = 0.4;
    QCOMPARE(summarize(smallGrid(), falling).contrasts[2].verdict, Verdict::Fail);
  }

  void aSaturatedRsStillRises() {
    auto results = resultsWith(kAccuracies);
    for (const size_t i : {0, 1, 2, 3}) results[i].result.rs = 1;
    QCOMPARE(summarize(smallGrid(), results).contrasts[2].verdict, Verdict::Pass);
    for (CellResult& result : results) result.result.rs = 0.3;
    QCOMPARE(summarize(smallGrid(), results).contrasts[2].verdict, Verdict::Fail);
  }

  void unfinishedCellsAreLeftOutAndDecideNothing() {
    auto results = resultsWith(kAccuracies);
    results[4].state = CellState::Failed;
    results[6].state = CellState::Running;
    const auto data = summarize(smallGrid(), results);
    QCOMPARE(data.points[2].n, 1);
    QVERIFY(near(data.points[2].accuracy, 0.87));
    QCOMPARE(data.contrasts[0].verdict, Verdict::Undecided);
    QCOMPARE(data.contrasts[0].sentence, "4 of the 6 runs it needs are there.");
    QVERIFY(summarize(smallGrid(), {}).points.empty());
  }

  void oneSeedDecidesNothing() {
    FigureGrid grid = smallGrid();
    grid.seeds = 1;
    std::vector<CellResult> results = resultsWith(kAccuracies);
    for (const size_t i : {7, 5, 3, 1}) {
      grid.cells.erase(grid.cells.begin() + static_cast<std::ptrdiff_t>(i));
      results.erase(results.begin() + static_cast<std::ptrdiff_t>(i));
    }
    const auto data = summarize(grid, results);
    QCOMPARE(data.contrasts[0].verdict, Verdict::Undecided);
    QVERIFY(near(data.contrasts[0].difference, 0.85 - 0.70));
    QVERIFY(data.contrasts[0].sentence.find("at least two") != std::string::npos);
  }

  void filesAreTheGoldenOnesAndComeBack() {
    const QTemporaryDir folder;
    const fs::path out = fs::path(folder.path().toStdString()) / "new" / "out";
    auto results = resultsWith(kAccuracies);
    results[4].state = CellState::Failed;
    CellResult dense;
    dense.state = CellState::Reused;
    dense.result.testAccuracy = 0.895;
    FigureGrid withDense = smallGrid();
    withDense.references.push_back({Config{}, {}});
    const auto data = summarize(withDense, results, {dense});
    QVERIFY(writeFigureFiles(smallGrid(), results, data, out).empty());
    for (const char* file : {"figure3.csv", "figure3.summary.csv"})
      QCOMPARE(QString::fromStdString(readWhole(out / file).take()),
               QString::fromStdString(readWhole(fs::path(LAB_SOURCE_DIR "/tests/golden/figure") / file).take()));

    const std::string verdict = readWhole(out / "figure3.verdict.json").take();
    for (const char* part : {R"("figure": "figure3")", R"("scale": "quick")", R"("runs_finished": 7)",
                             R"("verdict": "undecided")", R"("sparsity": "0.99")"})
      QVERIFY2(verdict.find(part) != std::string::npos, part);

    const auto read = readFigureFiles(out, "figure3");
    QVERIFY2(read.ok(), read.ok() ? "" : describe(read.problems()).c_str());
    QCOMPARE(read.value().points.size(), data.points.size());
    for (size_t i = 0; i < data.points.size(); ++i) {
      QCOMPARE(read.value().points[i].curve, data.points[i].curve);
      QVERIFY(read.value().points[i].accuracy == data.points[i].accuracy);
      QVERIFY(read.value().points[i].rsDeviation == data.points[i].rsDeviation);
      QCOMPARE(read.value().points[i].n, data.points[i].n);
    }
    QCOMPARE(read.value().denseAccuracy, std::optional(0.895));
    QCOMPARE(read.value().contrasts.size(), 3U);
    QCOMPARE(read.value().contrasts[1].verdict, data.contrasts[1].verdict);
    QCOMPARE(read.value().contrasts[2].sentence, data.contrasts[2].sentence);
    QCOMPARE(read.value().contrasts[2].low, data.contrasts[2].low);
  }

  void densePointsAndRanksComeBack() {
    FigureGrid grid = smallGrid();
    grid.figure = findFigure("threshold");
    grid.contrasts = {{.name = "reliable", .paper = "claim", .expectation = Expectation::Reliable}};
    grid.references = {{Config{}, {"30"}}, {Config{}, {"100"}}};
    CellResult dense;
    dense.state = CellState::Done;
    dense.result.testAccuracy = 0.9;
    dense.result.trainFlopsRelativeToDense = 1;
    const auto results = resultsWith(kAccuracies);
    const auto data = summarize(grid, results, {dense, {}});
    QVERIFY(!data.denseAccuracy);
    QCOMPARE(data.dense.size(), 1U);  // the other has not been trained
    QCOMPARE(data.dense[0].curve, "30");
    QVERIFY(!data.ranks.empty());
    QCOMPARE(data.contrasts.size(), 1U);
    const QTemporaryDir folder;
    const fs::path out = folder.path().toStdString();
    QVERIFY(writeFigureFiles(grid, results, data, out).empty());
    const auto read = readFigureFiles(out, "threshold").take();
    QCOMPARE(read.points.size(), data.points.size());
    QCOMPARE(read.dense.size(), 1U);
    QVERIFY(read.dense[0].accuracy == 0.9 && read.dense[0].flops == 1);
    QCOMPARE(read.ranks.size(), data.ranks.size());
    QVERIFY(read.ranks[0].rho == data.ranks[0].rho && read.ranks[0].high == data.ranks[0].high);
  }

  void flopsAreToldInTrainingsOfOneLength() {
    FigureGrid grid = smallGrid();
    for (Cell& cell : grid.cells) cell.config.epochs = cell.labels[1] == "1" ? 6 : 24;
    QVERIFY(near(summarize(grid, resultsWith(kAccuracies)).points[0].flops, 0.5 * 6 / 24));
    grid.references.push_back({Config{}, {}});
    grid.references[0].config.epochs = 12;
    QVERIFY(near(summarize(grid, resultsWith(kAccuracies)).points[0].flops, 0.5 * 6 / 12));
  }

  void placesThatCannotBeWrittenOrReadAreNamed() {
    QVERIFY(!writeFigureFiles(smallGrid(), {}, {}, "/proc/none").empty());
    const QTemporaryDir folder;
    const fs::path out = folder.path().toStdString();
    QVERIFY(!readFigureFiles(out, "figure3").ok());
    QVERIFY(!readFigureFiles(out, "figure99").ok());
    const auto results = resultsWith(kAccuracies);
    QVERIFY(writeFigureFiles(smallGrid(), results, summarize(smallGrid(), results), out).empty());
    writeWhole(out / "figure3.verdict.json", "{}");
    const auto read = readFigureFiles(out, "figure3");
    QVERIFY(!read.ok());
    QVERIFY(describe(read.problems()).find("figure3.verdict.json is damaged") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(TestFigures)
#include "tst_figures.moc"
