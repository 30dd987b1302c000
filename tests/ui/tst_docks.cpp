// Panels that are moved, floated and hidden, and what is remembered of it: whole, torn, or of another version.

#include "docks/dock.h"
#include "docks/sealed_layout.h"
#include "live/live_page.h"
#include "plots/panel.h"
#include "window_driver.h"

#include <QMenu>
#include <QSettings>

#include <random>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;

namespace {

using Places = QMap<QString, QString>;

Dock* dock(const WindowDriver& driver, const char* name) {
  return driver.window.findChild<Dock*>(QLatin1String(name));
}

QMainWindow* areaOf(const WindowDriver& driver) {
  return driver.window.findChild<QMainWindow*>(QStringLiteral("livePanels"));
}

/// Where every panel is, to the pixel.
Places places(const WindowDriver& driver) {
  QCoreApplication::processEvents();
  Places all;
  for (const Dock* dock : driver.window.findChildren<Dock*>()) {
    const QRect r = dock->geometry();
    all[dock->objectName()] =
        QString("%1 %2 %3 %4x%5")
            .arg(dock->isHidden() ? "hidden" : "shown", dock->isFloating() ? "floating" : "docked")
            .arg(QString("%1,%2").arg(r.x()).arg(r.y()))
            .arg(r.width())
            .arg(r.height());
    if (dock->isHidden()) all[dock->objectName()] = "hidden";
  }
  return all;
}

/// With the Live page in front, where the panels are laid out.
struct Panels : WindowDriver {
  explicit Panels(FakeLaboratory& laboratory) : WindowDriver(laboratory) { press(Qt::Key_1, Qt::ControlModifier); }
};

QAction* menuEntry(Dock* dock, const QString& text) {
  for (auto* action : dock->titleBarWidget()->findChild<QToolButton*>("panelMenu")->menu()->actions())
    if (action->text() == text) return action;
  return nullptr;
}

void rearrange(Panels& driver) {
  areaOf(driver)->addDockWidget(Qt::RightDockWidgetArea, dock(driver, "layerDock"));
  areaOf(driver)->addDockWidget(Qt::TopDockWidgetArea, dock(driver, "explorationDock"));
  driver.window.addDockWidget(Qt::RightDockWidgetArea, dock(driver, "parametersDock"));
  dock(driver, "logDock")->toggleViewAction()->trigger();
  dock(driver, "rsDock")->setFloating(true);
  dock(driver, "rsDock")->resize(333, 277);
}

QString layoutFile(const FakeLaboratory& lab) { return QString::fromStdString(lab.settingsFile.string()); }

QByteArray readSession(const FakeLaboratory& lab) {
  QFile file(layoutFile(lab));
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeSession(const FakeLaboratory& lab, const QByteArray& bytes) {
  QFile file(layoutFile(lab));
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write(bytes);
}

/// As a window without any memory has them.
Places usualPlaces() {
  FakeLaboratory lab;
  return places(Panels(lab));
}

}  // namespace

class TestDocks : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void oneMenuHasATogglePerPanel() {
    FakeLaboratory lab;
    Panels driver(lab);
    const auto* menu = driver.window.findChild<QMenu*>("panels");
    QCOMPARE(driver.window.findChildren<Dock*>().size(), 8);
    for (auto* panel : driver.window.findChildren<Dock*>()) {
      auto* toggle = panel->toggleViewAction();
      QVERIFY2(menu->actions().contains(toggle), qPrintable(panel->objectName()));
      QVERIFY(!toggle->text().isEmpty());
      const bool shown = panel->isVisible();
      toggle->trigger();
      QCOMPARE(panel->isVisible(), !shown);
      toggle->trigger();
      QCOMPARE(panel->isVisible(), shown);
    }
    driver.press(Qt::Key_3, Qt::ControlModifier);
    dock(driver, "maskDock")->toggleViewAction()->trigger();  // what it does is to be seen
    QCOMPARE(driver.page(), int(MainWindow::Live));
    driver.press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(!dock(driver, "logDock")->isVisible());
  }

  void floatsByItsTitleAndItsMenu() {
    FakeLaboratory lab;
    Panels driver(lab);
    const Places before = places(driver);
    for (auto* panel : driver.window.findChildren<Dock*>()) {
      if (panel->isHidden()) continue;
      QTest::mouseDClick(panel->titleBarWidget(), Qt::LeftButton, {}, {panel->titleBarWidget()->width() / 2, 3});
      QVERIFY2(panel->isFloating(), qPrintable(panel->objectName()));
      QVERIFY(menuEntry(panel, "Float") == nullptr);
      menuEntry(panel, "Put back into the window")->trigger();
      QVERIFY(!panel->isFloating());
      menuEntry(panel, "Hide")->trigger();
      QVERIFY(panel->isHidden());
      panel->toggleViewAction()->trigger();
    }
    QCOMPARE(places(driver), before);
  }

