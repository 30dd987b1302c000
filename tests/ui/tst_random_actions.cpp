// Random actions on the window: nothing crashes, hangs, or leaves it in a state that contradicts itself.
// ITOPLAB_RANDOM_ACTIONS and ITOPLAB_RANDOM_SEED choose how many and which.

#include "window_driver.h"

#include "compare/compare_page.h"
#include "docks/dock.h"
#include "live/live_page.h"
#include "plots/plot.h"
#include "runs/runs_page.h"

#include <QApplication>
#include <QComboBox>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSlider>
#include <QTableView>
#include <QTimer>
#include <QTreeWidget>

#include <random>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

int fromEnvironment(const char* name, int otherwise) {
  bool given = false;
  const int value = qEnvironmentVariableIntValue(name, &given);
  return given ? value : otherwise;
}

class Monkey {
 public:
  Monkey(WindowDriver& driver, unsigned seed) : driver_(driver), random_(seed) {}

  /// Does one thing and says what.
  QString act() {
    switch (below(20)) {
      case 0:
        return press("start");
      case 1:
        return press("pause");
      case 2:
        return press("stop");
      case 3:
        return press("step");
      case 4:
        return press(below(2) ? "undo" : "redo");
      case 5:
        return turnDial();
      case 6:
        return type();
      case 7:
        return choose();
      case 8:
        return turnPage();
      case 9:
        return clickSomewhere();
      case 10:
        return openRun();
      case 11:
        return resumeRun();
      case 12:
        return filterRuns();
      case 13:
        return annotateRuns();
      case 14:
        return compareRuns();
      case 15:
        return search();
      case 16:
        return lookAround();
      case 17:
        return rearrange();
      case 18:
        return choosePlotAction();
      default:
        return dress();
    }
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  QString press(const char* name) {
    // Figures are long and have a suite of their own.
    if (driver_.window.run().busy() || !driver_.window.sweep().busy()) driver_.window.chooseFigure({});
    driver_.action(name)->trigger();
    return QLatin1String(name);
  }

  QString turnDial() {
    static constexpr const char* kKeys[] = {"update_interval", "batch_size", "prune_rate"};
    auto* slider = driver_.window.form().dial(kKeys[below(3)])->slider();
    if (slider->isEnabled()) slider->setValue(below(slider->maximum() + 1));
    return "dial";
  }

  QString type() {
    static const QStringList kTexts{
        "1", "3", "0.5", "1e9", "-4", "", "nan", "abc", "16,8", "99999999999999999999", "0.9"};
    const auto lines = driver_.window.form().findChildren<QLineEdit*>();
    auto* line = lines[below(static_cast<int>(lines.size()))];
    if (!line->isEnabled()) return "type nothing";
    line->selectAll();
    QTest::keyClick(line, Qt::Key_Delete);
    QTest::keyClicks(line, kTexts[below(static_cast<int>(kTexts.size()))]);
    return "type into " + line->accessibleName();
  }

  QString choose() {
    const auto combos = driver_.window.form().findChildren<QComboBox*>();
    auto* combo = combos[below(static_cast<int>(combos.size()))];
    if (!combo->isEnabled()) return "choose nothing";
    combo->setCurrentIndex(below(combo->count()));
    Q_EMIT combo->textActivated(combo->currentText());
    return "choose " + combo->currentText();
  }

  QString turnPage() {
    driver_.press(static_cast<Qt::Key>(Qt::Key_1 + below(4)), Qt::ControlModifier);
    return "page";
  }

  QString clickSomewhere() {
    const auto widgets = driver_.window.findChild<LivePage*>()->findChildren<QWidget*>();
    auto* widget = widgets[below(static_cast<int>(widgets.size()))];
    if (!widget->isVisible() || widget->width() < 2 || widget->height() < 2) return "click nothing";
    const QPoint place(below(widget->width()), below(widget->height()));
    QTest::mouseMove(widget, place);
    QTest::mouseClick(widget, Qt::LeftButton, {}, place);
    return QString("click ") + widget->metaObject()->className();
  }

  QString openRun() {
    auto* table = driver_.window.findChild<QTableView*>("runsTable");
    if (table->model()->rowCount() == 0) return "open nothing";
    table->selectRow(below(table->model()->rowCount()));
    Q_EMIT table->doubleClicked(table->currentIndex());
    return "open";
  }

  QTableView* runsTable() { return driver_.window.findChild<QTableView*>("runsTable"); }

  QString resumeRun() {
    const auto* page = driver_.window.findChild<RunsPage*>();
    if (page->runs().empty()) return "resume nothing";
    const auto which = static_cast<size_t>(below(static_cast<int>(page->runs().size())));
    driver_.window.resumeStoredRun(page->runs()[which].directory);
    return "resume";
  }

  QString filterRuns() {
    static const QStringList kFilters{"",          "method:set", "accuracy>0.5", "status:stopped",
                                      "nonsense:", "tag:a",      "archived:yes"};
    auto* filter = driver_.window.findChild<QLineEdit*>("runsFilter");
    filter->setText(kFilters[below(static_cast<int>(kFilters.size()))]);
    return "filter " + filter->text();
  }

  QString annotateRuns() {
    auto* page = driver_.window.findChild<RunsPage*>();
    runsTable()->selectAll();
    switch (below(5)) {
      case 0:
        page->addTag("a");
        return "tag";
      case 1:
        page->removeTag("a");
        return "no tag";
      case 2:
        page->archive(below(2));
        return "archive";
      case 3:
        page->undoStack().undo();
        return "undo of annotations";
      default:
        page->setColumns(below(2) ? QStringList{"seed", "status", "batch_size"} : QStringList());
        return "columns";
    }
  }

  QString compareRuns() {
    runsTable()->selectAll();
    driver_.press(Qt::Key_4, Qt::ControlModifier);
    auto* page = driver_.window.findChild<ComparePage*>();
    page->setJoinSeeds(below(2));
    auto* table = page->findChild<QTreeWidget*>("compareTable");
    if (table->topLevelItemCount() == 0) return "compare nothing";
    auto* item = table->topLevelItem(below(table->topLevelItemCount()));
    item->setCheckState(below(2), below(2) ? Qt::Checked : Qt::Unchecked);
    return "compare";
  }

  QString search() {
    driver_.press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    for (auto* line : driver_.window.findChildren<QLineEdit*>("paletteLine")) {
      if (!line->isVisible()) continue;
      QTest::keyClicks(line, QString(QChar('a' + below(26))) + QChar('a' + below(26)));
      QTest::keyClick(line, below(2) ? Qt::Key_Down : Qt::Key_PageDown);
      QTest::keyClick(line, Qt::Key_Escape);
    }
    return "search";
  }

  QString lookAround() {
    driver_.action("startTour")->trigger();
    for (int i = below(8); i > 0; --i)
      for (auto* next : driver_.window.findChildren<QPushButton*>("tourNext")) next->click();
    for (auto* skip : driver_.window.findChildren<QPushButton*>("tourSkip")) skip->click();
    return "tour";
  }

  QString rearrange() {
    const auto docks = driver_.window.findChildren<Dock*>();
    auto* dock = docks[below(static_cast<int>(docks.size()))];
    if (below(4) == 0)
      driver_.action("resetLayout")->trigger();
    else if (below(2))
      dock->toggleViewAction()->trigger();
    else
      dock->setFloating(!dock->isFloating());
    return "panel " + dock->objectName();
  }

  QString choosePlotAction() {
    const auto plots = driver_.window.findChildren<Plot*>();
    auto* plot = plots[below(static_cast<int>(plots.size()))];
    const auto menu = plot->contextMenu();
    auto actions = menu->actions();
    actions.removeIf([](QAction* action) { return !action->isCheckable(); });
    if (actions.isEmpty()) return "no choice";
    actions[below(static_cast<int>(actions.size()))]->trigger();
    return "plot " + plot->exportName();
  }

  QString dress() {
    applyTheme(below(2) ? ThemeChoice::Dark : ThemeChoice::Light);
    driver_.window.resize(700 + below(1000), 500 + below(600));
    return "theme and size";
  }

  WindowDriver& driver_;
  std::mt19937 random_;
};

/// Closes any question, so that no action waits for an answer.
void dismissQuestions() {
  while (auto* modal = QApplication::activeModalWidget()) modal->close();
  if (auto* popup = QApplication::activePopupWidget()) popup->close();
}

}  // namespace

