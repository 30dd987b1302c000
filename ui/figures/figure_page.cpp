#include "figures/figure_page.h"

#include "export/export_dialog.h"
#include "figures/cell_grid.h"
#include "figures/figure_plot.h"
#include "figures/verdict_panel.h"
#include "parameters/parameter_table.h"
#include "plots/panel.h"
#include "theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>

#include <cmath>

namespace lab::ui {

namespace {

constexpr int kFrameMilliseconds = 33;
constexpr int kGap = 8;

QString text(std::string_view s) { return QString::fromUtf8(s.data(), static_cast<qsizetype>(s.size())); }

QString labelOf(std::string_view key) {
  const lab::Parameter* row = lab::findParameter(key);
  return row ? text(row->label) : text(key);
}

QString durationText(double seconds) {
  if (seconds < 90) return FigurePage::tr("%1 s").arg(std::max(1, static_cast<int>(std::lround(seconds))));
  if (seconds < 5400) return FigurePage::tr("%1 min").arg(std::lround(seconds / 60));
  return FigurePage::tr("%1 h").arg(seconds / 3600, 0, 'f', 1);
}

QString progressText(const lab::SweepProgress& p) {
  QStringList parts{FigurePage::tr("%1 of %2 runs").arg(p.finished).arg(p.total)};
  if (p.reused > 0) parts << FigurePage::tr("%1 reused").arg(p.reused);
  if (p.failed > 0) parts << FigurePage::tr("%1 failed").arg(p.failed);
  if (p.stepsPerSecond > 0) parts << FigurePage::tr("%1 steps/s").arg(countText(p.stepsPerSecond));
  if (p.etaSeconds >= 0 && p.finished < p.total)
    parts << FigurePage::tr("%1 left").arg(durationText(p.etaSeconds));
  return parts.join(QStringLiteral("  ·  "));
}

/// "54 runs: 2 × Sparsity, 9 × Update interval ΔT, 3 seeds"
QString planText(const lab::FigureGrid& grid) {
  return FigurePage::tr("%1 runs: %2 × %3, %4 × %5, %6 seeds")
      .arg(grid.cells.size())
      .arg(grid.panels.size())
      .arg(labelOf(grid.figure->panelKey))
      .arg(grid.curve.size())
      .arg(labelOf(grid.figure->curveKey))
      .arg(grid.seeds);
}

bool finished(lab::CellState state) { return state == lab::CellState::Done || state == lab::CellState::Reused; }

}  // namespace

struct FigurePage::Parts {
  lab::FigureGrid grid;
  std::vector<lab::CellResult> results;
  std::optional<lab::CellResult> dense;
  lab::FigureData data;
  bool running = false;

  FigurePlot* plot = new FigurePlot;
  Panel* plotPanel = nullptr;
  VerdictPanel* verdicts = new VerdictPanel;
  CellGrid* cells = new CellGrid;
  QLabel* progressText = new QLabel;
  QProgressBar* progress = new QProgressBar;
  QToolButton* start = new QToolButton;
  QTimer redraw;
};

FigurePage::FigurePage(QWidget* parent) : QWidget(parent), parts_(std::make_unique<Parts>()) {
  Parts& p = *parts_;
  p.plotPanel = new Panel(tr("Figure"), p.plot);
  p.plotPanel->addExportButton(p.plot);
  auto* verdictPanel = new Panel(tr("What the paper says"), p.verdicts);
  auto* cellsPage = new QWidget;
  auto* cellsLayout = new QVBoxLayout(cellsPage);
  cellsLayout->setContentsMargins(10, 2, 10, 4);
  cellsLayout->addWidget(p.cells);
  auto* cellsPanel = new Panel(tr("Runs"), cellsPage);
  cellsPanel->setNote(tr("a square a run; click to open it"));
  cellsPanel->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);

  auto* bar = new QHBoxLayout;
  p.progress->setTextVisible(false);
  p.progress->setMaximumHeight(8);
  p.progress->setAccessibleName(tr("Progress of the figure"));
  p.progressText->setForegroundRole(QPalette::PlaceholderText);
  p.start->setProperty("role", QStringLiteral("primary"));
  bar->addWidget(p.start);
  bar->addWidget(p.progress, 1);
  bar->addWidget(p.progressText);
  bar->setSpacing(12);

