// Whole pages against golden pictures, light and dark; what is exported does not depend on the theme, and exporting
// leaves no trace on the screen. LAB_GOLDEN=1 writes the pictures anew: look at them before they are committed.

#include "../plots/made_run.h"
#include "background.h"
#include "compare/compare_page.h"
#include "export/plot_export.h"
#include "figures/figure_page.h"
#include "live/live_page.h"
#include "live/rs_plot.h"
#include "record_run.h"
#include "runs/runs_page.h"
#include "sweeps/sweep_page.h"
#include "theme.h"
#include "window_style.h"

#include <QApplication>
#include <QDir>
#include <QTableView>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

constexpr QSize kSize{1000, 640};
constexpr int kVisible = 40;            ///< of 255, in one channel: what somebody would see
constexpr double kMostDifferent = .002;  ///< of all pixels: what another version of the font library may do

QString goldenFile(const QString& name) {
  return QStringLiteral(LAB_SOURCE_DIR "/tests/golden/%1.png").arg(name);
}

/// The share of pixels that somebody would see to be different.
double differentShare(const QImage& a, const QImage& b) {
  if (a.size() != b.size()) return 1;
  int64_t different = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
      different += std::abs(qRed(p) - qRed(q)) > kVisible || std::abs(qGreen(p) - qGreen(q)) > kVisible ||
                   std::abs(qBlue(p) - qBlue(q)) > kVisible;
    }
  return static_cast<double>(different) / (double(a.width()) * a.height());
}

/// Where pages are at home: in the style of the window.
struct Home {
  FakeLaboratory lab;
  Background background;
  QWidget window;

  Home() {
    window.setStyleSheet(windowStyle(theme()));
    window.resize(kSize);
    window.show();
    (void)QTest::qWaitForWindowExposed(&window);
  }
  template <class Page, class... Arguments>
  Page& add(Arguments&&... arguments) {
    auto* page = new Page(std::forward<Arguments>(arguments)..., &window);
    page->resize(kSize);
    page->show();
    return *page;
  }
  void choose(ThemeChoice choice) {
    applyTheme(choice);
    window.setStyleSheet(windowStyle(theme()));
  }
  QImage picture() {
    QTest::qWait(50);  // queued drawing
    for (auto* plot : window.findChildren<QCustomPlot*>())
      if (plot->isVisible()) plot->replot();
    return window.grab().toImage().convertToFormat(QImage::Format_RGB32);
  }
};

LivePage& live(Home& home) {
  auto& page = home.add<LivePage>();
  page.startRun(made::start());
  page.appendMetrics(made::rows(700));
  page.setSnapshot(made::snapshot());
  page.appendEvents({{400, 4, "change", "prune_rate", "0.5", "0.3", "prune_rate from 0.5 to 0.3"}});
  page.endRun({});
  return page;
}

/// Two densities, two seeds; at the higher one longer intervals win.
void figure(Home& home) {
  static const Figure figure{"made-up", "A made-up figure", "Accuracy grows with ΔT.", "Nobody 2026, figure 1",
                             "density", "",                 "update_interval",         {FigureScale::Quick}};
  FigureGrid grid;
  grid.figure = &figure;
  grid.seeds = 2;
  grid.panels = {"0.1", "0.02"};
  grid.curve = {"10", "100", "1000", "none"};
  for (const std::string& panel : grid.panels)
    for (const std::string& curve : grid.curve)
      for (int seed = 1; seed <= grid.seeds; ++seed) {
        Cell cell;
        cell.labels = {panel, curve};
        cell.config.seed = seed;
        grid.cells.push_back(cell);
      }
  grid.contrasts = {{"moving beats static", "More weights explored, more accuracy.", {"100", "1000"}, {"none"}}};
  auto& page = home.add<FigurePage>();
  page.setGrid(grid);
  for (size_t i = 0; i + 1 < grid.cells.size(); ++i) {  // the last one is still to come
    const Cell& cell = grid.cells[i];
    const double length = cell.labels[1] == "none" ? 0 : static_cast<double>(cell.labels[1].size());
    CellResult result;
    result.state = CellState::Done;
    result.result.testAccuracy = .85 + .01 * length + (cell.config.seed == 1 ? .001 : -.001);
    result.result.rs = .1 + .15 * length;
    page.setCell(i, result);
  }
}

StoredRun storedRun(int64_t interval, int64_t seed) {
  StoredRun run;
  run.config = quickConfig();
  run.config.update_interval = interval;
  run.config.seed = seed;
  run.status = StoredStatus::Done;
  run.started = "2026-03-14T15:09:26Z";
  run.result.testAccuracy = .85 + .01 * static_cast<double>(seed);
  run.result.rs = .2;
  run.id = "20260314-150926-set-" + std::to_string(10 * interval + seed);
  return run;
}

