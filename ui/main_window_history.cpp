// Undo and redo in the window: of settings, and on the Runs page of what was said about runs.

#include "control_bar.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "parameters/value_field.h"
#include "runs/runs_page.h"
#include "sweeps/sweep_page.h"

#include <QAction>
#include <QTabWidget>

#include <algorithm>
#include <utility>

namespace lab::ui {
namespace {

/// Keys typed into one axis are one step.
QString stepOf(const QStringList& before, const QStringList& after) {
  if (before.size() != after.size()) return {};
  return QStringLiteral("axis %1").arg(std::ranges::mismatch(before, after).in1 - before.begin());
}

}  // namespace

void MainWindow::connectHistory() {
  using State = SettingsHistory::State;
  connect(&history_, &SettingsHistory::changed, this, &MainWindow::updateActions);
  connect(figurePanel_, &FigurePanel::choiceEdited, this,
          [this](const FigureChoice& before, const FigureChoice& after) {
            const auto show = [this, figure = bar_->experiment()](const FigureChoice& choice) {
              bar_->setExperiment(figure);
              figurePanel_->setChoice(choice);
            };
            const QString what = before.scale != after.scale   ? tr("change of the scale")
                                 : before.seeds != after.seeds ? tr("change of the seeds")
                                                               : tr("change of the dense reference");
            history_.add(
                what, [show, before] { show(before); }, [show, after] { show(after); }, State::Done, what);
            saveSessionSoon();
          });
  connect(sweeps_, &SweepPage::axesEdited, this, [this](const QStringList& before, const QStringList& after) {
    const auto show = [this](const QStringList& axes) { sweeps_->setAxesText(axes); };
    history_.add(
        tr("change of the sweep"), [show, before] { show(before); }, [show, after] { show(after); }, State::Done,
        stepOf(before, after));
    saveSessionSoon();
  });
}

void MainWindow::experimentChosen(const QString& figure) {
  if (const QString before = std::exchange(experiment_, figure); before != figure) {
    const auto* preset = findFigure(figure.toStdString());
    const auto goBack = [this, before, choice = figurePanel_->choice()] {
      bar_->setExperiment(before);
      if (figureChosen()) figurePanel_->setChoice(choice);
    };
    history_.add(
        tr("choice of %1").arg(preset != nullptr ? toQt(preset->name) : tr("a single run")), goBack,
        [this, figure] { bar_->setExperiment(figure); }, SettingsHistory::State::Done);
  }
  showExperiment(figure);
}

void MainWindow::changeTheme(ThemeChoice choice) {
  if (choice == themeChoice_) return;
  history_.add(
      tr("change of the theme"), [this, before = themeChoice_] { chooseTheme(before); },
      [this, choice] { chooseTheme(choice); }, SettingsHistory::State::ToBeDone);
  saveSessionSoon();
}

void MainWindow::undo() { pages_->currentIndex() == Runs ? runs_->undoStack().undo() : history_.undo(); }

void MainWindow::redo() { pages_->currentIndex() == Runs ? runs_->undoStack().redo() : history_.redo(); }

void MainWindow::updateHistoryActions() {
  const bool onRuns = pages_->currentIndex() == Runs;  // tags and notes are undone there
  const auto& runs = runs_->undoStack();
  const auto offer = [](QAction* action, bool possible, const QString& alone, const QString& text,
                        const QString& what) {
    action->setEnabled(possible);
    action->setText(possible ? text.arg(what) : alone);
  };
  offer(actions_.undo, onRuns ? runs.canUndo() : history_.canUndo(), tr("Undo"), tr("Undo %1"),
        onRuns ? runs.undoText() : history_.undoText());
  offer(actions_.redo, onRuns ? runs.canRedo() : history_.canRedo(), tr("Redo"), tr("Redo %1"),
        onRuns ? runs.redoText() : history_.redoText());
}

}  // namespace lab::ui
