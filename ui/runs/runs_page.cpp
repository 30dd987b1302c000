#include "runs/runs_page.h"

#include "runs/runs_model.h"
#include "wording.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace lab::ui {

RunsPage::RunsPage(QWidget* parent)
    : QWidget(parent),
      model_(new RunsModel(this)),
      order_(new QSortFilterProxyModel(this)),
      table_(new QTableView(this)),
      filter_(new QLineEdit(this)),
      count_(new QLabel(this)),
      empty_(new QLabel(this)),
      stack_(new QStackedLayout) {
  order_->setSourceModel(model_);
  order_->setSortRole(RunsModel::kSortRole);
  order_->setFilterKeyColumn(-1);
  order_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  table_->setObjectName(QStringLiteral("runsTable"));
  table_->setAccessibleName(tr("Stored runs"));
  table_->setModel(order_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(RunsModel::Started, Qt::DescendingOrder);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setTabKeyNavigation(false);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setFrameShape(QFrame::NoFrame);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(30);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->horizontalHeader()->setHighlightSections(false);
  for (int column = 0; column < RunsModel::Id; ++column)
    table_->setColumnWidth(column, column == RunsModel::Started ? 160 : column == RunsModel::Method ? 120 : 88);

  filter_->setObjectName(QStringLiteral("runsFilter"));
  filter_->setPlaceholderText(tr("Filter runs"));
  filter_->setAccessibleName(tr("Filter runs"));
  filter_->setClearButtonEnabled(true);
  filter_->setMaximumWidth(280);
  count_->setObjectName(QStringLiteral("muted"));
  empty_->setObjectName(QStringLiteral("emptyState"));
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setText(
      tr("<h3>No runs yet</h3><p>Every run and every point of a figure is kept and listed here.<br>"
         "Press Start to train the first one.</p>"));

  auto* top = new QHBoxLayout;
  top->addWidget(filter_);
  top->addStretch();
  top->addWidget(count_);
  stack_->addWidget(empty_);
  stack_->addWidget(table_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 12, 16, 12);
  layout->setSpacing(10);
  layout->addLayout(top);
  layout->addLayout(stack_, 1);

  connect(filter_, &QLineEdit::textChanged, order_, &QSortFilterProxyModel::setFilterFixedString);
  connect(filter_, &QLineEdit::textChanged, this, &RunsPage::showCount);
  connect(table_, &QTableView::doubleClicked, this, &RunsPage::openCurrent);
  for (const auto key : {Qt::Key_Return, Qt::Key_Enter})
    connect(new QShortcut(key, table_, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this,
            &RunsPage::openCurrent);
  showCount();
}

void RunsPage::setRuns(std::vector<StoredRun> runs) {
  const auto selected = table_->currentIndex().siblingAtColumn(RunsModel::Id).data().toString();
  model_->setRuns(std::move(runs));
  stack_->setCurrentWidget(model_->runs().empty() ? static_cast<QWidget*>(empty_) : table_);
  for (int row = 0; row < order_->rowCount() && !selected.isEmpty(); ++row)
    if (order_->index(row, RunsModel::Id).data().toString() == selected) table_->selectRow(row);
  showCount();
}

const std::vector<StoredRun>& RunsPage::runs() const { return model_->runs(); }

void RunsPage::openCurrent() {
  const auto index = order_->mapToSource(table_->currentIndex());
  if (index.isValid()) Q_EMIT opened(model_->runs()[static_cast<size_t>(index.row())].directory);
}

void RunsPage::showCount() {
  const int shown = order_->rowCount(), all = model_->rowCount();
  filter_->setVisible(all > 0);
  count_->setText(all == 0       ? QString()
                  : shown == all ? tr("%1 runs").arg(grouped(all))
                                 : tr("%1 of %2 runs").arg(grouped(shown), grouped(all)));
}

}  // namespace lab::ui
