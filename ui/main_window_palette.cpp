// What the command palette offers: every action of the menus, figures, parameters, the newest runs.

#include "control_bar.h"
#include "docks/dock.h"
#include "experiments/figures.h"
#include "main_window.h"
#include "palette/command_palette.h"
#include "parameters/parameter_form.h"
#include "parameters/value_field.h"
#include "runs/runs_page.h"
#include "wording.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>
#include <QPointer>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QToolTip>

#include <algorithm>

namespace lab::ui {
namespace {

constexpr size_t kNewestRuns = 20;

QString plain(QString text) { return text.remove(u'&'); }

PaletteEntry entryOf(QAction* action, const QString& group) {
  return {group,
          plain(action->text()),
          action->shortcut().toString(QKeySequence::NativeText),
          {},
          action->isEnabled(),
          [found = QPointer(action)] {
            if (found != nullptr) found->trigger();
          }};
}

void collect(const QMenu& menu, const QString& group, const QAction* palette, std::vector<PaletteEntry>& entries) {
  for (QAction* action : menu.actions()) {
    if (action->isSeparator() || !action->isVisible() || action == palette) continue;
    if (const auto* below = action->menu())
      collect(*below, plain(action->text()), palette, entries);
    else
      entries.push_back(entryOf(action, group));
  }
}

void collectActions(const QWidget& widget, const QString& group, std::vector<PaletteEntry>& entries) {
  for (QAction* action : widget.actions()) entries.push_back(entryOf(action, group));
}

}  // namespace

void MainWindow::openPalette() {
  for (const auto* open : findChildren<CommandPalette*>())
    if (open->isVisible()) return;
  new CommandPalette(paletteEntries(), this);
}

std::vector<PaletteEntry> MainWindow::paletteEntries() {
  std::vector<PaletteEntry> entries;
  for (const QAction* top : menus_->actions())
    if (top->menu() != nullptr) collect(*top->menu(), plain(top->text()), actions_.palette, entries);
  if (pages_->currentIndex() == Runs) collectActions(*runs_->table(), tr("Selected run"), entries);
  for (const auto& figure : figures())
    entries.push_back(
        {tr("Figure"), toQt(figure.title), {}, toQt(figure.name), !busy(), [this, name = toQt(figure.name)] {
           chooseFigure(name);
         }});
  entries.push_back({tr("Figure"), tr("Single run"), {}, {}, !busy(), [this] { chooseFigure({}); }});
  const bool formHidden = figureChosen() && busy();
  for (const auto& parameter : parameters())
    entries.push_back({tr("Parameter"), toQt(parameter.label),
                       form_->row(std::string(parameter.key))->field()->text(), toQt(parameter.key), !formHidden,
                       [this, key = std::string(parameter.key)] { focusParameter(key); }});
  const auto& runs = runs_->runs();
  for (size_t i = 0; i < std::min(runs.size(), kNewestRuns); ++i)
    entries.push_back({tr("Run"),
                       runTitle(runs[i].config),
                       QString::fromStdString(runs[i].id),
                       {},
                       !run_.busy(),
                       [this, directory = runs[i].directory] { openStoredRun(directory); }});
  return entries;
}

void MainWindow::focusParameter(const std::string& key) {
  chooseFigure({});
  parametersDock_->show();
  parametersDock_->raise();
  form_->reveal(key);
  const auto* row = form_->row(key);
  // What has no effect cannot be edited, but says why.
  if (!row->isInUse()) QToolTip::showText(row->mapToGlobal(QPoint(0, row->height())), row->toolTip());
}

}  // namespace lab::ui