class TestRandomActions : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void survives() {
    const int count = fromEnvironment("ITOPLAB_RANDOM_ACTIONS", 1000);
    const int seed = fromEnvironment("ITOPLAB_RANDOM_SEED", 1);
    FakeLaboratory lab(Pace::WithTheEventLoop);
    QTimer dismiss;
    connect(&dismiss, &QTimer::timeout, &dismissQuestions);
    dismiss.start(20);
    {
      WindowDriver driver(lab);
      driver.prepare(endlessConfig());
      Monkey monkey(driver, static_cast<unsigned>(seed));
      for (int i = 0; i < count; ++i) {
        const auto what = monkey.act();
        QCoreApplication::processEvents();
        const bool busy = driver.window.run().busy();
        const auto context = QString("seed %1, action %2: %3").arg(seed).arg(i).arg(what);
        QVERIFY2(!(busy && driver.action("start")->isEnabled()), qPrintable(context));
        QVERIFY2(busy || !driver.action("pause")->isEnabled(), qPrintable(context));
        QVERIFY2(driver.window.form().problems().empty() || !driver.action("start")->isEnabled(),
                 qPrintable(context));
      }
      driver.window.stop();
      QTRY_VERIFY(!driver.window.run().busy());
    }
    for (const auto& run : listRuns(lab.home)) QVERIFY(run.status != StoredStatus::Crashed);
  }
};

QTEST_MAIN(TestRandomActions)
#include "tst_random_actions.moc"
