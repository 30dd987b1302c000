#include "runs/runs_model.h"

#include "parameters/config_builder.h"
#include "store/run_fields.h"
#include "theme.h"

#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace lab::ui {
namespace {

QColor statusColour(StoredStatus status) {
  switch (status) {
    case StoredStatus::Done:
      return theme().good;
    case StoredStatus::Running:
      return theme().accent;
    case StoredStatus::Stopped:
      return theme().mutedText;
    default:
      return theme().bad;
  }
}

QVariant colourOf(const RunColumn& column, const StoredRun& run) {
  if (run.annotations.archived) return theme().mutedText;
  if (column.key() == "status") return statusColour(run.status);
  return {};
}

Qt::Alignment alignmentOf(const RunColumn& column) {
  return (column.isNumber() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

QString toolTipOf(const RunColumn& column, const StoredRun& run) {
  if (column.key() == "note" && !run.annotations.note.empty()) return QString::fromStdString(run.annotations.note);
  return QString::fromStdString(run.reason.empty() ? run.directory.string() : run.reason);
}

bool looksTheSame(const StoredRun& a, const StoredRun& b) {
  return a.status == b.status && a.progress == b.progress && a.annotations == b.annotations &&
         a.reason == b.reason && a.result.steps == b.result.steps &&
         a.result.testAccuracy == b.result.testAccuracy;
}

}  // namespace

RunsModel::RunsModel(QObject* parent) : QAbstractTableModel(parent) { setColumns({}); }

void RunsModel::setRuns(std::vector<StoredRun> runs) {
  if (std::ranges::equal(runs_, runs, {}, &StoredRun::directory, &StoredRun::directory))
    return update(std::move(runs));
  beginResetModel();
  runs_ = std::move(runs);
  idle_.assign(runs_.size(), std::nullopt);
  endResetModel();
}

/// Rows that stay as they are need no sorting and filtering.
void RunsModel::update(std::vector<StoredRun> runs) {
  for (size_t i = 0; i < runs.size(); ++i) {
    if (looksTheSame(runs_[i], runs[i])) continue;
    runs_[i] = std::move(runs[i]);
    const auto row = static_cast<int>(i);
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
  }
}

void RunsModel::setAnnotations(const std::filesystem::path& directory, const Annotations& annotations) {
  const auto found = std::ranges::find(runs_, directory, &StoredRun::directory);
  if (found == runs_.end()) return;
  found->annotations = annotations;
  const auto row = static_cast<int>(found - runs_.begin());
  Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
}

void RunsModel::setColumns(const QStringList& keys) {
  std::vector<RunColumn> columns;
  for (const QString& key : keys)
    if (const auto* column = findRunColumn(key.toStdString())) columns.push_back(*column);
  if (columns.empty()) {
    for (const QString& key : usualRunColumns()) columns.push_back(*findRunColumn(key.toStdString()));
  }
  beginResetModel();
  columns_ = std::move(columns);
  endResetModel();
}

QStringList RunsModel::columns() const {
  QStringList keys;
  for (const RunColumn& column : columns_) keys << QString::fromStdString(column.key());
  return keys;
}

int RunsModel::columnOf(const std::string& key) const {
  const auto found = std::ranges::find(columns_, key, &RunColumn::key);
  return found == columns_.end() ? -1 : static_cast<int>(found - columns_.begin());
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

const IdleParameters& RunsModel::idleOf(int row) const {
  auto& idle = idle_[static_cast<size_t>(row)];
  if (!idle) idle = idleParameters(run(row).config);
  return *idle;
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& column = columns_[static_cast<size_t>(index.column())];
  const auto& stored = run(index.row());
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
      return cellText(column, stored, idleOf(index.row()));
    case kSortRole:
      return sortValue(column, stored, idleOf(index.row()));
    case kProgressRole:
      return stored.status == StoredStatus::Running && stored.progress && column.key() == "status"
                 ? QVariant(stored.progress->fraction())
                 : QVariant();
    case Qt::ForegroundRole:
      return colourOf(column, stored);
    case Qt::TextAlignmentRole:
      return QVariant(alignmentOf(column));
    case Qt::ToolTipRole:
      return toolTipOf(column, stored);
    default:
      return {};
  }
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
  const auto flags = QAbstractTableModel::flags(index);
  if (!index.isValid()) return flags;
  const std::string key = columns_[static_cast<size_t>(index.column())].key();
  return key == "tags" || key == "note" ? flags | Qt::ItemIsEditable : flags;
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable)) return false;
  const auto& stored = run(index.row());
  Annotations wanted = stored.annotations;
  const QString text = value.toString().trimmed();
  if (columns_[static_cast<size_t>(index.column())].key() == "note") {
    wanted.note = text.toStdString();
  } else {
    wanted.tags.clear();
    for (const QString& tag : text.split(QRegularExpression(QStringLiteral("[\\s,]+")), Qt::SkipEmptyParts)) {
      if (const auto why = whyNoTag(tag.toStdString()); !why.empty())
        return Q_EMIT refused(QString::fromStdString(why)), false;
      wanted.tags.insert(tag.toStdString());
    }
  }
  if (wanted == stored.annotations) return false;
  Q_EMIT annotated(stored, wanted);
  return true;
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const auto& column = columns_[static_cast<size_t>(section)];
  if (role == Qt::DisplayRole) return column.title();
  if (role == Qt::ToolTipRole)
    return QStringLiteral("%1\n%2").arg(QString::fromStdString(column.key()), column.help());
  if (role == Qt::TextAlignmentRole) return QVariant(alignmentOf(column));
  return {};
}

}  // namespace lab::ui
