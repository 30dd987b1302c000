// What of a figure is in view, what its labels cover, and what lies under the mouse.

#include "figures/figure_plot.h"
#include "figures/label_placement.h"
#include "figures/rank_curves.h"
#include "plots/hover_card.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

constexpr double kPointReach = 14;  ///< pixels around a point that count as on it
constexpr double kDenseRoom = .6;   ///< the dense line may widen the axis by this share of it
/// Below this share of the best accuracy training has collapsed: with such points in view nothing else could be
/// told apart. Where half of all are such, they are the picture.
constexpr double kCollapsed = .75;

QCPRange expanded(const std::optional<QCPRange>& range, const QCPRange& by) {
  return range ? range->expanded(by) : by;
}

}  // namespace

void FigurePlot::fit() {
  for (int row = 0; row < lines_.rows; ++row) {
    double best = 0;
    for (const Drawn& drawn : drawn_)
      if (drawn.row == row) best = std::max(best, drawn.point->accuracy);
    int points = 0, collapsed = 0;
    for (const Drawn& drawn : drawn_)
      if (drawn.row == row) ++points, collapsed += drawn.point->accuracy < best * kCollapsed;
    const double least = 2 * collapsed < points ? best * kCollapsed : 0;
    std::optional<QCPRange> accuracy;
    for (const Drawn& drawn : drawn_) {
      const lab::FigurePoint& point = *drawn.point;
      if (drawn.row != row || point.accuracy < least) continue;
      accuracy = expanded(accuracy, QCPRange(100 * (point.accuracy - point.accuracyDeviation),
                                             100 * (point.accuracy + point.accuracyDeviation)));
    }
    for (const lab::FigurePoint& point : data_.dense)
      accuracy = expanded(accuracy, QCPRange(100 * point.accuracy, 100 * point.accuracy));
    QCPRange high = accuracy.value_or(QCPRange(0, 100));
    if (accuracy)
      high = QCPRange(high.lower - std::max(.05, high.size() * .07), high.upper + std::max(.1, high.size() * .1));
    if (data_.denseAccuracy && accuracy) {
      const double dense = 100 * *data_.denseAccuracy, room = high.size() * kDenseRoom;
      if (dense > high.upper && dense < high.upper + room) high.upper = dense + high.size() * .08;
      if (dense < high.lower && dense > high.lower - room) high.lower = dense - high.size() * .08;
    }
    y(row, kAgainstCurve)->setRange(high);
    x(row, kAgainstCurve)->setRange(axis_.range());
    fitSecond(row);
  }
}

void FigurePlot::fitSecond(int row) {
  QCPAxis* across = x(row, kSecond);
  if (!secondShowsPoints()) {
    QCPRange rho(-.2, 1);
    int64_t last = 100;
    for (const lab::MeasureRank& rank : data_.ranks)
      if (rank.measure == lab::kReliableShare) {
        rho.expand(QCPRange(rank.low, rank.high));
        last = std::max(last, rank.k);
      }
    y(row, kSecond)->setRange(rho.lower - .05, rho.upper + .05);
    across->setTicker(rankTicker(data_.ranks));
    across->setRange(rankPosition(0) - .25, rankPosition(last) + .15);
    return;
  }
  std::optional<QCPRange> wide;
  for (const Drawn& drawn : drawn_)
    if (drawn.row == row) wide = expanded(wide, QCPRange(drawn.second, drawn.second));
  const QCPRange all = wide.value_or(QCPRange(0, 1));
  const bool logarithmic = all.lower > 0 && all.upper > kLogarithmicFrom * all.lower;
  across->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  across->setTicker(logarithmic ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog)
                                : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
  if (logarithmic)
    across->setRange(all.lower / 1.4, all.upper * 1.5);
  else
    across->setRange(std::max(0.0, all.lower - all.size() * .08), all.upper + std::max(all.size() * .1, 1e-6));
}

void FigurePlot::arrange() {
  if (secondShowsPoints())
    for (int row = 0; row < lines_.rows; ++row) arrangePointLabels(row);
  arrangeDenseLabel();
}

void FigurePlot::arrangePointLabels(int row) {
  std::vector<QPointF> points;
  std::vector<QSizeF> sizes;
  std::vector<QLineF> lines;
  std::vector<QCPItemText*> labels;
  const QFontMetrics metrics(scaledFont(.8));
  for (size_t i = 0; i < drawn_.size(); ++i) {
    const Drawn& drawn = drawn_[i];
    if (drawn.row != row) continue;
    points.emplace_back(x(row, kSecond)->coordToPixel(drawn.second),
                        y(row, kSecond)->coordToPixel(100 * drawn.point->accuracy));
    labels.push_back(pointLabels_[i]);
    sizes.emplace_back(metrics.horizontalAdvance(pointLabels_[i]->text()) + 2, metrics.height() - 3);
    if (drawn.joined) lines.emplace_back(points[points.size() - 2], points.back());
  }
  const auto places = placeLabels(points, sizes, lines, rect(row, kSecond)->rect());
  for (size_t i = 0; i < places.size(); ++i) {
    labels[i]->setVisible(places[i].has_value());
    if (places[i]) labels[i]->position->setCoords(places[i]->center());
  }
}

