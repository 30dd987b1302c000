#include "runs/runs_page.h"

#include "runs/annotation_edit.h"
#include "runs/runs_model.h"
#include "runs/runs_order.h"
#include "runs/status_delegate.h"
#include "wording.h"

#include <QDataStream>
#include <QHeaderView>
#include <QIODevice>
#include <QItemSelection>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedLayout>
#include <QStyle>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <set>
#include <utility>

namespace lab::ui {
namespace {

constexpr int kRowHeight = 30;
constexpr int kTypingMilliseconds = 120;

int usualWidth(const std::string& key) {
  if (key == "started") return 150;
  if (key == "run") return 290;
  if (key == "note") return 160;
  if (key == "status" || key == "method") return 116;
  return 84;
}

/// "1 run", "1,234 runs"
QString runsText(int count) {
  return count == 1 ? RunsPage::tr("1 run") : RunsPage::tr("%1 runs").arg(grouped(count));
}

QString filterHelp() {
  return RunsPage::tr(
      "<p>Terms, all of which must hold:</p><table cellspacing=4>"
      "<tr><td><code>fashion</code></td><td>a word in name, method, model, data, tags or note</td></tr>"
      "<tr><td><code>method:set,rigl</code></td><td>one of several values</td></tr>"
      "<tr><td><code>sparsity&gt;=0.98</code></td><td>numbers: &lt; &lt;= &gt; &gt;= = !=</td></tr>"
      "<tr><td><code>accuracy&gt;87% rs&lt;0.5</code></td><td>results; also loss, validation, flops, "
      "steps</td></tr>"
      "<tr><td><code>status:done tag:good</code></td><td></td></tr>"
      "<tr><td><code>-tag:bad</code></td><td>a dash: must not hold</td></tr></table>"
      "<p>Every parameter is a key; the header of each column names it.</p>");
}

QLabel* emptyState(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setObjectName(QStringLiteral("emptyState"));
  label->setAlignment(Qt::AlignCenter);
  label->setTextFormat(Qt::RichText);
  return label;
}

}  // namespace

RunsPage::RunsPage(QWidget* parent)
    : QWidget(parent),
      model_(new RunsModel(this)),
      order_(new RunsOrder(this)),
      table_(new QTableView(this)),
      filter_(new QLineEdit(this)),
      problem_(new QLabel(this)),
      count_(new QLabel(this)),
      empty_(emptyState(tr("<h3>No runs yet</h3><p>Every run and every point of a figure is kept and listed "
                           "here.<br>Press Start to train the first one.</p>"),
                        this)),
      nothingFits_(emptyState({}, this)),
      archived_(new QToolButton(this)),
      columnsButton_(new QToolButton(this)),
      compareButton_(new QPushButton(this)),
      columnMenu_(new QMenu(this)),
      stack_(new QStackedLayout) {
  order_->setSourceModel(model_);
  makeActions();
  build();
  updateActions();
  showCount();
}

RunsPage::~RunsPage() { undo_.disconnect(this); }

void RunsPage::build() {
  table_->setObjectName(QStringLiteral("runsTable"));
  table_->setAccessibleName(tr("Stored runs"));
  table_->setModel(order_);
  table_->setSortingEnabled(true);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table_->setTabKeyNavigation(false);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setFrameShape(QFrame::NoFrame);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  auto* header = table_->horizontalHeader();
  header->setStretchLastSection(true);
  header->setHighlightSections(false);
  header->setSectionsMovable(true);
  header->setContextMenuPolicy(Qt::CustomContextMenu);

  filter_->setObjectName(QStringLiteral("runsFilter"));
  filter_->setPlaceholderText(tr("Filter, such as  method:set sparsity>=0.98 accuracy>87% -tag:bad"));
  filter_->setAccessibleName(tr("Filter runs"));
  filter_->setToolTip(filterHelp());
  filter_->setClearButtonEnabled(true);
  problem_->setObjectName(QStringLiteral("problem"));
  problem_->setWordWrap(true);
  problem_->hide();
  count_->setObjectName(QStringLiteral("muted"));
  archived_->setObjectName(QStringLiteral("runsArchived"));
  archived_->setCheckable(true);
  archived_->setToolTip(tr("Show runs that were put away"));
  columnsButton_->setText(tr("Columns"));
  columnsButton_->setToolTip(tr("Choose what the table shows: results and any parameter"));
  columnsButton_->setPopupMode(QToolButton::InstantPopup);
  columnsButton_->setMenu(columnMenu_);
  for (auto* button : {archived_, columnsButton_}) button->setProperty("role", QStringLiteral("control"));
  compareButton_->setObjectName(QStringLiteral("compareRuns"));
  compareButton_->setText(tr("Compare (%1)").arg(grouped(1000)));
  compareButton_->setMinimumWidth(compareButton_->sizeHint().width());
  filter_->setMinimumHeight(compareButton_->sizeHint().height());

  auto* top = new QHBoxLayout;
  top->setSpacing(8);
  top->addWidget(filter_, 1);
  top->addWidget(count_);
  top->addSpacing(8);
  top->addWidget(archived_);
  top->addWidget(columnsButton_);
  top->addWidget(compareButton_);
  auto* tablePage = new QWidget(this);
  auto* tableLayout = new QVBoxLayout(tablePage);
  tableLayout->setContentsMargins(0, 0, 0, 0);
  tableLayout->addWidget(table_);
  stack_->addWidget(empty_);
  stack_->addWidget(nothingFits_);
  stack_->addWidget(tablePage);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 12, 16, 12);
  layout->setSpacing(8);
  layout->addLayout(top);
  layout->addWidget(problem_);
  layout->addLayout(stack_, 1);

