#include "compare/compare_page.h"

#include "background.h"
#include "compare/compare_table.h"
#include "compare/overlay_curves.h"
#include "compare/overlay_rs_plot.h"
#include "export/export_dialog.h"
#include "plots/choice_bar.h"
#include "plots/panel.h"
#include "wording.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QShortcut>
#include <QSlider>
#include <QSplitter>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace lab::ui {
namespace {

constexpr size_t kMostRuns = 200;  ///< more curves than that say nothing

QSplitter* split(Qt::Orientation orientation, QList<QWidget*> widgets, const QList<int>& sizes) {
  auto* splitter = new QSplitter(orientation);
  splitter->setHandleWidth(kPanelGap);
  splitter->setChildrenCollapsible(false);
  QList<int> wide;
  for (int i = 0; i < widgets.size(); ++i) {
    splitter->addWidget(widgets[i]);
    splitter->setStretchFactor(i, sizes[i]);
    wide << sizes[i] * 100;
  }
  splitter->setSizes(wide);
  return splitter;
}

/// Whether a run that has been read before is still as it was.
bool same(const StoredRun& a, const StoredRun& b) {
  return a.id == b.id && a.status == b.status && a.progress == b.progress && a.result.steps == b.result.steps;
}

}  // namespace

struct ComparePage::Loaded {
  ComparedRuns runs;
  Problems problems;
};

ComparePage::ComparePage(Background& background, QWidget* parent)
    : QWidget(parent),
      background_(background),
      rsPlot_(new OverlayRsPlot),
      curves_(new OverlayCurves),
      table_(new CompareTable),
      join_(new QCheckBox(tr("Mean ± std over seeds"))),
      empty_(
          new QLabel(tr("<h3>Nothing to compare yet</h3><p>Select runs on the Runs page (Ctrl+3), a few with Ctrl "
                        "or Shift,<br>and come back: they are drawn over each other here.</p>"))),
      stack_(new QStackedLayout(this)) {
  build();
  draw();
}

ComparePage::~ComparePage() = default;

