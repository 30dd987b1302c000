#include "figures/figure_plot.h"

#include "figures/label_placement.h"
#include "parameters/parameter_table.h"
#include "plots/hover_card.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

enum { kAgainstCurve, kAgainstRs };
constexpr double kReach = 14;            ///< pixels around a point that count as on it
constexpr double kLogarithmicFrom = 20;  ///< largest R_s over smallest
constexpr double kDenseRoom = .6;        ///< the dense line may widen the axis by this share of it

QString text(std::string_view s) { return QString::fromUtf8(s.data(), static_cast<qsizetype>(s.size())); }

/// "Update interval ΔT (steps)"
QString axisTitle(std::string_view key, bool withUnit) {
  const lab::Parameter* row = lab::findParameter(key);
  if (!row) return text(key);
  return withUnit && !row->unit.empty() ? QStringLiteral("%1 (%2)").arg(text(row->label), text(row->unit))
                                        : text(row->label);
}

QStringList list(const std::vector<std::string>& labels) {
  QStringList all;
  for (const std::string& label : labels) all << QString::fromStdString(label);
  return all;
}

}  // namespace

FigurePlot::FigurePlot(QWidget* parent) : Plot(tr("Figure"), QStringLiteral("figure"), parent) {
  panelNames_ = addHeading(*plotLayout(), 0, 0, QString());
  panelTitle_ =
      qobject_cast<QCPTextElement*>(static_cast<QCPLayoutGrid*>(plotLayout()->element(0, 0))->element(0, 0));
  labelNote_ = new QCPTextElement(this, QString(), scaledFont(.85));
  labelNote_->setTextFlags(Qt::AlignRight | Qt::AlignVCenter);
  labelNote_->setMargins({4, 2, 12, 2});
  static_cast<QCPLayoutGrid*>(plotLayout()->element(0, 0))->addElement(0, 3, labelNote_);
  auto* both = new QCPLayoutGrid;
  plotLayout()->addElement(1, 0, both);
  plotLayout()->setRowStretchFactor(0, .001);
  both->setColumnSpacing(10);
  rects_ << addRect(*both, 0, 0) << addRect(*both, 0, 1);
  for (int plot : {kAgainstCurve, kAgainstRs}) y(plot)->setLabel(tr("Test accuracy (%)"));
  auto* margins = new QCPMarginGroup(this);
  for (QCPAxisRect* rect : rects_) rect->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
  x(kAgainstRs)->setLabel(tr("Rₛ, share of weights ever active"));
  x(kAgainstRs)->setNumberFormat(QStringLiteral("g"));
  // The same quantity: one range.
  connect(y(0), qOverload<const QCPRange&>(&QCPAxis::rangeChanged), y(1),
          qOverload<const QCPRange&>(&QCPAxis::setRange));
  connect(y(1), qOverload<const QCPRange&>(&QCPAxis::rangeChanged), y(0),
          qOverload<const QCPRange&>(&QCPAxis::setRange));
}

void FigurePlot::setFigure(const lab::Figure& figure, const std::vector<std::string>& panels,
                           const std::vector<std::string>& curve) {
  figureTitle_ = text(figure.title);
  figureName_ = text(figure.name);
  panelName_ = axisTitle(figure.panelKey, false);
  curveName_ = axisTitle(figure.curveKey, false);
  setAccessibleName(figureTitle_);
  panels_ = list(panels);
  axis_ = CurveAxis(list(curve));
  x(kAgainstCurve)->setLabel(axisTitle(figure.curveKey, true));
  x(kAgainstCurve)->setTicker(axis_.ticker());
  labelNote_->setText(tr("right: labelled by %1").arg(curveName_));
  panelTitle_->setText(panelName_);
  panelTitle_->setMaximumSize(QFontMetrics(panelTitle_->font()).horizontalAdvance(panelName_) + 18,
                              QWIDGETSIZE_MAX - 1);
  hidden_.clear();
  setData({});
}

void FigurePlot::setData(const lab::FigureData& drawn) {
  data_ = drawn;
  rebuild(theme());
  if (following()) fit();
  redrawSoon();
}

