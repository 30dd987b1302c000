// Runs side by side: which belong together, means and deviations, and the page that draws them.

#include "background.h"
#include "compare/compare_page.h"
#include "compare/compare_table.h"
#include "compare/overlay_curves.h"
#include "compare/overlay_rs_plot.h"
#include "export/plot_export.h"
#include "parameters/config_builder.h"
#include "plots/smoothing.h"
#include "record_run.h"

#include <rapidcheck.h>
#include <QApplication>
#include <QClipboard>
#include <QSlider>

#include <cmath>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

std::shared_ptr<const ComparedRun> made(int64_t interval, int64_t seed, std::vector<double> accuracies) {
  auto compared = std::make_shared<ComparedRun>();
  compared->run.config.update_interval = interval;
  compared->run.config.seed = seed;
  compared->run.id = "run-" + std::to_string(interval) + "-" + std::to_string(seed);
  for (size_t i = 0; i < accuracies.size(); ++i) {
    Metrics row;
    row.step = static_cast<int64_t>(i) * 10;
    row.plannedSteps = 100;
    row.testAccuracy = accuracies[i];
    row.rs = 0.1 * static_cast<double>(i);
    compared->metrics.push_back(row);
  }
  return compared;
}

std::optional<double> accuracy(const Metrics& row) { return row.testAccuracy; }

/// The page over four recorded runs.
struct ShownRuns {
  FakeLaboratory lab;
  std::vector<StoredRun> runs;
  Background background;
  ComparePage page{background};

  ShownRuns() {
    recordFour(lab);
    runs = listRuns(lab.home);
    page.resize(1200, 800);
    page.show();
  }

  bool shows(const std::vector<StoredRun>& selected) {
    QSignalSpy shown(&page, &ComparePage::shown);
    page.setRuns(runs, selected);
    return shown.wait(kPatience);
  }
};

QStringList names(const std::vector<Series>& all) {
  QStringList list;
  for (const auto& series : all) list << series.name;
  return list;
}

}  // namespace

