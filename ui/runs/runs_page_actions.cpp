// What can be done with stored runs: actions, their keys, the context menu and the menu of columns.

#include "parameters/parameter_table.h"
#include "runs/annotation_edit.h"
#include "runs/runs_model.h"
#include "runs/runs_order.h"
#include "runs/runs_page.h"
#include "run_error.h"
#include "wording.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QFileDialog>
#include <QInputDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QUrl>

#include <algorithm>
#include <set>
#include <utility>

namespace lab::ui {
namespace {

QString pathText(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

std::set<std::string> tagsOf(const std::vector<StoredRun>& runs) {
  std::set<std::string> tags;
  for (const auto& run : runs) tags.insert(run.annotations.tags.begin(), run.annotations.tags.end());
  return tags;
}

QStringList toList(const std::set<std::string>& texts) {
  QStringList list;
  for (const auto& text : texts) list << QString::fromStdString(text);
  return list;
}

}  // namespace

void RunsPage::makeActions() {
  const auto make = [this](const char* name, const QString& text, const QKeySequence& keys, auto slot) {
    auto* action = new QAction(text, table_);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, slot);
    table_->addAction(action);
    return action;
  };
  actions_.open = make("runOpen", tr("Open"), Qt::Key_Return, &RunsPage::openCurrent);
  actions_.open->setShortcuts({Qt::Key_Return, Qt::Key_Enter});
  actions_.resume = make("runResume", tr("Resume training"), Qt::SHIFT | Qt::Key_Return, [this] {
    if (const auto runs = selected(); runs.size() == 1) Q_EMIT resumeWanted(runs.front().directory);
  });
  actions_.compare = make("runCompare", tr("Compare"), Qt::CTRL | Qt::SHIFT | Qt::Key_C, &RunsPage::compareWanted);
  actions_.use = make("runUse", tr("Use its parameters"), QKeySequence(), [this] {
    if (const auto runs = selected(); runs.size() == 1) Q_EMIT parametersWanted(runs.front().config);
  });
  actions_.tag = make("runTag", tr("Add tag…"), Qt::CTRL | Qt::Key_T, &RunsPage::askForTag);
  actions_.note = make("runNote", tr("Edit note"), Qt::Key_F2, &RunsPage::editNote);
  actions_.archive = make("runArchive", tr("Archive"), Qt::Key_Delete, [this] { archive(true); });
  actions_.restore =
      make("runRestore", tr("Restore from the archive"), Qt::SHIFT | Qt::Key_Insert, [this] { archive(false); });
  actions_.exportRuns = make("runExport", tr("Export…"), QKeySequence(), &RunsPage::openExport);
  actions_.copy = make("runCopy", tr("Copy name"), QKeySequence::Copy, [this] {
    QStringList names;
    for (const auto& run : selected()) names << QString::fromStdString(run.id);
    if (!names.isEmpty()) QApplication::clipboard()->setText(names.join('\n'));
  });
  actions_.folder = make("runFolder", tr("Show in the file manager"), QKeySequence(), &RunsPage::showFolder);
  actions_.trash = make("runTrash", tr("Move to the trash…"), Qt::SHIFT | Qt::Key_Delete, &RunsPage::moveToTrash);
}

void RunsPage::updateActions() {
  const auto runs = selected();
  const bool one = runs.size() == 1, any = !runs.empty();
  for (auto* action : {actions_.open, actions_.use, actions_.note, actions_.folder}) action->setEnabled(one);
  for (auto* action : {actions_.compare, actions_.tag, actions_.copy}) action->setEnabled(any);
  const auto isAway = [](const StoredRun& run) { return run.annotations.archived; };
  const auto isRunning = [](const StoredRun& run) { return run.status == StoredStatus::Running; };
  actions_.archive->setEnabled(any && !std::ranges::all_of(runs, isAway));
  actions_.restore->setEnabled(std::ranges::any_of(runs, isAway));
  actions_.trash->setEnabled(any && std::ranges::none_of(runs, isRunning));
  actions_.exportRuns->setEnabled(order_->rowCount() > 0);
  actions_.resume->setEnabled(one && !busy_ && !isRunning(runs.front()) && whyNoResume(runs.front()).empty());
  compareButton_->setEnabled(any);
  compareButton_->setText(any ? tr("Compare (%1)").arg(grouped(static_cast<int64_t>(runs.size())))
                              : tr("Compare"));
  compareButton_->setToolTip(tr("Draw the selected runs over each other (Ctrl+4)"));
}

void RunsPage::showMenu(const QPoint& place) {
  QMenu menu(this);
  menu.addActions({actions_.open, actions_.resume, actions_.compare, actions_.use});
  menu.addSeparator();
  menu.addAction(actions_.tag);
  const auto tags = tagsOf(selected());
  auto* remove = menu.addMenu(tr("Remove tag"));
  remove->setEnabled(!tags.empty());
  for (const QString& tag : toList(tags)) remove->addAction(tag, this, [this, tag] { removeTag(tag); });
  menu.addActions({actions_.note, actions_.archive, actions_.restore});
  menu.addSeparator();
  menu.addActions({actions_.exportRuns, actions_.copy, actions_.folder});
  menu.addSeparator();
  menu.addAction(actions_.trash);
  menu.exec(table_->viewport()->mapToGlobal(place));
}

void RunsPage::fillColumnMenu() {
  columnMenu_->clear();
  columnMenu_->addSection(tr("Run and results"));
  QMenu* group = nullptr;
  std::optional<Group> of;
  const QStringList now = model_->columns();
  for (const auto& column : allRunColumns()) {
    if (column.parameter != nullptr && of != column.parameter->group) {
      if (!of) columnMenu_->addSection(tr("Parameters"));
      of = column.parameter->group;
      const auto words = title(*of);
      group = columnMenu_->addMenu(QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size())));
    }
    const QString key = QString::fromStdString(column.key());
    auto* action = (group != nullptr ? group : columnMenu_)->addAction(column.title());
    action->setCheckable(true);
    action->setChecked(now.contains(key));
    connect(action, &QAction::toggled, this, [this, key](bool on) {
      QStringList keys = model_->columns();
      if (on)
        keys << key;
      else
        keys.removeAll(key);
      setColumns(keys);
    });
  }
  columnMenu_->addSeparator();
  columnMenu_->addAction(tr("Usual columns"), this, [this] { setColumns({}); });
}

