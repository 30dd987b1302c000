#include "window_style.h"

#include <utility>

namespace lab::ui {
namespace {

QString mixed(const QColor& colour, const QColor& ground, double share) {
  const auto mix = [share](int a, int b) { return static_cast<int>(share * a + (1 - share) * b); };
  return QColor(mix(colour.red(), ground.red()), mix(colour.green(), ground.green()),
                mix(colour.blue(), ground.blue()))
      .name();
}

constexpr auto kSheet = R"(
#controlBar { background: @panel; border-bottom: 1px solid @border; }
#leftPanel, #form, #figurePanel { background: @panel; }
#reproducibility QPlainTextEdit { background: @window; border-radius: 6px; padding: 4px; }
#leftPanel { border: none; }
QMainWindow::separator { background: transparent; width: 4px; height: 4px; }
QMainWindow#livePanels::separator { width: 8px; height: 8px; }
QMainWindow::separator:hover { background: @border; }
QTreeView, QTableView { background: @panel; border: none; }
QHeaderView::section { background: @panel; color: @muted; border: none; border-bottom: 1px solid @border;
  padding: 6px 8px; }
QHeaderView { background: @panel; }
QTableView { outline: 0; padding-left: 0; }
QTableView::item { padding: 0 8px; border: none; }
QTableView::item:hover { background: @hover; }
QTableView::item:selected { background: @selected; color: @text; }
QTreeView::item { padding: 3px 4px; border: none; }
QTreeView::item:selected { background: @selected; color: @text; }

QToolButton[role="control"], QToolButton[role="primary"] { border: 1px solid @border; border-radius: 6px;
  padding: 6px 12px; background: @panel; }
QToolButton[role="control"]:hover { background: @hover; }
QToolButton[role="control"]:pressed { background: @border; }
QToolButton[role="control"]:disabled { color: @faint; }
QToolButton[role="primary"] { background: @accent; color: @onAccent; border-color: @accent; font-weight: 600; }
QToolButton[role="primary"]:hover { background: @accentHover; }
QToolButton[role="primary"]:disabled { background: @hover; color: @faint; border-color: @border; }
QToolButton[role="control"]:focus, QToolButton[role="primary"]:focus { border: 1px solid @focus; }

QToolButton#sectionHeader { border: none; border-top: 1px solid @border; padding: 8px 0 4px 0; font-weight: 600;
  color: @text; background: transparent; }
QToolButton#sectionHeader:hover, QToolButton#sectionHeader:focus { color: @accent; }

QLineEdit[invalid="true"] { border: 1px solid @bad; border-radius: 2px; background: @badGround; padding: 2px; }
QLabel#problem { color: @bad; }
QLabel#note, QLabel#muted, QLabel#progressText, QLabel#engine, QLabel#engineLoad { color: @muted; }
QLabel#emptyState { color: @muted; }
QLabel#panelTitle { font-size: 13pt; font-weight: 600; }
QLabel#plan { background: @window; border-radius: 6px; padding: 10px 12px; }
QLabel#runTitle { font-weight: 600; }
#paletteLine { background: transparent; border: none; border-bottom: 1px solid @border; padding: 6px 14px 10px 14px;
  font-size: 12pt; }
QToolButton#logButton { border: none; background: transparent; color: @muted; padding: 8px 16px; }
QToolButton#logButton:checked { color: @text; }
QToolButton#logButton:hover, QToolButton#logButton:focus { color: @accent; }
#banner { background: @badGround; border: none; border-left: 4px solid @bad; }
#banner[offer="true"] { background: @selected; border-left: 4px solid @accent; }

QLabel#unit { color: @muted; background: transparent; }
QLabel#unit:disabled { color: @faint; }
QPushButton { border: 1px solid @border; border-radius: 6px; padding: 5px 14px; background: @panel; }
QPushButton:hover { background: @hover; }
QPushButton:focus { border-color: @focus; }
QPushButton:disabled { color: @faint; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 3px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QAbstractScrollArea::corner { background: transparent; border: none; }
QTreeView::indicator:unchecked, QCheckBox::indicator:unchecked { width: 12px; height: 12px; border-radius: 3px;
  border: 1px solid @faint; background: @panel; }

QProgressBar { border: none; border-radius: 3px; background: @border; }
QProgressBar::chunk { border-radius: 3px; background: @accent; }

QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: @muted; padding: 9px 16px 8px 16px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:hover { color: @text; }
QStatusBar { color: @muted; }
)";

}  // namespace

QString windowStyle(const Theme& t) {
  QString sheet = QString::fromUtf8(kSheet);
  const QColor faint = t.dark ? t.mutedText.darker(135) : t.mutedText.lighter(140);
  const std::pair<const char*, QString> colours[] = {// Longer names first: each is replaced wherever it stands.
                                                     {"@accentHover", mixed(t.accent, t.text, .85)},
                                                     {"@onAccent", t.onAccent.name()},
                                                     {"@badGround", mixed(t.bad, t.panel, .12)},
                                                     {"@selected", mixed(t.accent, t.panel, .18)},
                                                     {"@accent", t.accent.name()},
                                                     {"@border", t.border.name()},
                                                     {"@window", t.window.name()},
                                                     {"@panel", t.panel.name()},
                                                     {"@muted", t.mutedText.name()},
                                                     {"@hover", mixed(t.text, t.panel, .06)},
                                                     {"@faint", faint.name()},
                                                     {"@focus", t.accent.name()},
                                                     {"@text", t.text.name()},
                                                     {"@bad", t.bad.name()}};
  for (const auto& [name, value] : colours) sheet.replace(QLatin1String(name), value);
  return sheet;
}

}  // namespace lab::ui