void ComparePage::build() {
  rsPanel_ = new Panel(tr("Accuracy against Rₛ"), rsPlot_);
  rsPanel_->setEmptyText(tr("None of the runs shown has evaluated its test accuracy yet."));
  curvesPanel_ = new Panel(tr("Over time"), curves_);
  curvesPanel_->setEmptyText(tr("All runs are switched off in the table below."));
  tablePanel_ = new Panel(tr("Differences and results"), table_);
  auto* accuracies = new ChoiceBar({tr("Test"), tr("Validation"), tr("Train")}, 0);
  accuracies->setAccessibleName(tr("Accuracy shown"));
  auto* smoothing = new QSlider(Qt::Horizontal);
  smoothing->setObjectName(QStringLiteral("smoothing"));
  smoothing->setAccessibleName(tr("Smoothing"));
  smoothing->setToolTip(tr("Smoothing of accuracy and loss; the raw curve stays as a shadow"));
  smoothing->setRange(0, 99);
  smoothing->setFixedWidth(90);
  curvesPanel_->addControl(new QLabel(tr("Smoothing")));
  curvesPanel_->addControl(smoothing);
  curvesPanel_->addControl(accuracies);
  join_->setObjectName(QStringLiteral("joinSeeds"));
  join_->setToolTip(
      tr("Runs that differ in their seed only become one curve with a band of one standard deviation"));
  join_->setChecked(true);
  auto* copy = new QToolButton;
  copy->setText(tr("Copy as CSV"));
  copy->setAutoRaise(true);
  tablePanel_->addControl(join_);
  tablePanel_->addControl(copy);
  rsPanel_->addExportButton(rsPlot_);
  curvesPanel_->addExportButton(curves_);

  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(kPanelGap, kPanelGap, kPanelGap, kPanelGap);
  auto* plots = split(Qt::Horizontal, {rsPanel_, curvesPanel_}, {5, 6});
  layout->addWidget(split(Qt::Vertical, {plots, tablePanel_}, {7, 3}));
  empty_->setObjectName(QStringLiteral("emptyState"));
  empty_->setAlignment(Qt::AlignCenter);
  stack_->addWidget(empty_);
  stack_->addWidget(page);

  connect(accuracies, &ChoiceBar::chosen, this,
          [this](int which) { curves_->setAccuracy(static_cast<OverlayCurves::Accuracy>(which)); });
  connect(smoothing, &QSlider::valueChanged, this, [this](int value) { curves_->setSmoothing(value / 100.0); });
  connect(join_, &QCheckBox::toggled, this, &ComparePage::arrangeSeries);
  connect(copy, &QToolButton::clicked, this, &ComparePage::copyTable);
  connect(new QShortcut(QKeySequence::Copy, table_, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated,
          this, &ComparePage::copyTable);
  connect(rsPlot_, &OverlayRsPlot::hovered, curves_, &OverlayCurves::showCursor);
  connect(curves_, &OverlayCurves::hovered, rsPlot_, &OverlayRsPlot::highlightStep);
  connect(table_, &CompareTable::currentSeriesChanged, this, [this] {
    rsPlot_->emphasize(table_->current());
    curves_->emphasize(table_->current());
  });
  connect(table_, &CompareTable::shownChanged, this, [this](size_t index, bool on) {
    if (on)
      hiddenSeries_.erase(keyOf(series_[index]));
    else
      hiddenSeries_.insert(keyOf(series_[index]));
    drawPlots();
  });
  connect(table_, &CompareTable::pinnedChanged, this, [this](size_t index, bool on) {
    for (const auto& compared : series_[index].runs)
      on ? static_cast<void>(pinned_.insert(compared->run.id))
         : static_cast<void>(pinned_.erase(compared->run.id));
  });
  connect(table_, &CompareTable::opened, this,
          [this](size_t index) { Q_EMIT opened(series_[index].runs.front()->run.directory); });
}

std::string ComparePage::keyOf(const Series& series) const { return series.runs.front()->run.id; }

void ComparePage::setRuns(const std::vector<StoredRun>& all, const std::vector<StoredRun>& selected) {
  all_ = all;
  selected_ = selected;
  std::vector<StoredRun> wanted;
  std::set<std::string> have;
  for (const StoredRun& run : all)  // pinned ones first: their colours stay
    if (pinned_.contains(run.id) && have.insert(run.id).second) wanted.push_back(run);
  for (const StoredRun& run : selected)
    if (have.insert(run.id).second) wanted.push_back(run);
  if (wanted.size() > kMostRuns) wanted.resize(kMostRuns);
  load(std::move(wanted));
}

void ComparePage::load(std::vector<StoredRun> wanted) {
  const auto work = [wanted = std::move(wanted), known = runs_] {
    Loaded loaded;
    for (const StoredRun& run : wanted) {
      const auto found = std::ranges::find_if(known, [&](const auto& before) { return same(before->run, run); });
      if (found != known.end()) {
        loaded.runs.push_back(*found);
        continue;
      }
      auto read = readComparedRun(run);
      if (read)
        loaded.runs.push_back(read.take());
      else
        loaded.problems.insert(loaded.problems.end(), read.problems().begin(), read.problems().end());
    }
    return loaded;
  };
  background_.run("compare", work, [this](Loaded loaded) { showLoaded(std::move(loaded)); });
}

void ComparePage::showLoaded(Loaded loaded) {
  if (!loaded.problems.empty()) Q_EMIT failed(QString::fromStdString(describe(loaded.problems)));
  const bool unchanged = loaded.runs == runs_;
  runs_ = std::move(loaded.runs);
  if (!unchanged || series_.empty()) arrangeSeries();
  Q_EMIT shown();
}

void ComparePage::arrangeSeries() {
  series_ = seriesOf(runs_, join_->isChecked());
  draw();
}

std::set<size_t> ComparePage::hidden() const {
  std::set<size_t> places;
  for (size_t i = 0; i < series_.size(); ++i)
    if (hiddenSeries_.contains(keyOf(series_[i]))) places.insert(i);
  return places;
}

void ComparePage::draw() {
  std::set<size_t> pinned;
  for (size_t i = 0; i < series_.size(); ++i)
    if (std::ranges::all_of(series_[i].runs, [&](const auto& run) { return pinned_.contains(run->run.id); }))
      pinned.insert(i);
  stack_->setCurrentIndex(series_.empty() ? 0 : 1);
  table_->setSeries(series_, hidden(), pinned);
  tablePanel_->setEmpty(false);
  tablePanel_->setNote(
      tr("%1 runs, %2 curves")
          .arg(grouped(static_cast<int64_t>(runs_.size())), grouped(static_cast<int64_t>(series_.size()))));
  drawPlots();
}

void ComparePage::drawPlots() {
  const auto switchedOff = hidden();
  rsPlot_->setSeries(series_, switchedOff);
  curves_->setSeries(series_, switchedOff);
  rsPlot_->emphasize(table_->current());
  curves_->emphasize(table_->current());
  rsPanel_->setEmpty(rsPlot_->shownCount() == 0);
  curvesPanel_->setEmpty(switchedOff.size() == series_.size());
}

void ComparePage::setPinned(std::set<std::string> ids) {
  pinned_ = std::move(ids);
  setRuns(all_, selected_);
}

void ComparePage::setJoinSeeds(bool on) { join_->setChecked(on); }

std::vector<Exportable*> ComparePage::exportables() const { return {rsPlot_, curves_}; }

void ComparePage::openExport() { ExportDialog(exportables(), this).exec(); }

void ComparePage::copyTable() const { QApplication::clipboard()->setText(table_->csv()); }

}  // namespace lab::ui