void RunsPage::openCurrent() {
  if (const auto runs = selected(); runs.size() == 1) Q_EMIT opened(runs.front().directory);
}

template <class Change>
void RunsPage::annotate(const QString& text, Change change) {
  std::vector<AnnotationChange> changes;
  for (const auto& run : selected()) {
    Annotations after = run.annotations;
    change(after);
    if (after != run.annotations) changes.push_back({run.directory, run.annotations, after});
  }
  push(text, std::move(changes));
}

void RunsPage::push(const QString& text, std::vector<AnnotationChange> changes) {
  if (changes.empty()) return;
  undo_.push(new AnnotationEdit(text, std::move(changes),
                                [this](const auto& directory, const auto& wanted) { write(directory, wanted); }));
}

void RunsPage::write(const std::filesystem::path& directory, const Annotations& annotations) {
  try {
    writeAnnotations(directory, annotations);
  } catch (const RunError& error) {
    return Q_EMIT failed(QString::fromUtf8(error.what()));
  }
  model_->setAnnotations(directory, annotations);
  updateActions();
  showCount();
}

void RunsPage::addTag(const QString& tag) {
  if (const auto why = whyNoTag(tag.toStdString()); !why.empty())
    return Q_EMIT failed(QString::fromStdString(why));
  annotate(tr("tag %1").arg(tag), [&](Annotations& about) { about.tags.insert(tag.toStdString()); });
}

void RunsPage::removeTag(const QString& tag) {
  annotate(tr("removal of tag %1").arg(tag), [&](Annotations& about) { about.tags.erase(tag.toStdString()); });
}

void RunsPage::archive(bool away) {
  annotate(away ? tr("archiving") : tr("restoring"), [&](Annotations& about) { about.archived = away; });
}

void RunsPage::askForTag() {
  if (selected().empty()) return;
  bool given = false;
  const QString tag = QInputDialog::getItem(this, tr("Add tag"), tr("Tag for the selected runs, one word:"),
                                            toList(tagsOf(runs())), -1, true, &given);
  if (given && !tag.trimmed().isEmpty()) addTag(tag.trimmed());
}

void RunsPage::editNote() {
  const int column = model_->columnOf("note");
  const auto current = table_->currentIndex();
  if (column >= 0 && current.isValid()) return table_->edit(current.siblingAtColumn(column));
  const auto runs = selected();
  if (runs.size() != 1) return;
  bool given = false;
  const QString text =
      QInputDialog::getText(this, tr("Note"), tr("Note about %1:").arg(runs.front().id.c_str()), QLineEdit::Normal,
                            QString::fromStdString(runs.front().annotations.note), &given);
  if (given)
    annotate(tr("change of the note"), [&](Annotations& about) { about.note = text.trimmed().toStdString(); });
}

void RunsPage::openExport() {
  const auto runs = selected().empty() ? shown() : selected();
  if (runs.empty()) return;
  const QString folder = QFileDialog::getExistingDirectory(
      this, tr("Folder for runs.csv and each run's tables (%1)").arg(grouped(static_cast<int64_t>(runs.size()))));
  if (!folder.isEmpty()) Q_EMIT exportWanted(runs, folder.toStdString());
}

void RunsPage::showFolder() {
  if (const auto runs = selected(); runs.size() == 1)
    QDesktopServices::openUrl(QUrl::fromLocalFile(pathText(runs.front().directory)));
}

void RunsPage::moveToTrash() {
  const auto runs = selected();
  if (runs.empty() || !actions_.trash->isEnabled()) return;
  const QString what = runs.size() == 1 ? QString::fromStdString(runs.front().id)
                                        : tr("%1 runs").arg(grouped(static_cast<int64_t>(runs.size())));
  QMessageBox box(
      QMessageBox::Question, tr("Move to the trash"),
      tr("Move %1 to the trash? Figures train the runs they miss again. To only hide runs, archive them.")
          .arg(what),
      QMessageBox::Cancel, this);
  auto* move = box.addButton(tr("Move to the trash"), QMessageBox::DestructiveRole);
  box.setDefaultButton(QMessageBox::Cancel);
  box.exec();
  if (box.clickedButton() != move) return;
  undo_.clear();  // what it knows of may be gone
  for (const auto& run : runs)
    if (!QFile::moveToTrash(pathText(run.directory)))
      Q_EMIT failed(tr("%1 could not be moved to the trash; nothing of it is lost.").arg(pathText(run.directory)));
  Q_EMIT removed();
}

}  // namespace lab::ui