class TestCompare : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void runsThatDifferInTheirSeedBelongTogether() {
    const ComparedRuns runs{made(10, 1, {}), made(20, 1, {}), made(10, 2, {}), made(10, 3, {})};
    const auto joined = seriesOf(runs, true);
    QCOMPARE(names(joined), (QStringList{"ΔT 10 · 3 seeds", "ΔT 20 · seed 1"}));
    QCOMPARE(joined.front().runs.size(), size_t{3});
    const auto apart = seriesOf(runs, false);
    QCOMPARE(apart.size(), size_t{4});
    QCOMPARE(apart.front().name, QString("ΔT 10 · seed 1"));
    const auto differing = differingParameters(runs);
    QCOMPARE(differing.size(), size_t{2});
    QCOMPARE(parameterText(joined.front(), *findParameter("seed")), QString("1, 2, 3"));
  }

  void whatWasSteeredStandsAlone() {
    auto steered = std::make_shared<ComparedRun>(*made(10, 2, {}));
    steered->changes.resize(1);
    QCOMPARE(seriesOf({made(10, 1, {}), steered, made(10, 3, {})}, true).size(), size_t{2});
  }

  void aSeedCountsOnce() {
    const auto again = made(10, 2, {});
    const auto all = seriesOf({made(10, 1, {}), made(10, 2, {}), again}, true);
    QCOMPARE(all.size(), size_t{2});
    QCOMPARE(all.front().runs.size(), size_t{2});
    QCOMPARE(all.back().runs, ComparedRuns{again});
  }

  void equalRunsHaveDifferentNames() {
    auto twin = std::make_shared<ComparedRun>(*made(10, 1, {}));
    twin->run.id = "run-10-9";
    const auto all = seriesOf({made(10, 1, {}), twin}, false);
    QVERIFY(all[0].name != all[1].name);
  }

  void whatGoesWithTheMethodNeedsNoName() {
    auto rigl = std::make_shared<ComparedRun>(*made(10, 1, {}));
    rigl->run.config = defaultsFor("rigl");
    const auto all = seriesOf({made(10, 1, {}), rigl}, true);
    QVERIFY(differingParameters({made(10, 1, {}), rigl}).size() > 2);
    QCOMPARE(all[0].name, QString("set · ΔT 10"));
    QCOMPARE(all[1].name, QString("rigl · ΔT %1").arg(rigl->run.config.update_interval));
  }

  void parametersWithoutEffectDoNotDiffer() {
    auto dense = std::make_shared<ComparedRun>(*made(77, 1, {}));
    dense->run.config.method = "dense";
    const auto differing = differingParameters({made(10, 1, {}), dense});
    QCOMPARE(differing.size(), size_t{1});
    QCOMPARE(std::string(differing.front()->key), std::string("method"));
  }

  void bandsAreMeanAndDeviationWhereAllRunsAre() {
    const Series series{"", {made(10, 1, {0.1, 0.2, 0.6}), made(10, 2, {0.3, 0.4})}};
    const auto band = bandOf(series, accuracy);
    QCOMPARE(band.size(), size_t{2});
    QCOMPARE(band[1].step, int64_t{10});
    QCOMPARE(band[1].mean, 0.3);
    QVERIFY(std::abs(band[1].deviation - std::sqrt(0.02)) < 1e-12);
    QCOMPARE(band[1].rs, 0.1);
    QCOMPARE(band[1].time, 0.1);
    const auto alone = bandOf({"", {series.runs.front()}}, accuracy);
    QCOMPARE(alone.size(), size_t{3});
    QCOMPARE(alone[2].deviation, 0.0);
  }

  void smoothingIsDebiased() {
    QVERIFY(rc::check("a constant stays constant", [] {
      const double factor = *rc::gen::inRange(0, 100) / 100.0, value = *rc::gen::inRange(-1000, 1000) / 7.0;
      const std::vector<double> values(static_cast<size_t>(*rc::gen::inRange(0, 50)), value);
      for (const double s : smoothed(values, factor)) RC_ASSERT(std::abs(s - value) < 1e-9);
    }));
    const std::vector<double> values{1, std::nan(""), 4};
    const auto result = smoothed(values, 0.5);
    QCOMPARE(result[0], 1.0);
    QVERIFY(std::isnan(result[1]));
    QCOMPARE(result[2], (0.5 * 1 + 4) / 1.5);
    QCOMPARE(smoothed(values, 0)[2], 4.0);
  }

  void pageDrawsTheSelectedRuns() {
    ShownRuns four;
    ComparePage& page = four.page;
    QVERIFY(four.shows(four.runs));
    QCOMPARE(page.series().size(), size_t{2});
    auto* rsPlot = page.findChild<OverlayRsPlot*>();
    auto* curves = page.findChild<OverlayCurves*>();
    auto* table = page.findChild<CompareTable*>();
    QCOMPARE(rsPlot->shownCount(), 2);
    QCOMPARE(curves->shownCount(), 2);
    QCOMPARE(table->topLevelItemCount(), 2);
    const QString accuracyText = table->topLevelItem(0)->text(table->columnCount() - 8);
    QVERIFY2(accuracyText.contains("±"), qPrintable(accuracyText));

    table->topLevelItem(0)->setCheckState(0, Qt::Unchecked);
    QCOMPARE(rsPlot->shownCount(), 1);
    QCOMPARE(curves->shownCount(), 1);
    table->topLevelItem(0)->setCheckState(0, Qt::Checked);
    page.setJoinSeeds(false);
    QCOMPARE(page.series().size(), size_t{4});
    QCOMPARE(curves->shownCount(), 4);

    curves->setAccuracy(OverlayCurves::Validation);
    page.findChild<QSlider*>("smoothing")->setValue(60);
    const auto csv = curves->exportTable();
    QCOMPARE(csv.header.first(), QString("series"));
    QVERIFY(std::ranges::any_of(csv.rows, [](const QStringList& row) { return row[1] == "validation_accuracy"; }));
    page.copyTable();
    const auto lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 5);
    QVERIFY(lines.first().contains("update_interval") && lines.first().contains("test_accuracy_deviation"));
  }

  void pinnedRunsStay() {
    ShownRuns four;
    ComparePage& page = four.page;
    const auto& runs = four.runs;
    QVERIFY(four.shows({runs[0]}));
    auto* table = page.findChild<CompareTable*>();
    table->topLevelItem(0)->setCheckState(1, Qt::Checked);
    QCOMPARE(page.pinned(), std::set<std::string>{runs[0].id});
    QVERIFY(four.shows({runs[3]}));
    QCOMPARE(page.series().size(), size_t{2});
    QCOMPARE(page.series().front().runs.front()->run.id, runs[0].id);
    table->topLevelItem(0)->setCheckState(1, Qt::Unchecked);
    QVERIFY(four.shows({}));
    QVERIFY(page.series().empty());
  }

  void damagedRunsAreNamedAndTheOthersShown() {
    ShownRuns four;
    ComparePage& page = four.page;
    std::filesystem::remove(four.runs[1].directory / "metrics.csv");
    QSignalSpy failed(&page, &ComparePage::failed);
    QVERIFY(four.shows(four.runs));
    QCOMPARE(failed.count(), 1);
    QVERIFY(failed.first().first().toString().contains("metrics.csv"));
    size_t count = 0;
    for (const auto& series : page.series()) count += series.runs.size();
    QCOMPARE(count, size_t{3});
  }

  void exportsWithNamesAndInLight() {
    ShownRuns four;
    ComparePage& page = four.page;
    QVERIFY(four.shows(four.runs));
    for (auto* what : page.exportables()) {
      const auto svg = exportBytes(*what, ExportFormat::Svg, {600, 400}, 1);
      QVERIFY2(svg.contains("2 seeds"), qPrintable(what->exportName()));
      const auto before = exportBytes(*what, ExportFormat::Png, {600, 400}, 1);
      applyTheme(ThemeChoice::Dark);
      QCOMPARE(exportBytes(*what, ExportFormat::Png, {600, 400}, 1), before);
      applyTheme(ThemeChoice::Light);
    }
  }
};

QTEST_MAIN(TestCompare)
#include "tst_compare.moc"
