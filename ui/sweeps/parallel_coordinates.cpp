#include "sweeps/parallel_coordinates.h"

#include "plots/colour_maps.h"
#include "plots/plot.h"
#include "theme.h"

#include <QContextMenuEvent>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

constexpr double kAxisReach = 14;    // pixels around an axis that belong to it
constexpr double kLeastBrush = .01;  // shorter is a click, which takes the brush away

/// Places from 0 to 1 between the least and the largest value; in the middle where all are the same.
std::vector<std::optional<double>> scaled(const std::vector<std::optional<double>>& values, double& low,
                                          double& high) {
  low = INFINITY, high = -INFINITY;
  for (const auto& value : values)
    if (value) low = std::min(low, *value), high = std::max(high, *value);
  std::vector<std::optional<double>> places;
  for (const auto& value : values)
    places.push_back(!value ? std::nullopt : std::optional(high > low ? (*value - low) / (high - low) : .5));
  return places;
}

}  // namespace

ParallelCoordinates::ParallelCoordinates(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Parallel coordinates of the sweep's runs"));
  setToolTip(tr("Drag along an axis to keep only the runs inside; click it, or press Esc, to let all in again."));
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void ParallelCoordinates::setData(const SweepData& sweep) {
  std::vector<Axis> before;
  before.swap(axes_);
  for (size_t a = 0; a < sweep.axes.size(); ++a) {
    Axis axis{axisTitle(sweep.axes[a]), {}, 0, 0, {}, {}};
    for (const auto& value : sweep.axes[a].values) axis.ticks << QString::fromStdString(value.label);
    for (const auto& cell : sweep.cells) {
      const auto at = axis.ticks.indexOf(QString::fromStdString(cell.labels[a]));
      axis.place.push_back(
          axis.ticks.size() > 1 ? static_cast<double>(at) / static_cast<double>(axis.ticks.size() - 1) : .5);
    }
    axes_.push_back(std::move(axis));
  }
  for (const Outcome& outcome : outcomes()) {
    std::vector<std::optional<double>> values;
    for (size_t i = 0; i < sweep.cells.size(); ++i)
      values.push_back(i < sweep.results.size() ? outcome.of(sweep.results[i], sweep.cells[i].config)
                                                : std::nullopt);
    double low = 0, high = 0;
    auto places = scaled(values, low, high);
    axes_.push_back({QCoreApplication::translate("Sweep", outcome.name), {}, low, high, places, {}});
    colour_ = std::move(places);  // the last one is the accuracy
  }
  if (before.size() == axes_.size())
    for (size_t a = 0; a < axes_.size(); ++a)
      if (before[a].title == axes_[a].title) axes_[a].brush = before[a].brush;
  update();
}

bool ParallelCoordinates::passes(size_t cell) const {
  return std::ranges::all_of(axes_, [&](const Axis& axis) {
    if (!axis.brush) return true;
    const auto& place = axis.place[cell];
    return place && *place >= axis.brush->first && *place <= axis.brush->second;
  });
}

void ParallelCoordinates::clearBrushes() {
  for (Axis& axis : axes_) axis.brush.reset();
  update();
  Q_EMIT brushed();
}

QRectF ParallelCoordinates::plotArea(const QRectF& area) const { return area.adjusted(50, 34, -50, -22); }

double ParallelCoordinates::xOf(size_t axis, const QRectF& area) const {
  const QRectF plot = plotArea(area);
  const double gaps = std::max(1.0, static_cast<double>(axes_.size()) - 1);
  return plot.left() + plot.width() * static_cast<double>(axis) / gaps;
}

QRectF ParallelCoordinates::axisRect(size_t axis) const {
  const QRectF plot = plotArea(rect());
  return {xOf(axis, rect()) - kAxisReach, plot.top(), 2 * kAxisReach, plot.height()};
}

std::optional<size_t> ParallelCoordinates::axisAt(QPointF position) const {
  for (size_t a = 0; a < axes_.size(); ++a)
    if (std::abs(position.x() - xOf(a, rect())) <= kAxisReach) return a;
  return {};
}

double ParallelCoordinates::placeAt(QPointF position) const {
  const QRectF plot = plotArea(rect());
  return std::clamp((plot.bottom() - position.y()) / plot.height(), 0.0, 1.0);
}

void ParallelCoordinates::paintInto(QPainter& painter, const QRectF& area, bool dark) const {
  const Theme& t = dark ? darkTheme() : lightTheme();
  painter.fillRect(area, t.panel);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF plot = plotArea(area);
  const auto at = [&](size_t axis, double place) {
    return QPointF(xOf(axis, area), plot.bottom() - place * plot.height());
  };
  for (const bool inside : {false, true})
    for (size_t cell = 0; cell < colour_.size(); ++cell) {
      if (!colour_[cell] || passes(cell) != inside) continue;
      QPainterPath line;
      for (size_t a = 0; a < axes_.size(); ++a) {
        if (!axes_[a].place[cell]) continue;
        const QPointF point = at(a, *axes_[a].place[cell]);
        line.elementCount() == 0 ? line.moveTo(point) : line.lineTo(point);
      }
      QColor colour = inside ? colourAt(timeColours(dark), *colour_[cell]) : t.grid;
      painter.setPen(QPen(colour, inside ? 1.6 : 1));
      painter.drawPath(line);
    }
  painter.setFont(scaledFont(.88));
  for (size_t a = 0; a < axes_.size(); ++a) {
    const Axis& axis = axes_[a];
    const double x = xOf(a, area);
    painter.setPen(QPen(t.mutedText, 1));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    if (axis.brush) {
      QColor fill = t.accent;
      fill.setAlphaF(.25f);
      painter.fillRect(QRectF(at(a, axis.brush->second) - QPointF(6, 0), at(a, axis.brush->first) + QPointF(6, 0)),
                       fill);
    }
    painter.setPen(t.text);
    painter.drawText(QRectF(x - 90, area.top() + 4, 180, 16), Qt::AlignCenter, axis.title);
    painter.setPen(t.mutedText);
    if (!axis.ticks.isEmpty())
      for (qsizetype k = 0; k < axis.ticks.size(); ++k) {
        const double place = axis.ticks.size() > 1 ? double(k) / double(axis.ticks.size() - 1) : .5;
        painter.drawText(QRectF(x + 6, at(a, place).y() - 8, 80, 16), Qt::AlignLeft | Qt::AlignVCenter,
                         axis.ticks[k]);
      }
    else if (axis.low <= axis.high) {
      const auto text = [](double value) { return QString::number(value, 'f', 4); };
      painter.drawText(QRectF(x - 60, plot.top() - 16, 120, 14), Qt::AlignCenter, text(axis.high));
      painter.drawText(QRectF(x - 60, plot.bottom() + 3, 120, 14), Qt::AlignCenter, text(axis.low));
    }
  }
}

void ParallelCoordinates::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintInto(painter, rect(), theme().dark);
}

