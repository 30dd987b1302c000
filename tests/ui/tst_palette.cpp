// The command palette: it finds, by the keyboard alone, all that the window can do.

#include "experiments/figures.h"
#include "palette/command_palette.h"
#include "palette/entry_delegate.h"
#include "record_run.h"
#include "runs/runs_page.h"
#include "window_driver.h"

#include <QComboBox>
#include <QListWidget>
#include <QMenuBar>
#include <QSignalSpy>
#include <QTableView>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

PaletteEntry entry(const char* text, const char* also = "") { return {"View", text, {}, also, true, {}}; }

/// Opened as people open it.
CommandPalette* opened(WindowDriver& driver) {
  driver.press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  for (auto* palette : driver.window.findChildren<CommandPalette*>())
    if (palette->isVisible()) return palette;
  return nullptr;
}

QStringList texts(const CommandPalette& palette) {
  QStringList found;
  for (int i = 0; i < palette.list()->count(); ++i) found << palette.list()->item(i)->text();
  return found;
}

void run(WindowDriver& driver, const QString& query) {
  auto* palette = opened(driver);
  QVERIFY(palette != nullptr);
  QTest::keyClicks(palette->line(), query);
  QTest::keyClick(palette->line(), Qt::Key_Return);
  QVERIFY(palette->isHidden());
}

void collectActions(const QMenu& menu, QStringList& names) {
  for (const QAction* action : menu.actions())
    if (action->menu() != nullptr)
      collectActions(*action->menu(), names);
    else if (!action->isSeparator() && action->objectName() != "palette")
      names << action->text().remove('&');
}

}  // namespace