void FigurePlot::rebuild(const Theme& t) {
  panelNames_->clearItems();
  clearItems();
  denseLabel_ = nullptr;
  clearPlottables();
  drawn_.clear();
  pointLabels_.clear();
  if (const auto divider = axis_.divider()) {
    auto* line = new QCPItemStraightLine(this);
    line->setClipAxisRect(rects_[kAgainstCurve]);
    line->setPen(QPen(t.grid, 1));
    for (QCPItemPosition* point : {line->point1, line->point2}) point->setAxes(x(0), y(0));
    line->point1->setCoords(*divider, 0);
    line->point2->setCoords(*divider, 1);
  }
  for (int p = 0; p < panels_.size(); ++p) drawPanel(panels_[p], t.series[p % t.series.size()], t);
  drawDense(t);
}

void FigurePlot::drawPanel(const QString& panel, const QColor& colour, const Theme& t) {
  const bool shown = !hidden_.contains(panel);
  const QPen line(colour, 1.5);
  // The halo keeps points apart from lines that pass beneath.
  const QCPScatterStyle disc(QCPScatterStyle::ssCircle, QPen(t.panel, 1), colour, 8);
  const QCPScatterStyle diamond(QCPScatterStyle::ssDiamond, QPen(t.panel, 1), colour, 10);
  QCPGraph* numbers = addGraph(x(kAgainstCurve), y(kAgainstCurve));
  QCPGraph* words = addGraph(x(kAgainstCurve), y(kAgainstCurve));
  auto* against = new QCPCurve(x(kAgainstRs), y(kAgainstRs));
  auto* wordsAgainst = new QCPCurve(x(kAgainstRs), y(kAgainstRs));
  QList<QCPErrorBars*> bars;
  for (QCPGraph* graph : {numbers, words}) {
    auto* bar = new QCPErrorBars(x(kAgainstCurve), y(kAgainstCurve));
    bar->setDataPlottable(graph);
    bar->setPen(QPen(colour, 1));
    bar->setWhiskerWidth(5);
    bar->setSymbolGap(6);
    bar->setVisible(shown);
    bars << bar;
  }
  for (const QString& label : axis_.ordered())
    for (const lab::FigurePoint& point : data_.points) {
      if (QString::fromStdString(point.panel) != panel || QString::fromStdString(point.curve) != label) continue;
      const bool word = axis_.isCategory(label);
      const double at = axis_.position(label), accuracy = 100 * point.accuracy;
      (word ? words : numbers)->addData(at, accuracy);
      bars[word]->addData(100 * point.accuracyDeviation);
      (word ? wordsAgainst : against)->addData(point.rs, accuracy);
      if (!shown) continue;
      drawn_.push_back({&point, at});
      auto* name = new QCPItemText(this);
      name->setClipAxisRect(rects_[kAgainstRs]);
      name->setText(CurveAxis::shortText(label));
      name->setFont(scaledFont(.8));
      name->setColor(colour);
      name->position->setAxes(x(kAgainstRs), y(kAgainstRs));
      name->position->setType(QCPItemPosition::ptAbsolute);
      name->setPositionAlignment(Qt::AlignCenter);
      pointLabels_.push_back(name);
      if (word) {
        auto* level = new QCPItemStraightLine(this);  // the static network's accuracy, as in the paper
        level->setClipAxisRect(rects_[kAgainstCurve]);
        level->setPen(QPen(colour, 1, Qt::DotLine));
        for (QCPItemPosition* end : {level->point1, level->point2}) end->setAxes(x(0), y(0));
        level->point1->setCoords(0, accuracy);
        level->point2->setCoords(1, accuracy);
      }
    }
  numbers->setName(panel);
  numbers->setPen(line);
  numbers->setScatterStyle(disc);
  words->setPen(line);
  words->setLineStyle(QCPGraph::lsNone);
  words->setScatterStyle(diamond);
  against->setPen(line);
  against->setScatterStyle(disc);
  wordsAgainst->setPen(line);
  wordsAgainst->setLineStyle(QCPCurve::lsNone);
  wordsAgainst->setScatterStyle(diamond);
  for (QCPAbstractPlottable* each : QList<QCPAbstractPlottable*>{numbers, words, against, wordsAgainst})
    each->setVisible(shown);
  auto* entry = new QCPPlottableLegendItem(panelNames_, numbers);
  entry->setTextColor(shown ? t.text : t.mutedText);
  panelNames_->addItem(entry);
}

