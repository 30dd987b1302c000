#include "figures/figure_plot.h"

#include "figures/rank_curves.h"
#include "parameters/parameter_table.h"
#include "wording.h"

#include <algorithm>

namespace lab::ui {

namespace {

/// "Update interval ΔT (steps)"; a unit that the label says already is not said twice.
QString titleOfAxis(std::string_view key, bool withUnit) {
  const lab::Parameter* row = lab::findParameter(key);
  if (!row) return toQt(key);
  const QString label = toQt(row->label), unit = toQt(row->unit);
  const bool told = unit.isEmpty() || label.compare(unit, Qt::CaseInsensitive) == 0;
  return withUnit && !told ? QStringLiteral("%1 (%2)").arg(label, unit) : label;
}

QPen penOf(const FigureLine& line, const QColor& colour) {
  return {colour, 1.5, line.dotted ? Qt::DotLine : Qt::SolidLine};
}

}  // namespace

FigurePlot::FigurePlot(QWidget* parent) : Plot(tr("Figure"), QStringLiteral("figure"), parent) {
  lineNames_ = addHeading(*plotLayout(), 0, 0, QString());
  legendTitle_ =
      qobject_cast<QCPTextElement*>(static_cast<QCPLayoutGrid*>(plotLayout()->element(0, 0))->element(0, 0));
  note_ = new QCPTextElement(this, QString(), scaledFont(.85));
  note_->setTextFlags(Qt::AlignRight | Qt::AlignVCenter);
  note_->setMargins({4, 2, 12, 2});
  static_cast<QCPLayoutGrid*>(plotLayout()->element(0, 0))->addElement(0, 3, note_);
  grid_ = new QCPLayoutGrid;
  plotLayout()->addElement(1, 0, grid_);
  plotLayout()->setRowStretchFactor(0, .001);
  grid_->setColumnSpacing(10);
  makeRects();
}

void FigurePlot::makeRects() {
  grid_->clear();
  rects_.clear();
  grid_->simplify();
  auto* left = new QCPMarginGroup(this);
  for (int row = 0; row < lines_.rows; ++row) {
    rects_ << addRect(*grid_, row, kAgainstCurve) << addRect(*grid_, row, kSecond);
    auto* margins = new QCPMarginGroup(this);
    for (int plot : {kAgainstCurve, kSecond}) rect(row, plot)->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
    rect(row, kAgainstCurve)->setMarginGroup(QCP::msLeft, left);
    if (!secondShowsPoints()) continue;
    // The same quantity: one range.
    for (auto [from, to] : {std::pair(0, 1), std::pair(1, 0)})
      connect(y(row, from), qOverload<const QCPRange&>(&QCPAxis::rangeChanged), y(row, to),
              qOverload<const QCPRange&>(&QCPAxis::setRange));
  }
}

void FigurePlot::setFigure(const lab::Figure& figure, const std::vector<std::string>& panels,
                           const std::vector<std::string>& series, const std::vector<std::string>& curve) {
  data_ = {};
  drawn_.clear();
  pointLabels_.clear();
  clearItems();
  clearPlottables();
  denseLabel_ = nullptr;
  figureTitle_ = toQt(figure.title);
  figureName_ = toQt(figure.name);
  panelName_ = titleOfAxis(figure.panelKey, false);
  seriesName_ = titleOfAxis(figure.seriesKey, false);
  curveName_ = titleOfAxis(figure.curveKey, false);
  curveTitle_ = titleOfAxis(figure.curveKey, true);
  second_ = figure.secondPlot;
  hasSeries_ = !figure.seriesKey.empty();
  setAccessibleName(figureTitle_);
  lines_ = figureLines(panels, series);
  axis_ = CurveAxis(toQt(curve));
  hidden_.clear();
  lineNames_->clearItems();
  makeRects();
  nameAxes();
  Plot::restyle(theme());
  setData({});
}

void FigurePlot::nameAxes() {
  const QString accuracy = tr("Test accuracy (%)");
  for (int row = 0; row < lines_.rows; ++row) {
    const std::string panel =
        lines_.lines.empty()
            ? ""
            : lines_.lines[static_cast<size_t>(row) * lines_.lines.size() / static_cast<size_t>(lines_.rows)]
                  .panel;
    const bool named = lines_.rows > 1;
    y(row, kAgainstCurve)
        ->setLabel(named ? tr("%1 %2: %3").arg(panelName_, QString::fromStdString(panel), accuracy) : accuracy);
    y(row, kSecond)->setLabel(secondShowsPoints() ? accuracy : tr("Spearman's ρ with test accuracy"));
    x(row, kAgainstCurve)->setLabel(curveTitle_);
    x(row, kAgainstCurve)->setTicker(axis_.ticker());
    x(row, kSecond)->setNumberFormat(QStringLiteral("g"));
    x(row, kSecond)
        ->setLabel(second_ == lab::SecondPlot::AgainstRs ? tr("Rₛ, share of weights ever active")
                   : second_ == lab::SecondPlot::AgainstFlops
                       ? tr("Training FLOPs, in dense trainings")
                       : tr("k: least steps of a life that counts as explored"));
  }
  note_->setText(secondShowsPoints() ? tr("right: labelled by %1").arg(curveName_)
                                     : tr("right: R_rel(k), bands of 95 %, ◆ the best k"));
  const QString title = lines_.colouredBySeries ? seriesName_ : panelName_;
  legendTitle_->setText(title);
  legendTitle_->setMaximumSize(QFontMetrics(legendTitle_->font()).horizontalAdvance(title) + 18,
                               QWIDGETSIZE_MAX - 1);
}

void FigurePlot::setData(const lab::FigureData& drawn) {
  data_ = drawn;
  rebuild(theme());
  if (following()) fit();
  redrawSoon();
}

void FigurePlot::rebuild(const Theme& t) {
  lineNames_->clearItems();
  clearItems();
  denseLabel_ = nullptr;
  clearPlottables();
  drawn_.clear();
  pointLabels_.clear();
  if (const auto divider = axis_.divider())
    for (int row = 0; row < lines_.rows; ++row) {
      auto* line = new QCPItemStraightLine(this);
      line->setClipAxisRect(rect(row, kAgainstCurve));
      line->setPen(QPen(t.grid, 1));
      for (QCPItemPosition* point : {line->point1, line->point2}) point->setAxes(x(row, 0), y(row, 0));
      line->point1->setCoords(*divider, 0);
      line->point2->setCoords(*divider, 1);
    }
  for (const FigureLine& line : lines_.lines) drawLine(line, t);
  drawDense(t);
  drawDenseCurve(t);
}

double FigurePlot::secondOf(const lab::FigurePoint& point) const {
  return second_ == lab::SecondPlot::AgainstFlops ? point.flops : point.rs;
}

void FigurePlot::drawLine(const FigureLine& line, const Theme& t) {
  const bool shown = !hidden_.contains(line.name);
  const QColor colour = t.series[line.colour % t.series.size()];
  // The halo keeps points apart from lines that pass beneath. Colours used again have squares.
  const bool again = line.colour >= t.series.size();
  const QCPScatterStyle disc(again ? QCPScatterStyle::ssSquare : QCPScatterStyle::ssCircle, QPen(t.panel, 1),
                             colour, line.dotted ? 6 : 8);
  const QCPScatterStyle diamond(QCPScatterStyle::ssDiamond, QPen(t.panel, 1), colour, 10);
  QCPGraph* numbers = addGraph(x(line.row, kAgainstCurve), y(line.row, kAgainstCurve));
  QCPGraph* words = addGraph(x(line.row, kAgainstCurve), y(line.row, kAgainstCurve));
  QList<QCPAbstractPlottable*> all{numbers, words};
  QCPCurve *second = nullptr, *secondWords = nullptr;
  if (secondShowsPoints()) {
    second = new QCPCurve(x(line.row, kSecond), y(line.row, kSecond));
    secondWords = new QCPCurve(x(line.row, kSecond), y(line.row, kSecond));
    all << second << secondWords;
  } else if (shown) {
    drawRanks(*rect(line.row, kSecond), data_.ranks, line.panel, colour, t.panel);
  }
  QVector<double> deviations[2];
  bool first = true;
  for (const QString& label : axis_.ordered())
    for (const lab::FigurePoint& point : data_.points) {
      if (point.panel != line.panel || point.series != line.series || QString::fromStdString(point.curve) != label)
        continue;
      const bool word = axis_.isCategory(label);
      const double at = axis_.position(label), accuracy = 100 * point.accuracy;
      (word ? words : numbers)->addData(at, accuracy);
      deviations[word].append(100 * point.accuracyDeviation);
      if (second) (word ? secondWords : second)->addData(secondOf(point), accuracy);
      if (!shown) continue;
      drawn_.push_back({&point, at, secondOf(point), line.row, !first && !word});
      first = false;
      if (second) addPointLabel(CurveAxis::shortText(label), line, colour);
      if (word) drawWord(line, accuracy, colour);
    }
  addErrorBars(*numbers, deviations[0], colour, shown);
  addErrorBars(*words, deviations[1], colour, shown);
  numbers->setName(line.name);
  numbers->setPen(penOf(line, colour));
  numbers->setScatterStyle(disc);
  words->setLineStyle(QCPGraph::lsNone);
  words->setScatterStyle(diamond);
  if (second) {
    second->setPen(penOf(line, colour));
    second->setScatterStyle(disc);
    secondWords->setLineStyle(QCPCurve::lsNone);
    secondWords->setScatterStyle(diamond);
  }
  for (QCPAbstractPlottable* each : all) each->setVisible(shown);
  if (!line.dotted || lines_.colouredBySeries) addLegendEntry(*numbers, shown, t);
}

void FigurePlot::addErrorBars(QCPGraph& graph, const QVector<double>& deviations, const QColor& colour,
                              bool shown) {
  auto* bars = new QCPErrorBars(graph.keyAxis(), graph.valueAxis());
  bars->setDataPlottable(&graph);
  bars->setData(deviations);
  bars->setPen(QPen(colour, 1));
  bars->setWhiskerWidth(5);
  bars->setSymbolGap(6);
  bars->setVisible(shown);
}

void FigurePlot::addPointLabel(const QString& label, const FigureLine& line, const QColor& colour) {
  auto* name = new QCPItemText(this);
  name->setClipAxisRect(rect(line.row, kSecond));
  name->setText(label);
  name->setFont(scaledFont(.8));
  name->setColor(colour);
  name->position->setAxes(x(line.row, kSecond), y(line.row, kSecond));
  name->position->setType(QCPItemPosition::ptAbsolute);
  name->setPositionAlignment(Qt::AlignCenter);
  pointLabels_.push_back(name);
}

/// The static network's accuracy as a level, as in the paper.
void FigurePlot::drawWord(const FigureLine& line, double accuracy, const QColor& colour) {
  auto* level = new QCPItemStraightLine(this);
  level->setClipAxisRect(rect(line.row, kAgainstCurve));
  level->setPen(QPen(colour, 1, Qt::DotLine));
  setLevel(*level, accuracy);
}

void FigurePlot::addLegendEntry(QCPGraph& graph, bool shown, const Theme& t) {
  for (int i = 0; i < lineNames_->itemCount(); ++i)
    if (auto* item = qobject_cast<QCPPlottableLegendItem*>(lineNames_->item(i));
        item && item->plottable()->name() == graph.name())
      return;
  auto* entry = new QCPPlottableLegendItem(lineNames_, &graph);
  entry->setTextColor(shown ? t.text : t.mutedText);
  lineNames_->addItem(entry);
}

void FigurePlot::drawDense(const Theme& t) {
  if (!data_.denseAccuracy) return;
  const double dense = 100 * *data_.denseAccuracy;
  for (QCPAxisRect* at : rects_) {
    if (!secondShowsPoints() && rects_.indexOf(at) % 2 == kSecond) continue;
    auto* line = new QCPItemStraightLine(this);
    line->setClipAxisRect(at);
    line->setPen(QPen(t.mutedText, 1, Qt::DashLine));
    setLevel(*line, dense);
  }
  auto* name = denseLabel_ = new QCPItemText(this);
  name->setClipAxisRect(rect(0, kAgainstCurve));
  name->setFont(scaledFont(.85));
  name->setColor(t.mutedText);
  name->setPadding({4, 2, 4, 2});
  name->position->setAxes(x(0, 0), y(0, 0));
  name->position->setAxisRect(rect(0, kAgainstCurve));
  name->position->setType(QCPItemPosition::ptAbsolute);
}

/// Dense networks along the curve, as a dashed line of their own.
void FigurePlot::drawDenseCurve(const Theme& t) {
  if (data_.dense.empty()) return;
  for (int row = 0; row < lines_.rows; ++row) {
    QCPGraph* dense = addGraph(x(row, kAgainstCurve), y(row, kAgainstCurve));
    for (const lab::FigurePoint& point : data_.dense)
      if (const auto label = QString::fromStdString(point.curve); axis_.has(label))
        dense->addData(axis_.position(label), 100 * point.accuracy);
    dense->setName(tr("dense"));
    dense->setPen(QPen(t.mutedText, 1.5, Qt::DashLine));
    dense->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(t.panel, 1), t.mutedText, 6));
    addLegendEntry(*dense, true, t);
  }
}

void FigurePlot::restyle(const Theme& t) {
  Plot::restyle(t);
  note_->setTextColor(t.mutedText);
  rebuild(t);
}

CsvTable FigurePlot::exportTable() const {
  CsvTable table{{QStringLiteral("panel"), QStringLiteral("series"), QStringLiteral("curve"), QStringLiteral("n"),
                  QStringLiteral("test_accuracy"), QStringLiteral("test_accuracy_sd"), QStringLiteral("r_s"),
                  QStringLiteral("r_s_sd"), QStringLiteral("r_rel"), QStringLiteral("train_flops")},
                 {}};
  for (const FigureLine& line : lines_.lines)
    for (const QString& label : axis_.ordered())
      for (const lab::FigurePoint& p : data_.points)
        if (p.panel == line.panel && p.series == line.series && QString::fromStdString(p.curve) == label)
          table.rows.push_back({QString::fromStdString(p.panel), QString::fromStdString(p.series), label,
                                QString::number(p.n), csvNumber(p.accuracy), csvNumber(p.accuracyDeviation),
                                csvNumber(p.rs), csvNumber(p.rsDeviation), csvNumber(p.reliable),
                                csvNumber(p.flops)});
  return table;
}

}  // namespace lab::ui