  void aFloatingPanelGoesOnShowingTheRun() {
    FakeLaboratory lab;
    Panels driver(lab);
    dock(driver, "timeDock")->setFloating(true);
    driver.prepare(quickConfig());
    driver.click("start");
    QTRY_VERIFY(driver.hasLogged("Done"));
    QTRY_VERIFY(!qobject_cast<Panel*>(dock(driver, "timeDock")->widget())->isEmpty());
    QVERIFY(dock(driver, "timeDock")->isFloating());
    QCOMPARE(driver.window.findChild<LivePage*>()->exportables().size(), size_t{10});
  }

  void floatingMasksTakeNoRoomFromThePage() {
    FakeLaboratory lab;
    Panels driver(lab);
    driver.prepare(quickConfig());
    driver.click("start");
    QTRY_VERIFY(driver.hasLogged("Done"));
    auto* masks = dock(driver, "maskDock");
    auto* enlarge = masks->findChild<QToolButton*>("enlargeMasks");
    masks->setFloating(true);
    QVERIFY(!enlarge->isVisible());
    masks->setFloating(false);
    enlarge->click();
    QVERIFY(dock(driver, "rsDock")->isHidden());
    masks->setFloating(true);
    enlarge->click();  // there is still room to give back
    QVERIFY(!dock(driver, "rsDock")->isHidden());
  }

  void theLayoutIsRememberedAndReset() {
    FakeLaboratory lab;
    Places usual, moved;
    {
      Panels driver(lab);
      usual = places(driver);
      rearrange(driver);
      moved = places(driver);
      QVERIFY(moved != usual);
      QVERIFY(driver.window.close());
    }
    Panels driver(lab);
    QCOMPARE(places(driver), moved);
    driver.window.findChild<QAction*>("resetLayout")->trigger();
    QCOMPARE(places(driver), usual);
  }

  void aLayoutThatIsNotWholeIsLeftOut_data() {
    QTest::addColumn<QString>("damage");
    for (const char* damage :
         {"torn in the middle", "cut short", "empty", "random bytes", "one bit", "another version"})
      QTest::newRow(damage) << damage;
  }

  void aLayoutThatIsNotWholeIsLeftOut() {
    QFETCH(const QString, damage);
    FakeLaboratory lab;
    {
      Panels driver(lab);
      rearrange(driver);
      driver.window.close();
    }
    QSettings settings(layoutFile(lab), QSettings::IniFormat);
    std::mt19937 random(7);
    for (const QString key : {"layout", "live"}) {
      QByteArray bytes = settings.value(key).toByteArray();
      QVERIFY(bytes.size() > 100);
      if (damage == "torn in the middle") bytes.remove(bytes.size() / 2, 10);
      if (damage == "cut short") bytes.chop(40);
      if (damage == "empty") bytes.clear();
      if (damage == "one bit") bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
      if (damage == "another version") bytes = sealed(bytes.mid(32), 2);
      if (damage == "random bytes")
        for (char& c : bytes) c = static_cast<char>(random());
      settings.setValue(key, bytes);
    }
    settings.sync();
    QCOMPARE(places(Panels(lab)), usualPlaces());
  }

  void aSessionFileThatIsNotWholeIsLeftOut() {
    FakeLaboratory lab;
    {
      Panels driver(lab);
      rearrange(driver);
      driver.window.close();
    }
    const QByteArray whole = readSession(lab);
    const Places usual = usualPlaces();
    std::mt19937 random(11);
    for (int trial = 0; trial < 6; ++trial) {
      QByteArray bytes = whole.left(static_cast<qsizetype>(random() % static_cast<unsigned>(whole.size() / 2)));
      if (trial % 3 == 1)
        for (char& c : bytes) c = static_cast<char>(random());
      if (trial % 3 == 2) bytes = whole.mid(whole.size() / 3).replace("layout", "lay\xff\n\0[");
      writeSession(lab, bytes);
      Panels driver(lab);
      const Places found = places(driver);
      // A cut may leave one of both layouts whole; what is not whole is as it is usually.
      for (const auto& [name, place] : usual.asKeyValueRange()) QVERIFY2(found.contains(name), qPrintable(name));
      if (trial % 3 == 1) QCOMPARE(found, usual);
      QVERIFY(driver.action("start")->isEnabled());
    }
  }

  void sealsTellWhatIsWhole() {
    const QByteArray layout("anything");
    QCOMPARE(unsealed(sealed(layout, 3), 3), layout);
    QCOMPARE(unsealed(sealed({}, 3), 3), QByteArray());
    QVERIFY(!unsealed(sealed(layout, 3), 4));
    QVERIFY(!unsealed(sealed(layout, 3).chopped(1), 3));
    QVERIFY(!unsealed(sealed(layout, 3) + 'x', 3));
    QVERIFY(!unsealed(layout, 3));
  }
};

QTEST_MAIN(TestDocks)
#include "tst_docks.moc"