  filterSoon_.setSingleShot(true);
  filterSoon_.setInterval(kTypingMilliseconds);
  connect(&filterSoon_, &QTimer::timeout, this, &RunsPage::applyFilter);
  connect(filter_, &QLineEdit::textChanged, &filterSoon_, qOverload<>(&QTimer::start));
  connect(filter_, &QLineEdit::returnPressed, this, [this] {
    applyFilter();
    if (order_->rowCount() == 0) return;
    table_->setFocus();
    if (!table_->currentIndex().isValid()) table_->selectRow(0);
  });
  connect(archived_, &QToolButton::toggled, this, [this](bool on) {
    order_->showArchived(on);
    showCount();
  });
  connect(nothingFits_, &QLabel::linkActivated, this, [this](const QString& wish) {
    if (wish == QLatin1String("archived")) return archived_->setChecked(true);
    filter_->clear();
    filter_->setFocus();
  });
  connect(compareButton_, &QPushButton::clicked, this, &RunsPage::compareWanted);
  connect(columnMenu_, &QMenu::aboutToShow, this, &RunsPage::fillColumnMenu);
  connect(header, &QWidget::customContextMenuRequested, this,
          [this, header](const QPoint& place) { columnMenu_->popup(header->mapToGlobal(place)); });
  connect(header, &QHeaderView::sortIndicatorChanged, this, [this](int section, Qt::SortOrder) {
    const QString key = model_->columns().value(section);
    if (!key.isEmpty()) sortKey_ = key.toStdString();
  });
  connect(table_, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
    if (index.flags() & Qt::ItemIsEditable)
      table_->edit(index);
    else
      openCurrent();
  });
  connect(table_, &QWidget::customContextMenuRequested, this, &RunsPage::showMenu);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    updateActions();
    Q_EMIT selectionChanged();
  });
  connect(model_, &RunsModel::refused, this, &RunsPage::failed);
  connect(model_, &RunsModel::annotated, this, [this](const StoredRun& run, const Annotations& wanted) {
    push(tr("change of tags and note"), {{run.directory, run.annotations, wanted}});
  });
  connect(&undo_, &QUndoStack::indexChanged, this, &RunsPage::undoChanged);
  setColumns({});
  table_->sortByColumn(model_->columnOf(sortKey_), Qt::DescendingOrder);
}

void RunsPage::setColumns(const QStringList& keys) {
  const auto order = table_->horizontalHeader()->sortIndicatorOrder();
  const std::string sortedBy = sortKey_;
  std::vector<std::filesystem::path> chosen;
  for (const auto& run : selected()) chosen.push_back(run.directory);
  model_->setColumns(keys);
  const QStringList columns = model_->columns();
  for (int i = 0; i < columns.size(); ++i) {
    const auto key = columns[i].toStdString();
    table_->setColumnWidth(i, std::max(usualWidth(key), table_->horizontalHeader()->sectionSizeHint(i)));
    table_->setItemDelegateForColumn(i, key == "status" ? new StatusDelegate(table_) : nullptr);
  }
  sortKey_ = model_->columnOf(sortedBy) < 0 ? columns.first().toStdString() : sortedBy;
  table_->sortByColumn(model_->columnOf(sortKey_), order);
  select(chosen);
}

QStringList RunsPage::columns() const { return model_->columns(); }

