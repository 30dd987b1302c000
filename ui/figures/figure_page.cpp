#include "figures/figure_page.h"

#include "experiments/report.h"
#include "export/export_dialog.h"
#include "figures/cell_grid.h"
#include "figures/figure_plot.h"
#include "figures/verdict_panel.h"
#include "frame.h"
#include "parameters/parameter_table.h"
#include "plots/panel.h"
#include "theme.h"
#include "wording.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>
#include <QTimer>

namespace lab::ui {

namespace {

constexpr QSize kReportSize(1200, 520);  // of a row of plots

QString labelOf(std::string_view key) {
  const lab::Parameter* row = lab::findParameter(key);
  return row ? toQt(row->label) : toQt(key);
}

/// "54 runs: 2 × Sparsity, 9 × Update interval ΔT, 3 seeds"
QString planText(const lab::FigureGrid& grid) {
  QStringList axes{FigurePage::tr("%1 × %2").arg(grid.panels.size()).arg(labelOf(grid.figure->panelKey))};
  if (!grid.series.empty())
    axes << FigurePage::tr("%1 × %2").arg(grid.series.size()).arg(labelOf(grid.figure->seriesKey));
  axes << FigurePage::tr("%1 × %2").arg(grid.curve.size()).arg(labelOf(grid.figure->curveKey));
  return FigurePage::tr("%1 runs: %2, %3 seeds")
      .arg(grid.cells.size())
      .arg(axes.join(QStringLiteral(", ")))
      .arg(grid.seeds);
}

bool finished(lab::CellState state) { return state == lab::CellState::Done || state == lab::CellState::Reused; }

}  // namespace

struct FigurePage::Parts {
  lab::FigureGrid grid;
  std::vector<lab::CellResult> results;
  std::vector<lab::CellResult> references;
  lab::FigureData data;

  FigurePlot* plot = new FigurePlot;
  Panel* plotPanel = nullptr;
  VerdictPanel* verdicts = new VerdictPanel;
  CellGrid* cells = new CellGrid;
  QPushButton* report = nullptr;
  QTimer redraw;
};

FigurePage::FigurePage(QWidget* parent) : QWidget(parent), parts_(std::make_unique<Parts>()) {
  Parts& p = *parts_;
  p.plotPanel = new Panel(tr("Figure"), p.plot);
  p.plotPanel->addExportButton(p.plot);
  auto* verdictPanel = new Panel(tr("What the paper says"), p.verdicts);
  p.report = new QPushButton(tr("Save report…"));
  p.report->setObjectName(QStringLiteral("saveReport"));
  p.report->setToolTip(tr("Picture, verdicts, numbers, settings and runs as one HTML page"));
  connect(p.report, &QPushButton::clicked, this, &FigurePage::reportAsked);
  verdictPanel->addControl(p.report);
  auto* cellsPage = new QWidget;
  auto* cellsLayout = new QVBoxLayout(cellsPage);
  cellsLayout->setContentsMargins(10, 2, 10, 4);
  cellsLayout->addWidget(p.cells);
  auto* cellsPanel = new Panel(tr("Runs"), cellsPage);
  cellsPanel->setNote(tr("a square a run; click to open it"));
  cellsPanel->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);

  auto* left = new QWidget;
  auto* leftLayout = new QVBoxLayout(left);
  leftLayout->setContentsMargins(0, 0, 0, 0);
  leftLayout->setSpacing(kPanelGap);
  leftLayout->addWidget(p.plotPanel, 1);
  leftLayout->addWidget(cellsPanel);
  auto* split = new QSplitter;
  split->setHandleWidth(kPanelGap);
  split->setChildrenCollapsible(false);
  split->addWidget(left);
  split->addWidget(verdictPanel);
  split->setStretchFactor(0, 5);
  split->setStretchFactor(1, 2);
  split->setSizes({760, 320});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kPanelGap, kPanelGap, kPanelGap, kPanelGap);
  layout->setSpacing(kPanelGap);
  layout->addWidget(split, 1);

  p.redraw.setSingleShot(true);
  p.redraw.setInterval(kFrameMilliseconds);
  connect(&p.redraw, &QTimer::timeout, this, &FigurePage::summarizeAndDraw);
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &FigurePage::showVerdicts);
  connect(p.cells, &CellGrid::cellActivated, this, &FigurePage::cellActivated);
  connect(p.plot, &FigurePlot::pointActivated, this, [this](const lab::Place& place) {
    for (size_t i = 0; i < parts_->grid.cells.size(); ++i)
      if (lab::placeOf(parts_->grid.cells[i]) == place && finished(parts_->results[i].state)) {
        Q_EMIT cellActivated(i);
        return;
      }
  });
  p.plotPanel->setEmptyText(tr("Choose a figure to see it drawn from real runs."));
  p.plotPanel->setEmpty(true);
}

FigurePage::~FigurePage() = default;

void FigurePage::setGrid(const lab::FigureGrid& grid) {
  Parts& p = *parts_;
  p.redraw.stop();
  p.grid = grid;
  p.results.assign(grid.cells.size(), {});
  p.references.assign(grid.references.size(), {});
  p.plot->setFigure(*grid.figure, grid.panels, grid.series, grid.curve);
  p.cells->setGrid(grid);
  p.plotPanel->setTitle(toQt(grid.figure->title));
  p.plotPanel->setNote(toQt(grid.figure->source));
  p.plotPanel->setEmptyText(typeset(toQt(grid.figure->help)) + QStringLiteral("\n\n") + planText(grid) + u'\n' +
                            tr("Press Start to run what is missing; the figure fills in as runs finish."));
  summarizeAndDraw();
}

void FigurePage::setCell(size_t cell, const lab::CellResult& result) {
  Parts& p = *parts_;
  if (cell >= p.results.size()) return;
  p.results[cell] = result;
  p.cells->setResult(cell, result);
  if (!p.redraw.isActive()) p.redraw.start();
}

void FigurePage::setReference(size_t index, const lab::CellResult& result) {
  if (index >= parts_->references.size()) return;
  parts_->references[index] = result;
  if (!parts_->redraw.isActive()) parts_->redraw.start();
}

void FigurePage::summarizeAndDraw() {
  Parts& p = *parts_;
  p.data = lab::summarize(p.grid, p.results, p.references);
  p.plotPanel->setEmpty(!hasData());
  p.report->setEnabled(hasData());
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

QByteArray FigurePage::report(const std::vector<std::pair<std::string, std::string>>& environment) const {
  const Parts& p = *parts_;
  const QSize size(kReportSize.width(), kReportSize.height() * p.plot->rows());
  return QByteArray::fromStdString(lab::reportHtml(
      {p.grid, p.results, p.data, exportBytes(*p.plot, ExportFormat::Svg, size, 1).toStdString(), environment}));
}

bool FigurePage::hasData() const { return !parts_->data.points.empty(); }

const lab::FigureData& FigurePage::data() const { return parts_->data; }

std::vector<Exportable*> FigurePage::exportables() const { return {parts_->plot}; }

void FigurePage::openExport() { ExportDialog(exportables(), this).exec(); }

}  // namespace lab::ui