class TestPalette : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theBestFitIsFirst() {
    QCOMPARE(fitOf("", entry("Export…")), 0);
    QVERIFY(fitOf("export", entry("Export…")) > fitOf("export", entry("Re-export")));
    QVERIFY(fitOf("port", entry("A port")) > fitOf("port", entry("Export…")));
    QVERIFY(fitOf("exprt", entry("Export…")) > 0);
    QVERIFY(fitOf("exprt", entry("Export…")) < fitOf("port", entry("Export…")));
    QVERIFY(fitOf("rate", entry("Accuracy against training time")) < 0);
    QVERIFY(fitOf("tropxe", entry("Export…")) < 0);
    QVERIFY(fitOf("view exp", entry("Export…")) > 0);
    QVERIFY(fitOf("view exq", entry("Export…")) < 0);
    QVERIFY(fitOf("prune_rate", entry("Prune rate ζ₀", "prune_rate")) > 0);
    QVERIFY(fitOf("view", entry("View of it")) > fitOf("view", entry("Export…")));  // not the group alone
  }

  void theSelectedRunsActionsAreThereToo() {
    FakeLaboratory lab;
    record(lab, quickConfig());
    WindowDriver driver(lab);
    auto* page = driver.window.findChild<RunsPage*>();
    QTRY_COMPARE(page->runs().size(), size_t{1});
    auto* palette = opened(driver);
    QVERIFY(!texts(*palette).contains("Archive"));
    QTest::keyClick(palette->line(), Qt::Key_Escape);
    driver.press(Qt::Key_3, Qt::ControlModifier);
    page->table()->selectRow(0);
    run(driver, "selected archive");
    QVERIFY(page->runs().front().annotations.archived);
  }

  void aHiddenFormComesBackForAParameter() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.action("parameters")->trigger();
    QVERIFY(!driver.window.form().isVisible());
    run(driver, "batch_size");
    QVERIFY(driver.window.form().isVisible());
  }

  void offersEverything() {
    FakeLaboratory lab;
    record(lab, quickConfig());
    WindowDriver driver(lab);
    QTRY_COMPARE(driver.window.findChild<RunsPage*>()->runs().size(), size_t{1});
    const auto* palette = opened(driver);
    QVERIFY(palette != nullptr);
    const auto offered = texts(*palette);
    QStringList wanted{"Single run"};
    for (const QAction* top : driver.window.findChild<QMenuBar*>()->actions()) collectActions(*top->menu(), wanted);
    QVERIFY(wanted.size() > 20);
    QVERIFY(wanted.contains("Dark") && wanted.contains("Compare"));
    for (const auto& figure : figures()) wanted << QString::fromStdString(std::string(figure.title));
    for (const auto& parameter : parameters()) wanted << QString::fromStdString(std::string(parameter.label));
    for (const auto& text : wanted) QVERIFY2(offered.contains(text), qPrintable(text));
    QCOMPARE(palette->list()->item(palette->list()->count() - 1)->data(EntryDelegate::Group).toString(), "Run");
    const auto start = palette->list()->findItems("Start", Qt::MatchExactly).first();
    QCOMPARE(start->data(EntryDelegate::Note).toString(), QString("Ctrl+Return"));
  }

  void doesWhatIsChosen() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    run(driver, "view sweeps");
    QCOMPARE(driver.page(), int(MainWindow::Sweeps));
    run(driver, "figure6");
    QCOMPARE(driver.window.findChild<QComboBox*>("experiment")->currentData().toString(), QString("figure6"));
    run(driver, "single run");
    QVERIFY(driver.window.findChild<QComboBox*>("experiment")->currentData().toString().isEmpty());
  }

  void aParameterGetsTheFocus() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    auto& form = driver.window.form();
    form.restoreSections(QByteArray("00000"));
    run(driver, "weight_decay");
    auto* field = form.row("weight_decay")->field();
    QVERIFY(field->isVisible());
    QCOMPARE(driver.window.focusWidget(), field->focusProxy());
    QTRY_VERIFY(!field->visibleRegion().isEmpty());
  }

  void theNewestRunsOpen() {
    FakeLaboratory lab;
    const auto directory = record(lab, quickConfig());
    WindowDriver driver(lab);
    QTRY_COMPARE(driver.window.findChild<RunsPage*>()->runs().size(), size_t{1});
    QSignalSpy shown(&driver.window, &MainWindow::storedRunShown);
    run(driver, "run mlp set");
    QTRY_COMPARE(shown.count(), 1);
    QCOMPARE(shown.first().at(0).toString().toStdString(), directory.filename().string());
  }

  void arrowsChooseAndWhatIsImpossibleIsLeftOut() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    auto* palette = opened(driver);
    const auto* stop = palette->list()->findItems("Stop", Qt::MatchExactly).first();
    QCOMPARE(stop->flags(), Qt::ItemFlags(Qt::NoItemFlags));
    QTest::keyClicks(palette->line(), "view");
    const int first = palette->list()->currentRow();
    QTest::keyClick(palette->line(), Qt::Key_Down);
    QVERIFY(palette->list()->currentRow() > first);
    QVERIFY(palette->line()->accessibleDescription().contains(palette->list()->currentItem()->text()));
    QTest::keyClick(palette->line(), Qt::Key_Up);
    QCOMPARE(palette->list()->currentRow(), first);
    QTest::keyClicks(palette->line(), " nothing is called so");
    QCOMPARE(palette->list()->count(), 0);
    QTest::keyClick(palette->line(), Qt::Key_Return);
    QVERIFY(palette->isVisible());
  }

  void escapeGivesTheFocusBack() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.window.chooseFigure({});
    auto* field = driver.window.form().row("seed")->field()->focusProxy();
    field->setFocus();
    auto* palette = opened(driver);
    QCOMPARE(driver.window.focusWidget(), static_cast<QWidget*>(palette->line()));
    QTest::keyClick(palette->line(), Qt::Key_Escape);
    QVERIFY(palette->isHidden());
    QCOMPARE(driver.window.focusWidget(), field);
  }
};

QTEST_MAIN(TestPalette)
#include "tst_palette.moc"