void RunsPage::setRuns(std::vector<StoredRun> runs) {
  std::vector<std::filesystem::path> chosen;
  for (const auto& run : selected()) chosen.push_back(run.directory);
  const int scrolled = table_->verticalScrollBar()->value();
  model_->setRuns(std::move(runs));
  select(chosen);
  table_->verticalScrollBar()->setValue(scrolled);
  updateActions();
  showCount();
}

const std::vector<StoredRun>& RunsPage::runs() const { return model_->runs(); }

void RunsPage::select(const std::vector<std::filesystem::path>& directories) {
  if (directories.empty() || table_->selectionModel()->hasSelection()) return;
  const std::set<std::filesystem::path> wanted(directories.begin(), directories.end());
  QItemSelection selection;
  for (int row = 0; row < order_->rowCount(); ++row) {
    const auto index = order_->index(row, 0);
    if (wanted.contains(model_->run(order_->mapToSource(index).row()).directory)) selection.select(index, index);
  }
  if (selection.isEmpty()) return;
  table_->selectionModel()->setCurrentIndex(selection.first().topLeft(), QItemSelectionModel::NoUpdate);
  table_->selectionModel()->select(selection, QItemSelectionModel::Select | QItemSelectionModel::Rows);
}

std::vector<StoredRun> RunsPage::runsOf(const QModelIndexList& indexes) const {
  std::vector<int> rows;
  for (const auto& index : indexes) rows.push_back(index.row());
  std::ranges::sort(rows);
  std::vector<StoredRun> runs;
  for (const int row : rows) runs.push_back(model_->run(order_->mapToSource(order_->index(row, 0)).row()));
  return runs;
}

std::vector<StoredRun> RunsPage::selected() const { return runsOf(table_->selectionModel()->selectedRows()); }

std::vector<StoredRun> RunsPage::shown() const {
  QModelIndexList all;
  for (int row = 0; row < order_->rowCount(); ++row) all << order_->index(row, 0);
  return runsOf(all);
}

void RunsPage::setFilter(const QString& text) { filter_->setText(text); }

void RunsPage::applyFilter() {
  filterSoon_.stop();
  auto filter = RunFilter::parse(filter_->text().toStdString());
  const QString sentence = filter ? QString() : QString::fromStdString(describe(filter.problems()));
  problem_->setText(sentence);
  problem_->setVisible(!sentence.isEmpty());
  filter_->setProperty("invalid", !sentence.isEmpty());
  filter_->style()->unpolish(filter_);
  filter_->style()->polish(filter_);
  if (filter) order_->setFilter(filter.take());  // else the last one that could be read stays
  showCount();
}

void RunsPage::showCount() {
  const int shownCount = order_->rowCount(), all = model_->rowCount(), away = order_->archivedCount();
  filter_->setEnabled(all > 0);
  columnsButton_->setEnabled(all > 0);
  archived_->setVisible(away > 0 || archived_->isChecked());
  archived_->setText(tr("Archived (%1)").arg(grouped(away)));
  count_->setText(all == 0            ? QString()
                  : shownCount == all ? runsText(all)
                                      : tr("%1 of %2 runs").arg(grouped(shownCount), grouped(all)));
  const bool onlyAway = filter_->text().trimmed().isEmpty();
  nothingFits_->setText(onlyAway
                            ? tr("<h3>All runs are archived</h3><p><a href='archived'>Show them</a></p>")
                            : tr("<h3>No run fits this filter</h3><p><a href='clear'>Clear the filter</a></p>"));
  stack_->setCurrentIndex(all == 0 ? 0 : shownCount == 0 ? 1 : 2);
}

void RunsPage::setBusy(bool busy) {
  busy_ = busy;
  updateActions();
}

QByteArray RunsPage::saveLayout() const {
  QByteArray bytes;
  QDataStream stream(&bytes, QIODevice::WriteOnly);
  const auto* header = table_->horizontalHeader();
  stream << model_->columns().join(',') << header->saveState() << archived_->isChecked()
         << QString::fromStdString(sortKey_);
  return bytes;
}

void RunsPage::restoreLayout(const QByteArray& layout) {
  QDataStream stream(layout);
  QByteArray header;
  bool away = false;
  QString joined, sortedBy;
  stream >> joined >> header >> away >> sortedBy;
  if (stream.status() != QDataStream::Ok) return;
  const QStringList columns = joined.split(',');
  setColumns(columns);
  if (model_->columns() == columns) table_->horizontalHeader()->restoreState(header);
  if (const int section = model_->columnOf(sortedBy.toStdString()); section >= 0)
    table_->sortByColumn(section, table_->horizontalHeader()->sortIndicatorOrder());
  archived_->setChecked(away);
}

}  // namespace lab::ui
