#include "runs/runs_model.h"

#include "parameters/value_field.h"
#include "theme.h"
#include "wording.h"

#include <QDateTime>
#include <QLocale>

#include <utility>

namespace lab::ui {
namespace {

QString dash() { return QStringLiteral("–"); }

QString startedText(const std::string& iso) {
  const auto time = QDateTime::fromString(QString::fromStdString(iso), Qt::ISODate);
  return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd  HH:mm"))
                        : QString::fromStdString(iso);
}

bool hasResult(const StoredRun& run) {
  return run.status == StoredStatus::Done || run.status == StoredStatus::Stopped;
}

bool explores(const StoredRun& run) { return run.config.method != "dense" && run.config.method != "static"; }

QString cellText(const StoredRun& run, int column) {
  switch (column) {
    case RunsModel::Status:
      return toQt(name(run.status));
    case RunsModel::Method:
      return QString::fromStdString(run.config.method);
    case RunsModel::Sparsity:
      return run.config.method == "dense" ? dash() : QString::number(100 * run.config.sparsity, 'g', 4) + " %";
    case RunsModel::UpdateInterval:
      return explores(run) ? grouped(run.config.update_interval) : dash();
    case RunsModel::Seed:
      return QString::number(run.config.seed);
    case RunsModel::Rs:
      return hasResult(run) ? QString::number(run.result.rs, 'f', 3) : dash();
    case RunsModel::Accuracy:
      return run.result.testAccuracy ? percentage(*run.result.testAccuracy, 2) : dash();
    case RunsModel::Started:
      return startedText(run.started);
    default:
      return QString::fromStdString(run.id);
  }
}

QVariant sortValue(const StoredRun& run, int column) {
  switch (column) {
    case RunsModel::Sparsity:
      return run.config.sparsity;
    case RunsModel::UpdateInterval:
      return explores(run) ? QVariant::fromValue(run.config.update_interval) : -1;
    case RunsModel::Seed:
      return QVariant::fromValue(run.config.seed);
    case RunsModel::Rs:
      return hasResult(run) ? run.result.rs : -1.0;
    case RunsModel::Accuracy:
      return run.result.testAccuracy.value_or(-1);
    case RunsModel::Started:
      return QString::fromStdString(run.started);
    default:
      return cellText(run, column);
  }
}

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

bool isNumber(int column) { return column >= RunsModel::Sparsity && column <= RunsModel::Accuracy; }

}  // namespace

void RunsModel::setRuns(std::vector<StoredRun> runs) {
  beginResetModel();
  runs_ = std::move(runs);
  endResetModel();
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& run = runs_[static_cast<size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return cellText(run, index.column());
    case kSortRole:
      return sortValue(run, index.column());
    case Qt::ForegroundRole:
      return index.column() == Status ? QVariant(statusColour(run.status)) : QVariant();
    case Qt::TextAlignmentRole:
      return QVariant((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
      return QString::fromStdString(run.reason.empty() ? run.directory.string() : run.reason);
    default:
      return {};
  }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  static const QStringList titles{tr("Status"), tr("Method"),   tr("Sparsity"), tr("ΔT"), tr("Seed"),
                                  tr("Rₛ"),     tr("Accuracy"), tr("Started"),  tr("Run")};
  if (role == Qt::DisplayRole) return titles.value(section);
  if (role == Qt::TextAlignmentRole)
    return QVariant((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  return {};
}

}  // namespace lab::ui
