#pragma once
// Colours and style of the whole window, light and dark. Exports are always drawn with lightTheme().

#include <QColor>
#include <QList>
#include <QObject>

namespace lab::ui {

struct Theme {
  bool dark = false;
  QColor window;  ///< behind panels
  QColor panel;   ///< behind plots, tables and text
  QColor border;  ///< hairlines between panels
  QColor text;
  QColor mutedText;  ///< units, captions, tick labels
  QColor grid;
  QColor accent, onAccent;  ///< primary button and selection; text on it
  QColor good, bad, warning;
  QList<QColor>
      series;  ///< distinguishable with colour-blind eyes (after Okabe and Ito), tuned to the panel colour
};

enum class ThemeChoice { System, Light, Dark };

const Theme& lightTheme();
const Theme& darkTheme();

/// The theme in force.
const Theme& theme();

/// Sets palette, style and style sheet of the application. System: follows the desktop's colour scheme (the portal
/// over D-Bus where there is one, else the palette that the desktop gave), also when it changes later.
void applyTheme(ThemeChoice choice);

/// Tells widgets that draw themselves when theme() has changed.
class ThemeNotifier : public QObject {
  Q_OBJECT
 public:
  static ThemeNotifier& instance();

 Q_SIGNALS:
  void changed();

 private:
  ThemeNotifier() = default;
};

}  // namespace lab::ui