void FigurePlot::arrangeDenseLabel() {
  if (!denseLabel_) return;
  const QRect area = rect(0, kAgainstCurve)->rect();
  const double at = y(0, 0)->coordToPixel(100 * *data_.denseAccuracy);
  const bool above = at < area.top() + 1;
  const bool below = at > area.bottom();
  const QString arrow = above ? QStringLiteral("↑ ") : below ? QStringLiteral("↓ ") : QString();
  denseLabel_->setText(arrow + tr("dense %1 %").arg(percentText(*data_.denseAccuracy)));
  denseLabel_->setPositionAlignment(Qt::AlignRight | (above ? Qt::AlignTop : Qt::AlignBottom));
  denseLabel_->position->setCoords(area.right(), std::clamp(at, double(area.top()), double(area.bottom())));
}

const lab::FigurePoint* FigurePlot::pointAt(QPointF position) const {
  const lab::FigurePoint* nearest = nullptr;
  double reach = kPointReach;
  for (const Drawn& drawn : drawn_)
    for (int plot : {kAgainstCurve, kSecond}) {
      if (plot == kSecond && !secondShowsPoints()) continue;
      const double key = plot == kAgainstCurve ? drawn.x : drawn.second;
      const QPointF pixel(x(drawn.row, plot)->coordToPixel(key),
                          y(drawn.row, plot)->coordToPixel(100 * drawn.point->accuracy));
      const double distance = QLineF(pixel, position).length();
      if (distance <= reach) reach = distance, nearest = drawn.point;
    }
  return nearest;
}

std::optional<QPointF> FigurePlot::pixelOf(const lab::Place& place) const {
  for (const Drawn& drawn : drawn_)
    if (lab::Place{drawn.point->curve, drawn.point->series, drawn.point->panel} == place)
      return QPointF(x(drawn.row, 0)->coordToPixel(drawn.x),
                     y(drawn.row, 0)->coordToPixel(100 * drawn.point->accuracy));
  return {};
}

void FigurePlot::hoverAt(QPointF position) {
  const lab::FigurePoint* point = pointAt(position);
  setCursor(point ? Qt::PointingHandCursor : Qt::ArrowCursor);
  if (!point) return card().hide();
  const QString deviation = point->n > 1 ? tr(" ± %1").arg(percentText(point->accuracyDeviation)) : QString();
  const auto named = [](const QString& name, const std::string& value) {
    return QStringLiteral("%1 %2").arg(name, QString::fromStdString(value));
  };
  QStringList place{named(panelName_, point->panel)};
  if (hasSeries_) place << named(seriesName_, point->series);
  place << named(curveName_, point->curve);
  card().showAt(position.toPoint(), place.join(QStringLiteral(", ")),
                {{{}, tr("Test accuracy"), percentText(point->accuracy) + deviation + QStringLiteral(" %")},
                 {{}, tr("Rₛ"), QString::number(point->rs, 'f', 4)},
                 {{}, tr("Training FLOPs"), tr("%1 × dense").arg(point->flops, 0, 'g', 3)},
                 {{}, tr("Seeds"), QString::number(point->n)}});
}

void FigurePlot::legendToggled(QCPAbstractPlottable* plottable) {
  const QString line = plottable->name();
  if (!hidden_.remove(line)) hidden_.insert(line);
  // Rebuilding deletes the entry that was clicked: not within its own event.
  QMetaObject::invokeMethod(
      this,
      [this] {
        rebuild(theme());
        redrawSoon();
      },
      Qt::QueuedConnection);
}

void FigurePlot::mousePressEvent(QMouseEvent* event) {
  pressed_ = event->position();
  Plot::mousePressEvent(event);
}

void FigurePlot::mouseReleaseEvent(QMouseEvent* event) {
  Plot::mouseReleaseEvent(event);
  if (event->button() != Qt::LeftButton || (event->position() - pressed_).manhattanLength() > 4) return;
  if (const lab::FigurePoint* point = pointAt(event->position()))
    Q_EMIT pointActivated({point->curve, point->series, point->panel});
}

void FigurePlot::resetView() {
  followAgain();
  fit();
  redrawSoon();
}

}  // namespace lab::ui