  auto* left = new QWidget;
  auto* leftLayout = new QVBoxLayout(left);
  leftLayout->setContentsMargins(0, 0, 0, 0);
  leftLayout->setSpacing(kGap);
  leftLayout->addWidget(p.plotPanel, 1);
  leftLayout->addWidget(cellsPanel);
  auto* split = new QSplitter;
  split->setHandleWidth(kGap);
  split->setChildrenCollapsible(false);
  split->addWidget(left);
  split->addWidget(verdictPanel);
  split->setStretchFactor(0, 5);
  split->setStretchFactor(1, 2);
  split->setSizes({760, 320});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kGap, kGap, kGap, kGap);
  layout->setSpacing(kGap);
  layout->addLayout(bar);
  layout->addWidget(split, 1);

  p.redraw.setSingleShot(true);
  p.redraw.setInterval(kFrameMilliseconds);
  connect(&p.redraw, &QTimer::timeout, this, &FigurePage::summarizeAndDraw);
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &FigurePage::showVerdicts);
  connect(p.start, &QToolButton::clicked, this, [this] {
    if (parts_->running)
      Q_EMIT stopRequested();
    else
      Q_EMIT startRequested();
  });
  connect(p.cells, &CellGrid::cellActivated, this, &FigurePage::cellActivated);
  connect(p.plot, &FigurePlot::pointActivated, this, [this](const QString& panel, const QString& curve) {
    const std::vector<std::string> labels{panel.toStdString(), curve.toStdString()};
    for (size_t i = 0; i < parts_->grid.cells.size(); ++i)
      if (parts_->grid.cells[i].labels == labels && finished(parts_->results[i].state)) {
        Q_EMIT cellActivated(i);
        return;
      }
  });
  p.plotPanel->setEmptyText(tr("Choose a figure to see it drawn from real runs."));
  p.plotPanel->setEmpty(true);
  p.start->setEnabled(false);
  setRunning(false);
}

FigurePage::~FigurePage() = default;

void FigurePage::setGrid(const lab::FigureGrid& grid) {
  Parts& p = *parts_;
  p.redraw.stop();
  p.grid = grid;
  p.results.assign(grid.cells.size(), {});
  p.dense.reset();
  p.plot->setFigure(*grid.figure, grid.panels, grid.curve);
  p.cells->setGrid(grid);
  p.plotPanel->setTitle(text(grid.figure->title));
  p.plotPanel->setNote(text(grid.figure->source));
  p.plotPanel->setEmptyText(text(grid.figure->help) + QStringLiteral("\n\n") + planText(grid) + u'\n' +
                            tr("Press Start to run what is missing; the figure fills in as runs finish."));
  p.progress->setRange(0, 1000);
  p.progress->setValue(0);
  p.progressText->setText(planText(grid));
  p.start->setEnabled(true);
  summarizeAndDraw();
}

void FigurePage::setCell(size_t cell, const lab::CellResult& result) {
  Parts& p = *parts_;
  if (cell >= p.results.size()) return;
  p.results[cell] = result;
  p.cells->setResult(cell, result);
  if (!p.redraw.isActive()) p.redraw.start();
}

void FigurePage::setDenseReference(const lab::CellResult& result) {
  parts_->dense = result;
  if (!parts_->redraw.isActive()) parts_->redraw.start();
}

void FigurePage::summarizeAndDraw() {
  Parts& p = *parts_;
  p.data = lab::summarize(p.grid, p.results, p.dense);
  p.plotPanel->setEmpty(p.data.points.empty());
  p.plot->setData(p.data);
  showVerdicts();
}

void FigurePage::showVerdicts() {
  const Parts& p = *parts_;
  if (!p.grid.figure) return;
  const bool any = !p.data.points.empty();
  p.verdicts->setVerdicts(p.grid.contrasts, any ? p.data.contrasts : std::vector<lab::ContrastResult>{},
                          labelOf(p.grid.figure->panelKey));
}

void FigurePage::setProgress(const lab::SweepProgress& progress) {
  Parts& p = *parts_;
  const double share = progress.stepsTotal > 0 ? progress.stepsDone / progress.stepsTotal
                       : progress.total > 0    ? double(progress.finished) / double(progress.total)
                                               : 0;
  p.progress->setRange(0, 1000);
  p.progress->setValue(static_cast<int>(std::lround(1000 * share)));
  p.progressText->setText(progressText(progress));
}

void FigurePage::setRunning(bool running) {
  parts_->running = running;
  parts_->start->setText(running ? tr("Stop") : tr("Start"));
}

const lab::FigureData& FigurePage::data() const { return parts_->data; }

std::vector<Exportable*> FigurePage::exportables() const { return {parts_->plot}; }

void FigurePage::openExport() { ExportDialog(exportables(), this).exec(); }

}  // namespace lab::ui