void FigurePlot::fit() {
  std::optional<QCPRange> accuracy, rs;
  for (const auto& [point, at] : drawn_) {
    const QCPRange high(100 * (point->accuracy - point->accuracyDeviation),
                        100 * (point->accuracy + point->accuracyDeviation));
    accuracy = accuracy ? accuracy->expanded(high) : high;
    rs = rs ? rs->expanded(QCPRange(point->rs, point->rs)) : QCPRange(point->rs, point->rs);
  }
  QCPRange high = accuracy.value_or(QCPRange(0, 100));
  if (accuracy)
    high = QCPRange(high.lower - std::max(.05, high.size() * .07), high.upper + std::max(.1, high.size() * .1));
  if (data_.denseAccuracy && accuracy) {
    const double dense = 100 * *data_.denseAccuracy, room = high.size() * kDenseRoom;
    if (dense > high.upper && dense < high.upper + room) high.upper = dense + high.size() * .08;
    if (dense < high.lower && dense > high.lower - room) high.lower = dense - high.size() * .08;
  }
  y(0)->setRange(high);
  x(kAgainstCurve)->setRange(axis_.range());
  const QCPRange wide = rs.value_or(QCPRange(0, 1));
  const bool logarithmic = wide.lower > 0 && wide.upper > kLogarithmicFrom * wide.lower;
  x(kAgainstRs)->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  x(kAgainstRs)
      ->setTicker(logarithmic ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog)
                              : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
  if (logarithmic)
    x(kAgainstRs)->setRange(wide.lower / 1.4, wide.upper * 1.5);
  else
    x(kAgainstRs)->setRange(std::max(0.0, wide.lower - wide.size() * .08), wide.upper + wide.size() * .1);
}

void FigurePlot::drawDense(const Theme& t) {
  if (!data_.denseAccuracy) return;
  const double dense = 100 * *data_.denseAccuracy;
  for (int plot : {kAgainstCurve, kAgainstRs}) {
    auto* line = new QCPItemStraightLine(this);
    line->setClipAxisRect(rects_[plot]);
    line->setPen(QPen(t.mutedText, 1, Qt::DashLine));
    for (QCPItemPosition* point : {line->point1, line->point2}) {
      point->setAxes(x(plot), y(plot));
      point->setAxisRect(rects_[plot]);
      point->setTypeX(QCPItemPosition::ptAxisRectRatio);
    }
    line->point1->setCoords(0, dense);
    line->point2->setCoords(1, dense);
  }
  auto* name = denseLabel_ = new QCPItemText(this);
  name->setClipAxisRect(rects_[kAgainstCurve]);
  name->setFont(scaledFont(.85));
  name->setColor(t.mutedText);
  name->setPadding({4, 2, 4, 2});
  name->position->setAxes(x(0), y(0));
  name->position->setAxisRect(rects_[kAgainstCurve]);
  name->position->setType(QCPItemPosition::ptAbsolute);
}

void FigurePlot::arrange() {
  arrangePointLabels();
  arrangeDenseLabel();
}

void FigurePlot::arrangePointLabels() {
  std::vector<QPointF> points;
  std::vector<QSizeF> sizes;
  std::vector<QLineF> lines;
  const QFontMetrics metrics(scaledFont(.8));
  for (size_t i = 0; i < drawn_.size(); ++i) {
    const lab::FigurePoint& point = *drawn_[i].point;
    points.emplace_back(x(1)->coordToPixel(point.rs), y(1)->coordToPixel(100 * point.accuracy));
    sizes.emplace_back(metrics.horizontalAdvance(pointLabels_[i]->text()) + 2, metrics.height() - 3);
    const bool joined = i > 0 && drawn_[i - 1].point->panel == point.panel &&
                        !axis_.isCategory(QString::fromStdString(point.curve));
    if (joined) lines.emplace_back(points[i - 1], points[i]);
  }
  const auto places = placeLabels(points, sizes, lines, rects_[kAgainstRs]->rect());
  for (size_t i = 0; i < places.size(); ++i) {
    pointLabels_[i]->setVisible(places[i].has_value());
    if (places[i]) pointLabels_[i]->position->setCoords(places[i]->center());
  }
}

