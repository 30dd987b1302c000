#include "sweeps/sweep_page.h"

#include "experiments/sweep_table.h"
#include "export/export_dialog.h"
#include "figures/figure_panel.h"
#include "parameters/config_builder.h"
#include "plots/choice_bar.h"
#include "plots/panel.h"
#include "sweeps/axis_row.h"
#include "sweeps/parallel_coordinates.h"
#include "sweeps/sweep_plot.h"
#include "sweeps/tall_scroll.h"
#include "wording.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace lab::ui {

namespace {

constexpr int kEditorWidth = 360;
constexpr size_t kMostCells = 100000;
const QString kSeeds = QStringLiteral("seeds=");  // among the axes; no parameter is called so

QLabel* title(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setObjectName(QStringLiteral("panelTitle"));
  return label;
}

QTableWidgetItem* numberItem(const QString& text, double value) {
  auto* item = new QTableWidgetItem(text);
  item->setData(Qt::UserRole, value);
  item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  return item;
}

}  // namespace

SweepPage::SweepPage(const Laboratory& laboratory, QWidget* parent) : QWidget(parent), queue_(laboratory) {
  auto* split = new QSplitter(this);
  split->setHandleWidth(kPanelGap);
  split->setChildrenCollapsible(false);
  split->addWidget(makeEditor());
  split->addWidget(makeResults());
  split->setStretchFactor(1, 1);
  split->setSizes({kEditorWidth, 3 * kEditorWidth});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kPanelGap, kPanelGap, kPanelGap, kPanelGap);
  layout->addWidget(split);

  connect(&queue_, &SweepQueue::changed, this, [this] {
    showQueue();
    Q_EMIT busyChanged();
    Q_EMIT runsChanged();
  });
  connect(&queue_, &SweepQueue::resultsChanged, this, &SweepPage::showResults);
  connect(&queue_, &SweepQueue::progressed, this, &SweepPage::progressed);
  connect(&queue_, &SweepQueue::completed, this, &SweepPage::completed);
  connect(&queue_, &SweepQueue::failed, this, &SweepPage::problem);
  setAxesText({QStringLiteral("update_interval=1..1000/4"), QStringLiteral("prune_rate=0.3,0.5")});
  showQueue();
  showResults({});
}

QWidget* SweepPage::makeEditor() {
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(12, 12, 12, 12);
  layout->setSpacing(10);
  auto* about =
      new QLabel(tr("Every combination is trained with the parameters of <i>Single run</i> beneath it."), page);
  about->setWordWrap(true);
  axes_ = new QVBoxLayout;
  axes_->setSpacing(8);
  auto* add = new QPushButton(tr("Add axis"), page);
  add->setObjectName(QStringLiteral("addAxis"));
  connect(add, &QPushButton::clicked, this, [this] { addAxis(QStringLiteral("sparsity"), QString()); });
  seeds_ = new QSpinBox(page);
  seeds_->setObjectName(QStringLiteral("sweepSeeds"));
  seeds_->setAccessibleName(tr("Seeds"));
  seeds_->setRange(1, 1000);
  seeds_->setPrefix(tr("Seeds: "));
  connect(seeds_, &QSpinBox::valueChanged, this, &SweepPage::plan);
  auto* line = new QHBoxLayout;
  line->addWidget(add);
  line->addStretch();
  line->addWidget(seeds_);
  plan_ = new QLabel(page);
  plan_->setObjectName(QStringLiteral("plan"));
  plan_->setWordWrap(true);
  start_ = new QPushButton(tr("Add to the queue"), page);
  start_->setObjectName(QStringLiteral("startSweep"));
  connect(start_, &QPushButton::clicked, this, &SweepPage::enqueue);

  waiting_ = new QListWidget(page);
  waiting_->setObjectName(QStringLiteral("sweepQueue"));
  waiting_->setAccessibleName(tr("Sweeps that run and wait"));
  waiting_->setDragDropMode(QAbstractItemView::NoDragDrop);
  const auto button = [&](const char* name, const QString& text, const QString& tip, auto slot) {
    auto* made = new QPushButton(text, page);
    made->setObjectName(QLatin1String(name));
    made->setToolTip(tip);
    connect(made, &QPushButton::clicked, this, slot);
    return made;
  };
  const auto row = [this] {
    return static_cast<size_t>(std::max(0, waiting_->currentRow() - (queue_.busy() ? 1 : 0)));
  };
  hold_ = button("holdQueue", tr("Hold"), tr("Stop what runs, keep its finished runs, and start nothing"),
                 [this] { queue_.hold(!queue_.held()); });
  cancel_ = button("cancelSweep", tr("Cancel"), tr("Take the selected sweep out of the queue; finished runs stay"),
                   [this, row] {
                     if (queue_.busy() && waiting_->currentRow() <= 0)
                       queue_.cancelRunning();
                     else
                       queue_.remove(row());
                   });
  up_ = button("sweepUp", tr("Up"), tr("Let the selected sweep run earlier"), [this, row] {
    if (const size_t at = row(); at > 0) queue_.move(at, at - 1);
  });
  down_ = button("sweepDown", tr("Down"), tr("Let the selected sweep run later"),
                 [this, row] { queue_.move(row(), row() + 1); });
  auto* buttons = new QHBoxLayout;
  for (auto* each : {up_, down_, hold_, cancel_}) buttons->addWidget(each);

  layout->addWidget(title(tr("Axes"), page));
  layout->addWidget(about);
  layout->addLayout(axes_);
  layout->addLayout(line);
  layout->addWidget(plan_);
  layout->addWidget(start_);
  layout->addSpacing(8);
  layout->addWidget(title(tr("Queue"), page));
  layout->addWidget(waiting_, 1);
  layout->addLayout(buttons);
  return new TallScroll(page);
}

