#include "sweeps/sweep_plot.h"

#include "experiments/statistics.h"
#include "experiments/sweep_table.h"
#include "plots/colour_maps.h"
#include "plots/hover_card.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

constexpr size_t kMostNames = 10;  // a legend with more is no help

QString joined(const std::vector<std::string>& labels, size_t from) {
  QStringList parts;
  for (size_t i = from; i < labels.size(); ++i) parts << QString::fromStdString(labels[i]);
  return parts.join(QStringLiteral(" · "));
}

QSharedPointer<QCPAxisTickerText> tickerOf(const lab::Axis& axis) {
  auto ticker = QSharedPointer<QCPAxisTickerText>::create();
  for (size_t i = 0; i < axis.values.size(); ++i)
    ticker->addTick(static_cast<double>(i), QString::fromStdString(axis.values[i].label));
  return ticker;
}

QColor seriesColour(const Theme& t, qsizetype i) { return t.series[i % t.series.size()]; }

}  // namespace

SweepPlot::SweepPlot(QWidget* parent) : Plot(tr("Sweep"), QStringLiteral("sweep"), parent) {
  legend_ = addHeading(*plotLayout(), 0, 0, tr("Test accuracy (%), mean ± standard deviation over seeds"));
  rect_ = addRect(*plotLayout(), 1, 0);
  plotLayout()->setRowStretchFactor(0, .001);
}

bool SweepPlot::canBeHeatmap(const SweepData& data) {
  return data.axes.size() == 2 && data.axes[0].values.size() > 1 && data.axes[1].values.size() > 1;
}

void SweepPlot::setData(const SweepData& sweep) {
  data_ = sweep;
  points_.clear();
  for (const lab::Combination& c : lab::combine(sweep.cells, sweep.results))
    if (!c.accuracy.empty())
      points_.push_back({c.labels, lab::mean(c.accuracy), c.accuracy.size() > 1 ? lab::deviation(c.accuracy) : 0,
                         lab::mean(c.rs), static_cast<int>(c.accuracy.size())});
  if (!canBeHeatmap(data_)) kind_ = Kind::Lines;
  draw(theme());
}

void SweepPlot::setKind(Kind kind) {
  kind_ = canBeHeatmap(data_) ? kind : Kind::Lines;
  draw(theme());
}

double SweepPlot::place(size_t axis, const std::string& label) const {
  const auto& values = data_.axes[axis].values;
  const auto found = std::ranges::find(values, label, &lab::AxisValue::label);
  return static_cast<double>(found - values.begin());
}

void SweepPlot::draw(const Theme& t) {
  painted_ = &t;
  for (auto* plottable : drawn_) removePlottable(plottable);
  for (auto* item : squares_) removeItem(item);
  drawn_.clear();
  squares_.clear();
  legend_->clearItems();
  if (!data_.axes.empty()) {
    rect_->axis(QCPAxis::atBottom)->setTicker(tickerOf(data_.axes[0]));
    rect_->axis(QCPAxis::atBottom)->setLabel(axisTitle(data_.axes[0]));
    kind_ == Kind::Lines ? drawLines(t) : drawHeatmap(t);
    if (following()) resetView();
  }
  Plot::restyle(t);
  redrawSoon();
}

void SweepPlot::drawLines(const Theme& t) {
  QCPAxis *x = rect_->axis(QCPAxis::atBottom), *y = rect_->axis(QCPAxis::atLeft);
  y->setTicker(QSharedPointer<QCPAxisTicker>::create());
  y->setLabel(tr("Test accuracy (%)"));
  QStringList names;
  for (const Point& p : points_)
    if (const auto name = joined(p.labels, 1); !names.contains(name)) names << name;
  for (qsizetype s = 0; s < names.size(); ++s) {
    const QColor colour = seriesColour(t, s);
    auto* graph = addGraph(x, y);
    graph->setName(names[s]);
    graph->setPen(QPen(colour, 1.5));
    graph->setScatterStyle({QCPScatterStyle::ssDisc, colour, 6});
    auto* bars = new QCPErrorBars(x, y);
    bars->setDataPlottable(graph);
    bars->setPen(QPen(colour, 1));
    std::vector<const Point*> line;
    for (const Point& p : points_)
      if (joined(p.labels, 1) == names[s]) line.push_back(&p);
    std::ranges::sort(line, {}, [&](const Point* p) { return place(0, p->labels[0]); });
    for (const Point* p : line) {
      graph->addData(place(0, p->labels[0]), 100 * p->mean);
      bars->addData(100 * p->deviation);
    }
    drawn_ << bars << graph;
    if (names.size() > 1 && static_cast<size_t>(s) < kMostNames)
      legend_->addItem(new QCPPlottableLegendItem(legend_, graph));
  }
}