void ParallelCoordinates::paintExport(QCPPainter& painter, QSize size) {
  paintInto(painter, QRectF(QPointF(), size), false);
}

CsvTable ParallelCoordinates::exportTable() const {
  CsvTable table;
  for (const Axis& axis : axes_) table.header << axis.title;
  for (size_t cell = 0; cell < colour_.size(); ++cell) {
    if (!colour_[cell] || !passes(cell)) continue;
    QStringList row;
    for (const Axis& axis : axes_) {
      const auto& place = axis.place[cell];
      if (!place)
        row << QString();
      else if (axis.ticks.isEmpty())
        row << csvNumber(axis.low + *place * (axis.high - axis.low));
      else
        row << axis.ticks[qRound(*place * static_cast<double>(axis.ticks.size() - 1))];
    }
    table.rows.push_back(row);
  }
  return table;
}

void ParallelCoordinates::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  dragged_ = axisAt(event->position());
  dragStart_ = placeAt(event->position());
}

void ParallelCoordinates::mouseMoveEvent(QMouseEvent* event) {
  if (!dragged_) return;
  const double now = placeAt(event->position());
  axes_[*dragged_].brush = std::minmax(dragStart_, now);
  update();
  Q_EMIT brushed();
}

void ParallelCoordinates::mouseReleaseEvent(QMouseEvent* event) {
  if (!dragged_ || event->button() != Qt::LeftButton) return;
  auto& brush = axes_[*dragged_].brush;
  if (std::abs(placeAt(event->position()) - dragStart_) < kLeastBrush) brush.reset();
  dragged_.reset();
  update();
  Q_EMIT brushed();
}

void ParallelCoordinates::mouseDoubleClickEvent(QMouseEvent*) { clearBrushes(); }

void ParallelCoordinates::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
  clearBrushes();
}

void ParallelCoordinates::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  menu.addAction(tr("Let all runs in"), this, &ParallelCoordinates::clearBrushes);
  menu.addSeparator();
  addExportActions(menu, *this, this);
  menu.exec(event->globalPos());
}

}  // namespace lab::ui