QWidget* SweepPage::makeResults() {
  plot_ = new SweepPlot;
  plotPanel_ = new Panel(tr("Results"), plot_);
  auto* kind = new ChoiceBar({tr("Lines"), tr("Heatmap")}, 0);
  connect(kind, &ChoiceBar::chosen, this, [this](int i) { plot_->setKind(static_cast<SweepPlot::Kind>(i)); });
  plotPanel_->addControl(kind);
  plotPanel_->addExportButton(plot_);
  plotPanel_->setEmptyText(
      tr("Choose axes on the left and add them to the queue: lines and heatmap fill in as runs finish."));
  parallel_ = new ParallelCoordinates;
  parallelPanel_ = new Panel(tr("All runs"), parallel_);
  parallelPanel_->setNote(tr("drag along an axis to filter the list"));
  parallelPanel_->addExportButton(parallel_);
  parallelPanel_->setEmptyText(tr("Each run of the sweep becomes a line here."));
  connect(parallel_, &ParallelCoordinates::brushed, this, &SweepPage::fillTable);

  table_ = new QTableWidget;
  table_->setObjectName(QStringLiteral("sweepRuns"));
  table_->setAccessibleName(tr("Runs of the sweep"));
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setShowGrid(false);
  table_->setFrameShape(QFrame::NoFrame);
  table_->verticalHeader()->hide();
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->setTabKeyNavigation(false);
  table_->setMinimumWidth(120);
  connect(table_, &QTableWidget::cellActivated, this, [this](int row, int) {
    const auto cell = table_->item(row, 0)->data(Qt::UserRole + 1).toULongLong();
    if (cell < shown_.results.size() && !shown_.results[cell].directory.empty())
      Q_EMIT opened(shown_.results[cell].directory);
  });
  count_ = new QLabel;
  count_->setObjectName(QStringLiteral("muted"));
  auto* list = new QWidget;
  auto* listLayout = new QVBoxLayout(list);
  listLayout->setContentsMargins(10, 0, 10, 6);
  listLayout->addWidget(count_);
  listLayout->addWidget(table_);
  listPanel_ = new Panel(tr("Runs"), list);
  listPanel_->setEmptyText(tr("The runs of a sweep are listed here."));
  listPanel_->setEmpty(true);

  auto* lower = new QSplitter;
  lower->setHandleWidth(kPanelGap);
  lower->addWidget(parallelPanel_);
  lower->addWidget(listPanel_);
  lower->setSizes({600, 400});
  auto* split = new QSplitter(Qt::Vertical);
  split->setHandleWidth(kPanelGap);
  split->addWidget(plotPanel_);
  split->addWidget(lower);
  split->setSizes({420, 340});
  return split;
}

void SweepPage::addAxis(const QString& key, const QString& values) {
  auto* row = new AxisRow(key, values, this);
  rows_.push_back(row);
  axes_->addWidget(row);
  connect(row, &AxisRow::changed, this, &SweepPage::plan);
  connect(row, &AxisRow::removed, this, [this, row] {
    std::erase(rows_, row);
    row->deleteLater();
    plan();
  });
  plan();
}

QStringList SweepPage::axesText() const {
  QStringList axes;
  for (const AxisRow* row : rows_) axes << row->key() + u'=' + row->values();
  axes << kSeeds + QString::number(seeds_->value());
  return axes;
}

void SweepPage::setAxesText(const QStringList& axes) {
  const QScopedValueRollback setting(setting_, true);
  for (AxisRow* row : rows_) row->deleteLater();
  rows_.clear();
  for (const QString& axis : axes)
    axis.startsWith(kSeeds) ? seeds_->setValue(axis.section(u'=', 1).toInt())
                            : addAxis(axis.section(u'=', 0, 0), axis.section(u'=', 1));
  plan();
  told_ = axesText();
}

void SweepPage::setBase(const lab::Config& config) {
  base_ = config;
  plan();
}