void SweepPlot::drawHeatmap(const Theme& t) {
  QCPAxis *x = rect_->axis(QCPAxis::atBottom), *y = rect_->axis(QCPAxis::atLeft);
  y->setTicker(tickerOf(data_.axes[1]));
  y->setLabel(axisTitle(data_.axes[1]));
  if (points_.empty()) return;
  const auto [low, high] = std::ranges::minmax(points_, {}, &Point::mean);
  for (const Point& p : points_) {
    const double share = high.mean > low.mean ? (p.mean - low.mean) / (high.mean - low.mean) : .5;
    const QColor fill = colourAt(timeColours(t.dark), share);
    const double column = place(0, p.labels[0]), row = place(1, p.labels[1]);
    auto* square = new QCPItemRect(this);
    square->topLeft->setAxes(x, y), square->bottomRight->setAxes(x, y);
    square->topLeft->setCoords(column - .48, row + .48);
    square->bottomRight->setCoords(column + .48, row - .48);
    square->setPen(Qt::NoPen);
    square->setBrush(fill);
    square->setClipAxisRect(rect_);
    auto* text = new QCPItemText(this);
    text->position->setAxes(x, y);
    text->position->setCoords(column, row);
    text->setText(percentText(p.mean));
    text->setColor(fill.lightnessF() > .5 ? Qt::black : Qt::white);
    text->setFont(scaledFont(.9));
    text->setClipAxisRect(rect_);
    squares_ << square << text;
  }
}

void SweepPlot::resetView() {
  followAgain();
  if (data_.axes.empty()) return;
  QCPAxis *x = rect_->axis(QCPAxis::atBottom), *y = rect_->axis(QCPAxis::atLeft);
  const auto ends = [](const lab::Axis& axis) {
    return QCPRange(-.5, static_cast<double>(axis.values.size()) - .5);
  };
  x->setRange(ends(data_.axes[0]));
  if (kind_ == Kind::Heatmap) {
    y->setRange(ends(data_.axes[1]));
  } else if (!points_.empty()) {
    double low = INFINITY, high = -INFINITY;
    for (const Point& p : points_)
      low = std::min(low, p.mean - p.deviation), high = std::max(high, p.mean + p.deviation);
    const double pad = std::max(.08 * (high - low), .002);
    y->setRange(100 * (low - pad), 100 * (high + pad));
  }
  redrawSoon();
}

void SweepPlot::restyle(const Theme& t) {
  Plot::restyle(t);
  if (painted_ != &t) draw(t);
}

void SweepPlot::hoverAt(QPointF position) {
  const QCPAxis *x = rect_->axis(QCPAxis::atBottom), *y = rect_->axis(QCPAxis::atLeft);
  const Point* nearest = nullptr;
  double distance = kind_ == Kind::Lines ? 24 : INFINITY;
  for (const Point& p : points_) {
    const double row = kind_ == Kind::Lines ? 100 * p.mean : place(1, p.labels[1]);
    const double d =
        std::hypot(x->coordToPixel(place(0, p.labels[0])) - position.x(), y->coordToPixel(row) - position.y());
    if (d < distance) distance = d, nearest = &p;
  }
  if (nearest == nullptr || !rect_->rect().contains(position.toPoint())) return card().hide();
  QList<HoverCard::Row> rows;
  for (size_t a = 0; a < data_.axes.size(); ++a)
    rows << HoverCard::Row{{}, axisTitle(data_.axes[a]), QString::fromStdString(nearest->labels[a])};
  rows << HoverCard::Row{{}, tr("Rₛ"), QString::number(nearest->rs, 'f', 4)}
       << HoverCard::Row{{}, tr("Runs"), QString::number(nearest->runs)};
  card().showAt(position.toPoint(),
                nearest->runs > 1
                    ? tr("%1 ± %2 %").arg(percentText(nearest->mean), percentText(nearest->deviation))
                    : tr("%1 %").arg(percentText(nearest->mean)),
                rows);
}

CsvTable SweepPlot::exportTable() const {
  CsvTable table;
  for (const lab::Axis& axis : data_.axes) table.header << QString::fromStdString(axis.key);
  table.header << QStringLiteral("test_accuracy_mean") << QStringLiteral("test_accuracy_sd")
               << QStringLiteral("r_s_mean") << QStringLiteral("n");
  for (const Point& p : points_) {
    QStringList row;
    for (const std::string& label : p.labels) row << QString::fromStdString(label);
    row << csvNumber(p.mean) << csvNumber(p.deviation) << csvNumber(p.rs) << QString::number(p.runs);
    table.rows.push_back(row);
  }
  return table;
}

}  // namespace lab::ui
