// Both themes are readable, and changing them tells everybody, once.

#include "plots/colour_maps.h"
#include "theme.h"

#include <QApplication>
#include <QPalette>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace lab::ui;

namespace {

double luminance(const QColor& colour) {
  const auto linear = [](double c) { return c <= .04045 ? c / 12.92 : std::pow((c + .055) / 1.055, 2.4); };
  return .2126 * linear(colour.redF()) + .7152 * linear(colour.greenF()) + .0722 * linear(colour.blueF());
}

/// Contrast ratio of WCAG 2: 4.5 for text, 3 for graphics.
double contrast(const QColor& a, const QColor& b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + .05) / (std::min(la, lb) + .05);
}

}  // namespace

class TestTheme : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void isReadable() {
    for (const Theme* t : {&lightTheme(), &darkTheme()}) {
      for (const QColor& words : {t->text, t->mutedText, t->good, t->bad, t->warning, t->accent})
        for (const QColor& ground : {t->panel, t->window})
          QVERIFY2(contrast(words, ground) >= 4.5, qPrintable(words.name() + u' ' + ground.name()));
      QVERIFY(contrast(t->onAccent, t->accent) >= 4.5);
      for (const QColor& line : t->series) QVERIFY2(contrast(line, t->panel) >= 2.9, qPrintable(line.name()));
    }
  }

  void colourScalesGoOneWay() {
    for (const bool dark : {false, true}) {
      for (const ColourTable* table : {&timeColours(dark), &densityColours(dark)})
        for (size_t i = 8; i < table->size(); i += 8) {
          const double step = luminance(QColor((*table)[i])) - luminance(QColor((*table)[i - 8]));
          const double whole = luminance(QColor(table->back())) - luminance(QColor(table->front()));
          QVERIFY2(step * whole > 0, qPrintable(QString::number(i)));
        }
    }
    QCOMPARE(colourAt(densityColours(false), -1), QColor(densityColours(false).front()));
    QCOMPARE(colourAt(densityColours(false), std::nan("")), QColor(densityColours(false).front()));
  }

  void tellsOfAChangeOnce() {
    applyTheme(ThemeChoice::Light);
    QSignalSpy changed(&ThemeNotifier::instance(), &ThemeNotifier::changed);
    applyTheme(ThemeChoice::Dark);
    QVERIFY(theme().dark);
    QCOMPARE(QApplication::palette().color(QPalette::Window), darkTheme().window);
    QCOMPARE(changed.count(), 1);
    applyTheme(ThemeChoice::Dark);
    QCOMPARE(changed.count(), 1);
  }

  void withoutADesktopItIsLight() {
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    applyTheme(ThemeChoice::System);
    QVERIFY(!theme().dark);
  }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