void SweepPage::setOthersBusy(bool busy) {
  othersBusy_ = busy;
  plan();
}

void SweepPage::plan() {
  if (QStringList now = axesText(); !setting_ && now != told_) Q_EMIT axesEdited(std::exchange(told_, now), now);
  planned_.reset();
  SweepData sweep;
  sweep.base = base_;
  sweep.seeds = seeds_->value();
  QString obstacle = rows_.empty() ? tr("Add an axis: the parameter that is to be varied.") : QString();
  size_t cells = static_cast<size_t>(sweep.seeds);
  for (const AxisRow* row : rows_) {
    if (!row->axis()) {
      obstacle = tr("An axis has no values yet.");
      break;
    }
    const auto same = [&](const lab::Axis& other) { return other.key == row->axis()->key; };
    if (std::ranges::any_of(sweep.axes, same)) obstacle = tr("%1 is an axis twice.").arg(axisTitle(*row->axis()));
    sweep.axes.push_back(*row->axis());
    cells *= row->axis()->values.size();
  }
  if (obstacle.isEmpty() && cells > kMostCells)
    obstacle = tr("%1 runs are more than %2.").arg(grouped(int64_t(cells)), grouped(kMostCells));
  if (obstacle.isEmpty()) {
    auto planned = planSweep(std::move(sweep));
    if (planned)
      sweep = planned.take();
    else
      obstacle = QString::fromStdString(lab::describe(planned.problems()));
  }
  if (obstacle.isEmpty()) {
    const double seconds = guessSeconds(sweep.cells);
    plan_->setText(tr("<b>%1 runs</b>, about %2 on this machine; what has been trained before is reused.")
                       .arg(grouped(static_cast<int64_t>(sweep.cells.size())), durationText(seconds)));
    planned_ = std::move(sweep);
  } else {
    plan_->setText(obstacle.toHtmlEscaped());
  }
  start_->setEnabled(planned_ && !othersBusy_);
  start_->setToolTip(othersBusy_ ? tr("A run or figure is under way: stop it, or let it end") : QString());
}

void SweepPage::showResults(const SweepData& sweep) {
  shown_ = sweep;
  const bool any = std::ranges::any_of(sweep.results, &lab::CellResult::finished);
  plotPanel_->setEmpty(!any);
  parallelPanel_->setEmpty(!any);
  listPanel_->setEmpty(sweep.cells.empty());
  plot_->setData(sweep);
  parallel_->setData(sweep);
  fillTable();
}

void SweepPage::fillTable() {
  QStringList titles;
  for (const auto& axis : shown_.axes) titles << axisTitle(axis);
  titles << tr("Seed");
  for (const Outcome& outcome : outcomes()) titles << QCoreApplication::translate("Sweep", outcome.name);
  titles << tr("State");
  table_->setSortingEnabled(false);
  table_->clear();
  table_->setColumnCount(static_cast<int>(titles.size()));
  table_->setHorizontalHeaderLabels(titles);
  std::vector<size_t> inside;
  for (size_t i = 0; i < shown_.cells.size() && i < shown_.results.size(); ++i)
    if (parallel_->passes(i)) inside.push_back(i);
  table_->setRowCount(static_cast<int>(inside.size()));
  for (size_t row = 0; row < inside.size(); ++row) {
    const size_t i = inside[row];
    int column = 0;
    const auto put = [&](QTableWidgetItem* item) {
      item->setData(Qt::UserRole + 1, static_cast<qulonglong>(i));
      table_->setItem(static_cast<int>(row), column++, item);
    };
    for (const auto& label : shown_.cells[i].labels) put(new QTableWidgetItem(QString::fromStdString(label)));
    put(numberItem(QString::number(shown_.cells[i].config.seed),
                   static_cast<double>(shown_.cells[i].config.seed)));
    for (const Outcome& outcome : outcomes()) {
      const auto value = outcome.of(shown_.results[i], shown_.cells[i].config);
      put(numberItem(value ? QString::number(*value, 'f', 4) : QStringLiteral("–"), value.value_or(-1)));
    }
    const auto& result = shown_.results[i];
    put(new QTableWidgetItem(result.state == lab::CellState::Failed
                                 ? tr("failed: %1").arg(QString::fromStdString(result.result.reason))
                                 : QString::fromStdString(std::string(lab::name(result.state)))));
  }
  table_->setSortingEnabled(true);
  count_->setText(shown_.cells.empty() ? QString()
                                       : tr("%1 of %2 runs")
                                             .arg(grouped(static_cast<int64_t>(inside.size())),
                                                  grouped(static_cast<int64_t>(shown_.cells.size()))));
}

std::vector<Exportable*> SweepPage::exportables() const { return {plot_, parallel_}; }

void SweepPage::openExport() { ExportDialog(exportables(), this).exec(); }

}  // namespace lab::ui