void FigurePlot::arrangeDenseLabel() {
  if (!denseLabel_) return;
  const QRect area = rects_[kAgainstCurve]->rect();
  const double at = y(0)->coordToPixel(100 * *data_.denseAccuracy);
  const bool above = at<area.top() + 1, below = at> area.bottom();
  const QString arrow = above ? QStringLiteral("↑ ") : below ? QStringLiteral("↓ ") : QString();
  denseLabel_->setText(arrow + tr("dense %1 %").arg(percentText(*data_.denseAccuracy)));
  denseLabel_->setPositionAlignment(Qt::AlignRight | (above ? Qt::AlignTop : Qt::AlignBottom));
  denseLabel_->position->setCoords(area.right(), std::clamp(at, double(area.top()), double(area.bottom())));
}

const lab::FigurePoint* FigurePlot::pointAt(QPointF position) const {
  const lab::FigurePoint* nearest = nullptr;
  double reach = kReach;
  for (const auto& [point, at] : drawn_)
    for (int plot : {kAgainstCurve, kAgainstRs}) {
      const double key = plot == kAgainstCurve ? at : point->rs;
      const QPointF pixel(x(plot)->coordToPixel(key), y(plot)->coordToPixel(100 * point->accuracy));
      const double distance = QLineF(pixel, position).length();
      if (distance <= reach) reach = distance, nearest = point;
    }
  return nearest;
}

std::optional<QPointF> FigurePlot::pixelOf(const std::string& panel, const std::string& curve) const {
  for (const auto& [point, at] : drawn_)
    if (point->panel == panel && point->curve == curve)
      return QPointF(x(0)->coordToPixel(at), y(0)->coordToPixel(100 * point->accuracy));
  return {};
}

void FigurePlot::hoverAt(QPointF position) {
  const lab::FigurePoint* point = pointAt(position);
  setCursor(point ? Qt::PointingHandCursor : Qt::ArrowCursor);
  if (!point) return card().hide();
  const QString deviation = point->n > 1 ? tr(" ± %1").arg(percentText(point->accuracyDeviation)) : QString();
  card().showAt(
      position.toPoint(),
      tr("%1 %2, %3 %4")
          .arg(panelName_, QString::fromStdString(point->panel), curveName_, QString::fromStdString(point->curve)),
      {{{}, tr("Test accuracy"), percentText(point->accuracy) + deviation + QStringLiteral(" %")},
       {{}, tr("Rₛ"), QString::number(point->rs, 'f', 4)},
       {{}, tr("Seeds"), QString::number(point->n)}});
}

void FigurePlot::legendToggled(QCPAbstractPlottable* plottable) {
  const QString panel = plottable->name();
  if (!hidden_.remove(panel)) hidden_.insert(panel);
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
    Q_EMIT pointActivated(QString::fromStdString(point->panel), QString::fromStdString(point->curve));
}

void FigurePlot::resetView() {
  followAgain();
  fit();
  redrawSoon();
}

void FigurePlot::restyle(const Theme& t) {
  Plot::restyle(t);
  labelNote_->setTextColor(t.mutedText);
  rebuild(t);
}

CsvTable FigurePlot::exportTable() const {
  CsvTable table{{QStringLiteral("panel"), QStringLiteral("curve"), QStringLiteral("n"),
                  QStringLiteral("test_accuracy"), QStringLiteral("test_accuracy_sd"), QStringLiteral("r_s"),
                  QStringLiteral("r_s_sd"), QStringLiteral("r_rel")},
                 {}};
  for (const QString& panel : panels_)
    for (const QString& label : axis_.ordered())
      for (const lab::FigurePoint& p : data_.points)
        if (QString::fromStdString(p.panel) == panel && QString::fromStdString(p.curve) == label)
          table.rows.push_back({panel, label, QString::number(p.n), csvNumber(p.accuracy),
                                csvNumber(p.accuracyDeviation), csvNumber(p.rs), csvNumber(p.rsDeviation),
                                csvNumber(p.reliable)});
  return table;
}

}  // namespace lab::ui