void storedRuns(Home& home) {
  auto& page = home.add<RunsPage>();
  std::vector<StoredRun> runs;
  for (const int64_t interval : {10, 100, 1000})
    for (const int64_t seed : {1, 2}) runs.push_back(storedRun(interval, seed));
  page.setRuns(std::move(runs));
  page.table()->selectRow(1);
}

void comparison(Home& home) {
  auto& page = home.add<ComparePage>(home.background);
  recordFour(home.lab);
  auto runs = listRuns(home.lab.home);
  for (StoredRun& run : runs) run.id = std::to_string(run.config.update_interval) + "-" + std::to_string(run.config.seed);
  std::ranges::sort(runs, {}, &StoredRun::id);
  QSignalSpy done(&page, &ComparePage::shown);
  page.setRuns(runs, runs);
  (void)done.wait(kPatience);
}

void sweeps(Home& home) {
  auto& page = home.add<SweepPage>(home.lab);
  page.setBase(quickConfig());
  page.setAxesText({"update_interval=5,10", "prune_rate=0.2..0.6/3"});
}

using Make = std::function<void(Home&)>;

}  // namespace

Q_DECLARE_METATYPE(Make)

class TestLooks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    qputenv("TZ", "UTC");
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setPixelSize(12);
    font.setHintingPreference(QFont::PreferNoHinting);
    QApplication::setFont(font);
  }
  void cleanup() { applyTheme(ThemeChoice::Light); }

  void pagesLookAsTheyDid_data() {
    QTest::addColumn<Make>("make");
    QTest::addColumn<bool>("dark");
    const std::pair<const char*, Make> pages[] = {
        {"live", live}, {"figures", figure}, {"runs", storedRuns}, {"compare", comparison}, {"sweeps", sweeps},
    };
    for (const auto& [name, make] : pages)
      for (const bool dark : {false, true})
        QTest::addRow("page_%s_%s", name, dark ? "dark" : "light") << make << dark;
  }
  void pagesLookAsTheyDid() {
    QFETCH(Make, make);
    QFETCH(bool, dark);
    applyTheme(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    Home home;
    make(home);
    const QImage picture = home.picture();
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    if (qEnvironmentVariableIsSet("LAB_GOLDEN")) QVERIFY(picture.save(goldenFile(name)));
    const double different = differentShare(picture, QImage(goldenFile(name)).convertToFormat(QImage::Format_RGB32));
    const QString seen = QDir::temp().filePath(name + QStringLiteral(".seen.png"));
    if (different > kMostDifferent) picture.save(seen);
    QVERIFY2(different <= kMostDifferent,
             qPrintable(QStringLiteral("%1 % of the pixels differ; see %2").arg(100 * different).arg(seen)));
  }

  /// Changing the theme of a page that is shown gives what a page made under that theme looks like.
  void pagesFollowTheTheme() {
    applyTheme(ThemeChoice::Dark);
    Home home, later;
    live(home);
    const QImage dark = home.picture();
    applyTheme(ThemeChoice::Light);
    live(later);
    later.choose(ThemeChoice::Dark);
    home.choose(ThemeChoice::Light);
    const QImage light = home.picture();
    QVERIFY(differentShare(dark, light) > .5);
    // A new style may move the borders between panels by a pixel.
    home.choose(ThemeChoice::Dark);
    QVERIFY(differentShare(home.picture(), dark) < .05);
    QCOMPARE(differentShare(later.picture(), home.picture()), 0.0);
  }

  void exportsDoNotDependOnTheThemeNorTouchTheScreen() {
    applyTheme(ThemeChoice::Light);
    Home home;
    LivePage& page = live(home);
    const auto exported = [&] {
      QList<QByteArray> all;
      for (Exportable* picture : page.exportables())
        for (const ExportFormat format : {ExportFormat::Svg, ExportFormat::Png, ExportFormat::Csv})
          all << exportBytes(*picture, format, {480, 360}, 1);
      return all;
    };
    const auto light = exported();
    home.choose(ThemeChoice::Dark);
    home.choose(ThemeChoice::Light);
    const QImage before = home.picture();
    for (int round = 0; round < 3; ++round) {
      home.choose(round % 2 == 0 ? ThemeChoice::Dark : ThemeChoice::Light);
      QCOMPARE(exported(), light);
    }
    QVERIFY(light.size() > 10);
    home.choose(ThemeChoice::Light);
    QCOMPARE(differentShare(home.picture(), before), 0.0);
  }
};

QTEST_MAIN(TestLooks)
#include "tst_looks.moc"
