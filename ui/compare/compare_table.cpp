#include "compare/compare_table.h"

#include "compare/series_style.h"
#include "export/plot_export.h"
#include "parameters/value_field.h"
#include "runs/run_columns.h"
#include "store/run_fields.h"
#include "wording.h"

#include <QHeaderView>
#include <QSignalBlocker>

#include <algorithm>
#include <array>

namespace lab::ui {
namespace {

enum Column { kName, kPin, kFirstParameter };

constexpr int kWidestName = 420;

/// Results, by key, as the table of runs has them.
constexpr std::array kResults = {"test_accuracy", "best_validation_accuracy",      "final_train_loss", "r_s",
                                 "r_rel",         "train_flops_relative_to_dense", "train_seconds"};

QString resultText(const RunField& field, const Spread& spread) {
  const double scale = field.isFraction ? 100 : 1;
  if (field.key == "train_seconds") return durationText(spread.mean);
  const int decimals = field.isFraction ? 2 : field.key == "final_train_loss" ? 4 : 3;
  QString text = QString::number(scale * spread.mean, 'f', decimals);
  if (spread.count > 1) text += QStringLiteral(" ± ") + QString::number(scale * spread.deviation, 'f', decimals);
  return field.isFraction ? text + QStringLiteral(" %") : text;
}

QString statusText(const Series& series) {
  QStringList parts;
  for (const auto& compared : series.runs)
    if (const QString status = toQt(name(compared->run.status)); !parts.contains(status)) parts << status;
  return parts.join(QStringLiteral(", "));
}

}  // namespace

CompareTable::CompareTable(QWidget* parent) : QTreeWidget(parent) {
  setObjectName(QStringLiteral("compareTable"));
  setAccessibleName(tr("Compared runs"));
  setRootIsDecorated(false);
  setUniformRowHeights(true);
  setAllColumnsShowFocus(true);
  setFrameShape(QFrame::NoFrame);
  setIconSize({22, 14});
  header()->setSectionsMovable(false);
  header()->setStretchLastSection(false);
  connect(this, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem* item, int column) {
    const auto index = static_cast<size_t>(indexOfTopLevelItem(item));
    const bool checked = item->checkState(column) == Qt::Checked;
    if (column == kName) Q_EMIT shownChanged(index, checked);
    if (column == kPin) Q_EMIT pinnedChanged(index, checked);
  });
  connect(this, &QTreeWidget::itemSelectionChanged, this, &CompareTable::currentSeriesChanged);
  connect(this, &QTreeWidget::itemDoubleClicked, this,
          [this](QTreeWidgetItem* item) { Q_EMIT opened(static_cast<size_t>(indexOfTopLevelItem(item))); });
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &CompareTable::restyle);
}

void CompareTable::setSeries(const std::vector<Series>& series, const std::set<size_t>& hidden,
                             const std::set<size_t>& pinned) {
  const QSignalBlocker quiet(this);
  const auto before = current();
  const bool sameAsBefore = std::ranges::equal(series_, series, {}, &Series::name, &Series::name);
  clear();
  series_ = series;
  ComparedRuns all;
  for (const Series& one : series) all.insert(all.end(), one.runs.begin(), one.runs.end());
  differing_ = differingParameters(all);
  QStringList titles{tr("Runs"), tr("Pin")};
  for (const Parameter* parameter : differing_) titles << RunColumn{nullptr, parameter}.title();
  for (const char* key : kResults) titles << typeset(toQt(findRunField(key)->label));
  titles << tr("Status");
  setColumnCount(static_cast<int>(titles.size()));
  setHeaderLabels(titles);
  headerItem()->setToolTip(kPin, tr("Pinned runs stay here when others are selected"));
  for (int c = kFirstParameter; c + 1 < columnCount(); ++c) headerItem()->setTextAlignment(c, alignmentOf(c));
  for (size_t i = 0; i < series.size(); ++i) addRow(i, series[i], hidden.contains(i), pinned.contains(i));
  for (int c = 0; c < columnCount(); ++c) resizeColumnToContents(c);
  setColumnWidth(kName, std::min(columnWidth(kName), kWidestName));
  if (before && sameAsBefore) setCurrentItem(topLevelItem(static_cast<int>(*before)));
}

void CompareTable::addRow(size_t index, const Series& series, bool hidden, bool pinned) {
  auto* item = new QTreeWidgetItem(this);
  item->setText(kName, series.name);
  item->setIcon(kName, seriesIcon(index, theme()));
  item->setCheckState(kName, hidden ? Qt::Unchecked : Qt::Checked);
  item->setCheckState(kPin, pinned ? Qt::Checked : Qt::Unchecked);
  QStringList ids;
  for (const auto& compared : series.runs) ids << QString::fromStdString(compared->run.id);
  item->setToolTip(kName, ids.join('\n'));
  int column = kFirstParameter;
  for (const Parameter* parameter : differing_) item->setText(column++, parameterText(series, *parameter));
  for (const char* key : kResults) {
    const RunField& field = *findRunField(key);
    const auto spread = spreadOf(series, field.number);
    item->setText(column++, spread ? resultText(field, *spread) : QStringLiteral("–"));
  }
  item->setText(column, statusText(series));
  for (int c = kFirstParameter; c < column; ++c) item->setTextAlignment(c, alignmentOf(c));
}

Qt::Alignment CompareTable::alignmentOf(int column) const {
  const auto place = static_cast<size_t>(column - kFirstParameter);
  const bool words =
      place < differing_.size() && std::holds_alternative<std::string Config::*>(differing_[place]->member);
  return (words ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter;
}

std::optional<size_t> CompareTable::current() const {
  const auto chosen = selectedItems();
  if (chosen.isEmpty()) return {};
  return static_cast<size_t>(indexOfTopLevelItem(chosen.first()));
}

void CompareTable::restyle() {
  const QSignalBlocker quiet(this);
  for (int i = 0; i < topLevelItemCount(); ++i)
    topLevelItem(i)->setIcon(kName, seriesIcon(static_cast<size_t>(i), theme()));
}

QString CompareTable::csv() const {
  CsvTable table;
  table.header << QStringLiteral("series") << QStringLiteral("runs");
  for (const Parameter* parameter : differing_) table.header << toQt(parameter->key);
  for (const char* key : kResults)
    table.header << QString::fromLatin1(key) << QString::fromLatin1(key) + QStringLiteral("_deviation");
  for (const Series& series : series_) {
    QStringList row{series.name, QString::number(series.runs.size())};
    for (const Parameter* parameter : differing_) row << parameterText(series, *parameter);
    for (const char* key : kResults) {
      const auto spread = spreadOf(series, findRunField(key)->number);
      row << (spread ? csvNumber(spread->mean) : QString())
          << (spread && spread->count > 1 ? csvNumber(spread->deviation) : QString());
    }
    table.rows.push_back(row);
  }
  return QString::fromUtf8(csvText(table));
}

}  // namespace lab::ui
