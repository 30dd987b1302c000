#include "theme.h"

#include "desktop_scheme.h"

#include <QApplication>
#include <QPalette>
#include <QPointer>
#include <QToolTip>

namespace lab::ui {

namespace {

const Theme* current = nullptr;

QPalette paletteOf(const Theme& t) {
  QPalette p;
  p.setColor(QPalette::Window, t.window);
  p.setColor(QPalette::WindowText, t.text);
  p.setColor(QPalette::Base, t.panel);
  p.setColor(QPalette::AlternateBase, t.dark ? t.panel.lighter(108) : t.window);
  p.setColor(QPalette::Text, t.text);
  p.setColor(QPalette::PlaceholderText, t.mutedText);
  p.setColor(QPalette::Button, t.dark ? t.panel.lighter(125) : t.panel);
  p.setColor(QPalette::ButtonText, t.text);
  p.setColor(QPalette::BrightText, t.bad);
  p.setColor(QPalette::Highlight, t.accent);
  p.setColor(QPalette::HighlightedText, t.onAccent);
  p.setColor(QPalette::Link, t.accent);
  p.setColor(QPalette::LinkVisited, t.accent);
  p.setColor(QPalette::ToolTipBase, t.dark ? t.panel.lighter(130) : t.panel);
  p.setColor(QPalette::ToolTipText, t.text);
  p.setColor(QPalette::Light, t.dark ? t.panel.lighter(140) : Qt::white);
  p.setColor(QPalette::Midlight, t.border);
  p.setColor(QPalette::Mid, t.border.darker(t.dark ? 80 : 115));
  p.setColor(QPalette::Dark, t.border.darker(t.dark ? 120 : 130));
  p.setColor(QPalette::Shadow, t.dark ? QColor(0, 0, 0) : t.mutedText);
  const QColor faint = t.dark ? t.mutedText.darker(135) : t.mutedText.lighter(140);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
    p.setColor(QPalette::Disabled, role, faint);
  p.setColor(QPalette::Disabled, QPalette::Highlight, t.border);
  return p;
}

QString sheetOf(const Theme& t) {
  return QStringLiteral(
             "QToolTip { color: %1; background: %2; border: 1px solid %3; padding: 4px 6px; }"
             "QSplitter::handle { background: transparent; }")
      .arg(t.text.name(), (t.dark ? t.panel.lighter(130) : t.panel).name(), t.border.name());
}

void use(const Theme& next) {
  if (current == &next) return;
  current = &next;
  QApplication::setPalette(paletteOf(next));
  QToolTip::setPalette(paletteOf(next));
  qApp->setStyleSheet(sheetOf(next));
  Q_EMIT ThemeNotifier::instance().changed();
}

/// Follows the portal; asks the palette that the desktop gave where the portal is silent.
class SystemTheme : public QObject {
 public:
  /// Looks at the desktop's palette before ours takes its place.
  SystemTheme()
      : QObject(qApp), paletteIsDark_(QApplication::palette().color(QPalette::Window).lightness() < 128) {
    QApplication::setStyle(QStringLiteral("fusion"));
    connect(&scheme_, &DesktopScheme::changed, this, [this] { apply(); });
  }
  void follow(bool on) {
    following_ = on;
    apply();
  }

 private:
  void apply() {
    if (following_) use(scheme_.prefersDark().value_or(paletteIsDark_) ? darkTheme() : lightTheme());
  }
  DesktopScheme scheme_;
  bool paletteIsDark_, following_ = false;
};

SystemTheme& systemTheme() {
  static QPointer<SystemTheme> instance;
  if (!instance) instance = new SystemTheme;
  return *instance;
}

}  // namespace

const Theme& lightTheme() {
  static const Theme light{false,
                           0xf3f4f6u,
                           0xffffffu,
                           0xdcdfe4u,
                           0x1b1f24u,
                           0x646c78u,
                           0xe9ebeeu,
                           0x1f5fbfu,
                           0xffffffu,
                           0x17794au,
                           0xc0304au,
                           0x8f6000u,
                           {0x0072b2u, 0xd55e00u, 0x009e73u, 0xb0508cu, 0xc48a00u, 0x3c9bd6u, 0x4a4f57u}};
  return light;
}

const Theme& darkTheme() {
  static const Theme dark{true,
                          0x15171bu,
                          0x1d2025u,
                          0x31363eu,
                          0xe3e6eau,
                          0x98a0acu,
                          0x2a2e35u,
                          0x5b9bf5u,
                          0x0b1626u,
                          0x4cc38au,
                          0xff7085u,
                          0xe3b341u,
                          {0x56b4e9u, 0xf0803cu, 0x2fc79au, 0xd98bc0u, 0xf0b429u, 0x9aa8ffu, 0xb9bfc9u}};
  return dark;
}

const Theme& theme() { return current ? *current : lightTheme(); }

void applyTheme(ThemeChoice choice) {
  SystemTheme& system = systemTheme();
  system.follow(choice == ThemeChoice::System);
  if (choice != ThemeChoice::System) use(choice == ThemeChoice::Dark ? darkTheme() : lightTheme());
}

ThemeNotifier& ThemeNotifier::instance() {
  static ThemeNotifier notifier;
  return notifier;
}

}  // namespace lab::ui
