// Help: of each plot, of each parameter, and the tour.

#include "compare/compare_page.h"
#include "experiments/figures.h"
#include "export/plot_export.h"
#include "figures/figure_page.h"
#include "help/plot_help.h"
#include "live/live_page.h"
#include "plots/panel.h"
#include "record_run.h"
#include "sweeps/sweep_page.h"
#include "tour/tour.h"
#include "window_driver.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QWhatsThis>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

QWidget* shownHelp() {
  for (auto* widget : QApplication::topLevelWidgets())
    if (widget->inherits("QWhatsThat") && widget->isVisible()) return widget;
  return nullptr;
}

/// What one control after another says of itself at F1.
struct ClosedHelp {
  ~ClosedHelp() { QWhatsThis::hideText(); }
};

std::vector<Exportable*> everyPlot(const MainWindow& window) {
  std::vector<Exportable*> all;
  const auto add = [&](const auto& some) { all.insert(all.end(), some.begin(), some.end()); };
  add(window.findChild<LivePage*>()->exportables());
  add(window.findChild<FigurePage*>()->exportables());
  add(window.findChild<ComparePage*>()->exportables());
  add(window.findChild<SweepPage*>()->exportables());
  return all;
}

}  // namespace

class TestHelp : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void noPlotLacksHelp() {
    FakeLaboratory lab;
    const auto directory = record(lab, quickConfig());
    WindowDriver driver(lab);
    QSignalSpy shown(&driver.window, &MainWindow::storedRunShown);
    driver.window.openStoredRun(directory);
    QTRY_COMPARE(shown.count(), 1);
    const auto plots = everyPlot(driver.window);
    QVERIFY(plots.size() >= 10);
    for (const auto* plot : plots) {
      const auto help = plotHelp(plot->exportName());
      for (const auto& part : {help.title, help.shows, help.equation, help.source})
        QVERIFY2(!part.isEmpty(), qPrintable(plot->exportName()));
    }
    for (const auto& figure : figures())
      QVERIFY(!plotHelp(QString::fromStdString(std::string(figure.name))).source.isEmpty());
    QVERIFY(plotHelp("mask-layer1").shows != plotHelp("masks").shows);
    QVERIFY(plotHelpText("no such plot").isEmpty());
  }

  void everyPanelWithAPlotOpensIt() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    int opened = 0;
    for (auto* exporting : driver.window.findChildren<QToolButton*>("export")) {
      const ClosedHelp close;
      const QString name = exporting->accessibleName().remove("Export ");
      auto* button = exporting->parentWidget()->findChild<QToolButton*>("help");
      QVERIFY2(button != nullptr, qPrintable(name));
      QCOMPARE(button->accessibleName(), "Help on " + name);
      button->click();
      QVERIFY2(shownHelp() != nullptr, qPrintable(name));
      ++opened;
    }
    QVERIFY(opened >= 8);
  }

  void f1OnAPlotIsItsHelp() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.window.chooseFigure({});
    const ClosedHelp close;
    auto* plot = dynamic_cast<QWidget*>(driver.window.findChild<LivePage*>()->exportables().front());
    QHelpEvent event(QEvent::WhatsThis, {5, 5}, plot->mapToGlobal(QPoint(5, 5)));
    QApplication::sendEvent(plot, &event);
    QVERIFY(event.isAccepted());
    QVERIFY(shownHelp() != nullptr);
  }

  void noParameterLacksHelp() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.window.chooseFigure({});
    for (const auto& parameter : parameters()) {
      auto* row = driver.window.form().row(std::string(parameter.key));
      const auto help = QString::fromStdString(std::string(parameter.help)).left(12);
      QVERIFY2(row->whatsThis().contains(QString::fromStdString(std::string(parameter.key))),
               parameter.key.data());
      QVERIFY2(row->toolTip().contains("<code>"), parameter.key.data());
      QVERIFY2(help.size() > 8, parameter.key.data());
      if (!row->isInUse()) continue;
      const ClosedHelp close;
      driver.window.form().reveal(std::string(parameter.key));
      QTest::keyClick(&driver.window, Qt::Key_F1);
      QVERIFY2(shownHelp() != nullptr, parameter.key.data());
    }
  }

  void f1WithoutFocusAsksWhat() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.button("start")->setFocus();
    driver.press(Qt::Key_F1);
    QVERIFY(QWhatsThis::inWhatsThisMode());
    QWhatsThis::leaveWhatsThisMode();
  }

  void theTourGoesForthAndBackAndEnds() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.window.welcome();
    auto* tour = driver.window.findChild<Tour*>();
    QVERIFY(tour != nullptr && tour->isVisible());
    auto* next = tour->findChild<QPushButton*>("tourNext");
    auto* back = tour->findChild<QPushButton*>("tourBack");
    QCOMPARE(driver.window.focusWidget(), static_cast<QWidget*>(next));
    QVERIFY(!back->isEnabled());
    const auto first = next->accessibleDescription();
    QVERIFY(first.size() > 20);
    QTest::mouseClick(next, Qt::LeftButton);
    QCOMPARE(tour->step(), size_t{1});
    QVERIFY(next->accessibleDescription() != first);
    QTest::mouseClick(back, Qt::LeftButton);
    QCOMPARE(tour->step(), size_t{0});
    QTest::keyClick(next, Qt::Key_Right);
    QCOMPARE(tour->step(), size_t{1});
    size_t steps = 2;
    for (; next->text() != "Done"; ++steps) {
      // The balloon stands in the window, and not over what it is about.
      QTest::mouseClick(next, Qt::LeftButton);
      QVERIFY(tour->rect().contains(next->parentWidget()->geometry()));
    }
    QVERIFY(steps >= 4 && steps <= 6);
    QTest::mouseClick(next, Qt::LeftButton);
    QVERIFY(tour->isHidden());
  }

  void tabStaysInTheBalloon() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.window.welcome();
    auto* tour = driver.window.findChild<Tour*>();
    QSet<QWidget*> met;
    for (int i = 0; i < 4; ++i) {
      QTest::keyClick(driver.window.focusWidget(), Qt::Key_Tab);
      met << driver.window.focusWidget();
    }
    QCOMPARE(met.size(), 2);  // Back leads nowhere yet
    for (auto* widget : met) QVERIFY(tour->isAncestorOf(widget));
  }

  void theTourIsShownOnceAndCanBeCalled() {
    FakeLaboratory lab;
    {
      WindowDriver driver(lab);
      driver.window.welcome();
      auto* tour = driver.window.findChild<Tour*>();
      QTest::keyClick(driver.window.focusWidget(), Qt::Key_Escape);
      QVERIFY(tour->isHidden());
      driver.window.close();
    }
    WindowDriver driver(lab);
    driver.window.welcome();
    QVERIFY(driver.window.findChild<Tour*>() == nullptr);
    driver.action("startTour")->trigger();
    QVERIFY(driver.window.findChild<Tour*>() != nullptr);
    driver.window.resize(900, 600);
    QTRY_COMPARE(driver.window.findChild<Tour*>()->geometry(), driver.window.rect());
  }

  void theLogIsOneClickAway() {
    FakeLaboratory lab;
    lab.loadData = [](const Config&) -> Result<std::shared_ptr<const Dataset>> {
      return Problem{"dataset", "it is nowhere"};
    };
    WindowDriver driver(lab);
    auto* log = driver.window.findChild<EventLog*>();
    auto* button = driver.window.findChild<QToolButton*>("logButton");
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(!log->isVisible());
    driver.prepare(quickConfig());
    driver.click("start");
    auto* banner = driver.window.findChild<QFrame*>("banner");
    QTRY_VERIFY(banner->isVisible());
    QTest::mouseClick(banner->findChild<QPushButton*>(), Qt::LeftButton);
    QVERIFY(log->isVisible());
    QVERIFY(driver.hasLogged("it is nowhere"));
  }
};

QTEST_MAIN(TestHelp)
#include "tst_help.moc"
