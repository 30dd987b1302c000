// How the window closes while something is under way: it is stopped, or handed over to the command line program.

#include "control_bar.h"
#include "event_log.h"
#include "handover/commands.h"
#include "main_window.h"
#include "sweeps/sweep_page.h"
#include "wording.h"

#include <QCloseEvent>
#include <QMessageBox>
#include <QPushButton>

#include <utility>

namespace lab::ui {

void MainWindow::closeEvent(QCloseEvent* event) {
  const Closing choice = busyHere() ? askHowToClose() : Closing::Stop;
  if (choice == Closing::Stop) {
    handOver_.reset();
    stopHere();
    saveSession();
    news_.idle();
    return event->accept();
  }
  event->ignore();
  if (choice == Closing::HandOver) beginHandOver();
}

MainWindow::Closing MainWindow::askHowToClose() {
  const bool one = run_.busy();
  const auto program = laboratory_.commandLineProgram.find();
  QMessageBox box(QMessageBox::Question, one ? tr("A run is under way") : tr("Runs are under way"),
                  one ? tr("The run is at %1.").arg(percentage(progress_.fraction(), 0))
                      : tr("A figure or sweep is under way: %1.").arg(bar_->progressText()),
                  QMessageBox::NoButton, this);
  box.setInformativeText(
      tr("<p><b>Stop</b>: a checkpoint is kept, it can go on later.</p><p><b>Go on without a window</b>: %1</p>")
          .arg(program ? tr("the command line program takes over from the checkpoint; the window shows how it "
                            "gets on when it is opened again.")
                       : tr("not possible, %1.")
                             .arg(QString::fromStdString(describe(program.problems())).toHtmlEscaped())));
  auto* stop = box.addButton(tr("Stop"), QMessageBox::DestructiveRole);
  auto* handOver = box.addButton(tr("Go on without a window"), QMessageBox::AcceptRole);
  handOver->setEnabled(program.ok());
  box.setDefaultButton(box.addButton(QMessageBox::Cancel));
  box.exec();
  if (box.clickedButton() != stop && box.clickedButton() != handOver) return Closing::No;
  const bool ended = !busyHere();  // while the question stood there
  return ended || box.clickedButton() == stop ? Closing::Stop : Closing::HandOver;
}

void MainWindow::beginHandOver() {
  if (handOver_) return;
  handOver_.emplace();
  if (sweep_.busy())
    handOver_->push_back(
        figureCommand(*figurePanel_->grid(), figurePanel_->wantsDenseReference(), laboratory_.home));
  for (const auto& sweep : sweeps_->underWay()) handOver_->push_back(sweepCommand(sweep, laboratory_.home));
  stopHere();
  bar_->setProgress(progress_.fraction(), tr("Writing a checkpoint to go on from without the window"));
  log_->note(tr("What is under way goes on without the window as soon as it has stopped here."));
  finishHandOver();
}

void MainWindow::handOverRun(const RunResult& result, const std::filesystem::path& directory) {
  if (!handOver_ || result.status == RunStatus::Done) return;
  if (result.status == RunStatus::Failed || directory.empty()) return handOver_.reset();  // the window says why
  handOver_->push_back(resumeCommand(directory, laboratory_.home));
}

Problems MainWindow::startElsewhere(const std::vector<Arguments>& commands) const {
  const auto program = laboratory_.commandLineProgram.find();
  if (!program) return program.problems();
  return laboratory_.commandLineProgram.start(program.value(), commands, laboratory_.home / "handover.log");
}

void MainWindow::finishHandOver() {
  if (!handOver_ || busyHere()) return;
  const auto commands = std::exchange(handOver_, std::nullopt).value();
  const auto problems = commands.empty() ? Problems() : startElsewhere(commands);
  if (problems.empty()) {
    sweeps_->restoreQueue({});  // they are no longer this window's
    close();
    return;
  }
  problem(tr("It could not go on without the window: %1. It is stopped here and can be resumed.")
              .arg(QString::fromStdString(describe(problems))));
}

}  // namespace lab::ui
