#include "figures/cell_grid.h"

#include "plots/plot.h"
#include "theme.h"
#include "wording.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <map>

namespace lab::ui {

namespace {

constexpr int kSquare = 9, kSquareGap = 2, kRowGap = 9, kGroupGap = 7;

QString stateText(lab::CellState state) {
  switch (state) {
    case lab::CellState::Waiting:
      return CellGrid::tr("waiting");
    case lab::CellState::Running:
      return CellGrid::tr("running");
    case lab::CellState::Done:
      return CellGrid::tr("done");
    case lab::CellState::Reused:
      return CellGrid::tr("done before, reused");
    case lab::CellState::Failed:
      return CellGrid::tr("failed");
    case lab::CellState::Stopped:
      return CellGrid::tr("stopped");
  }
  return {};
}

QString outcomeText(const lab::CellResult& result) {
  const bool finished = result.state == lab::CellState::Done || result.state == lab::CellState::Reused;
  if (finished && result.result.testAccuracy)
    return CellGrid::tr("test accuracy %1 %, Rₛ %2")
        .arg(percentText(*result.result.testAccuracy))
        .arg(result.result.rs, 0, 'f', 4);
  return finished ? QString() : QString::fromStdString(result.result.reason);
}

void paintSquare(QPainter& painter, const QRectF& at, lab::CellState state) {
  const Theme& t = theme();
  QColor reused = t.good;
  reused.setAlphaF(.5f);
  const QRectF inner = at.adjusted(.5, .5, -.5, -.5);
  painter.setPen(Qt::NoPen);
  switch (state) {
    case lab::CellState::Waiting:
      painter.setPen(QPen(t.border, 1));
      painter.setBrush(Qt::NoBrush);
      break;
    case lab::CellState::Running:
      painter.setPen(QPen(t.accent, 2));
      painter.setBrush(Qt::NoBrush);
      break;
    case lab::CellState::Done:
      painter.setBrush(t.good);
      break;
    case lab::CellState::Reused:
      painter.setBrush(reused);
      break;
    case lab::CellState::Failed:
      painter.setBrush(t.bad);
      break;
    case lab::CellState::Stopped:
      painter.setBrush(t.mutedText);
      break;
  }
  painter.drawRoundedRect(inner, 2, 2);
  if (state != lab::CellState::Failed) return;
  painter.setPen(QPen(t.panel, 1.4));  // told apart without colour
  painter.drawLine(inner.topLeft() + QPointF(2, 2), inner.bottomRight() - QPointF(2, 2));
  painter.drawLine(inner.topRight() + QPointF(-2, 2), inner.bottomLeft() + QPointF(2, -2));
}

}  // namespace

CellGrid::CellGrid(QWidget* parent) : QWidget(parent) {
  setFont(scaledFont(.82));
  setAccessibleName(tr("Runs of the figure"));
  setCursor(Qt::PointingHandCursor);
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void CellGrid::setGrid(const lab::FigureGrid& grid) {
  rows_.clear();
  columns_ = toQt(grid.curve);
  squares_.clear();
  seeds_ = 1;
  std::map<std::pair<int, int>, int> taken;
  for (const lab::Cell& cell : grid.cells) {
    const lab::Place place = lab::placeOf(cell);
    const QString panel = QString::fromStdString(place.panel), column = QString::fromStdString(place.curve);
    const QString row = place.series.empty() ? panel : panel + u' ' + QString::fromStdString(place.series);
    if (!rows_.contains(row)) rows_ << row;
    Square square;
    square.row = static_cast<int>(rows_.indexOf(row));
    square.column = std::max<int>(0, static_cast<int>(columns_.indexOf(column)));
    square.seed = taken[{square.row, square.column}]++;
    square.name = tr("%1, %2, seed %3").arg(row, column).arg(cell.config.seed);
    seeds_ = std::max(seeds_, square.seed + 1);
    squares_.push_back(square);
  }
  updateGeometry();
  update();
}

void CellGrid::setResult(size_t cell, const lab::CellResult& result) {
  if (cell >= squares_.size()) return;
  squares_[cell].state = result.state;
  squares_[cell].outcome = outcomeText(result);
  update();
}

int CellGrid::labelWidth() const {
  int widest = 0;
  for (const QString& row : rows_) widest = std::max(widest, fontMetrics().horizontalAdvance(row));
  return widest + 8;
}

double CellGrid::groupWidth() const {
  int widest = seeds_ * (kSquare + kSquareGap) - kSquareGap;
  for (const QString& column : columns_) widest = std::max(widest, fontMetrics().horizontalAdvance(column));
  return widest + kGroupGap;
}

QRect CellGrid::squareOf(size_t cell) const {
  const Square& s = squares_[cell];
  const double inset = (groupWidth() - kGroupGap - (seeds_ * (kSquare + kSquareGap) - kSquareGap)) / 2;
  return {qRound(labelWidth() + s.column * groupWidth() + inset) + s.seed * (kSquare + kSquareGap),
          fontMetrics().height() + 4 + s.row * (kSquare + kRowGap), kSquare, kSquare};
}

QSize CellGrid::minimumSizeHint() const {
  return {qRound(labelWidth() + static_cast<double>(columns_.size()) * groupWidth()),
          fontMetrics().height() + 4 + static_cast<int>(rows_.size()) * (kSquare + kRowGap)};
}

QString CellGrid::describe(size_t cell) const {
  const Square& s = squares_[cell];
  return s.name + u'\n' + stateText(s.state) +
         (s.outcome.isEmpty() ? QString() : QStringLiteral(": ") + s.outcome);
}

void CellGrid::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(theme().mutedText);
  const int line = fontMetrics().height();
  for (int c = 0; c < columns_.size(); ++c)
    painter.drawText(QRectF(labelWidth() + c * groupWidth(), 0, groupWidth() - kGroupGap, line), Qt::AlignCenter,
                     columns_[c]);
  for (int r = 0; r < rows_.size(); ++r)
    painter.drawText(QRect(0, line + 4 + r * (kSquare + kRowGap) - 4, labelWidth(), kSquare + 8),
                     Qt::AlignLeft | Qt::AlignVCenter, rows_[r]);
  for (size_t i = 0; i < squares_.size(); ++i) paintSquare(painter, squareOf(i), squares_[i].state);
}

int CellGrid::cellAt(QPoint position) const {
  for (size_t i = 0; i < squares_.size(); ++i)
    if (squareOf(i).adjusted(-1, -3, 1, 3).contains(position)) return static_cast<int>(i);
  return -1;
}

void CellGrid::mouseReleaseEvent(QMouseEvent* event) {
  const int cell = cellAt(event->position().toPoint());
  if (event->button() == Qt::LeftButton && cell >= 0) Q_EMIT cellActivated(static_cast<size_t>(cell));
}

bool CellGrid::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const int cell = cellAt(help->pos());
  QToolTip::showText(help->globalPos(), cell >= 0 ? describe(static_cast<size_t>(cell)) : QString(), this);
  return true;
}

}  // namespace lab::ui
