#include "plots/plot.h"

#include "plots/hover_card.h"

#include <QMenu>

namespace lab::ui {

namespace {
/// Says so to the layout, for which the largest widget size means: ask the element.
constexpr int kUnbounded = QWIDGETSIZE_MAX - 1;
}  // namespace

QFont scaledFont(double factor, bool bold) {
  QFont font = QApplication::font();
  if (font.pointSizeF() > 0)
    font.setPointSizeF(font.pointSizeF() * factor);
  else
    font.setPixelSize(qRound(font.pixelSize() * factor));
  if (bold) font.setWeight(QFont::DemiBold);
  return font;
}

/// Numbers on plots look the same everywhere, like the words beside them.
static const QLocale& plotLocale() {
  static const QLocale english(QLocale::English, QLocale::UnitedStates);
  return english;
}

QString countText(double value) { return plotLocale().toString(value, 'f', 0); }

QString percentText(double fraction, int decimals) { return plotLocale().toString(100 * fraction, 'f', decimals); }

QCPRange padded(const QCPRange& range, double least) {
  const double pad = std::max(range.size() * .08, least);
  return {range.lower - pad, range.upper + pad};
}

void setLevel(QCPItemStraightLine& line, double value) {
  const QCPAxisRect* rect = line.clipAxisRect();
  for (QCPItemPosition* point : {line.point1, line.point2}) {
    point->setAxes(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
    point->setAxisRect(line.clipAxisRect());
    point->setTypeX(QCPItemPosition::ptAxisRectRatio);
  }
  line.point1->setCoords(0, value);
  line.point2->setCoords(1, value);
}

Plot::Plot(QString title, QString name, QWidget* parent)
    : QCustomPlot(parent), title_(std::move(title)), name_(std::move(name)), card_(new HoverCard(this)) {
  setAccessibleName(title_);
  setLocale(plotLocale());
  setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  setNoAntialiasingOnDrag(true);
  setPlottingHint(QCP::phFastPolylines);
  setAutoAddPlottableToLegend(false);
  setMouseTracking(true);
  setMinimumSize(160, 110);
  plotLayout()->clear();
  plotLayout()->setRowSpacing(2);
  addLayer(QStringLiteral("cursor"), layer(QStringLiteral("overlay")), limAbove);
  cursorLayer()->setMode(QCPLayer::lmBuffered);
  connect(this, &QCustomPlot::afterLayout, this, [this] { arrange(); });
  connect(this, &QCustomPlot::mouseDoubleClick, this, [this] { resetView(); });
  connect(this, &QCustomPlot::legendClick, this, [this](QCPLegend*, QCPAbstractLegendItem* item) {
    if (auto* of = qobject_cast<QCPPlottableLegendItem*>(item)) legendToggled(of->plottable());
  });
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, [this] {
    restyle(theme());
    redrawSoon();
  });
}

QCPAxisRect* Plot::addRect(QCPLayoutGrid& grid, int row, int column) {
  auto* rect = new QCPAxisRect(this, false);
  QCPAxis* bottom = rect->addAxis(QCPAxis::atBottom);
  QCPAxis* left = rect->addAxis(QCPAxis::atLeft);
  rect->setRangeDragAxes(bottom, left);
  rect->setRangeZoomAxes(bottom, left);
  rect->setMinimumMargins({6, 6, 12, 4});
  for (QCPAxis* axis : {bottom, left}) {
    axis->setLayer(QStringLiteral("axes"));
    axis->grid()->setLayer(QStringLiteral("grid"));
    axis->grid()->setVisible(true);
    axis->setSelectableParts(QCPAxis::spNone);
    axis->setTickLength(0, 0);
    axis->setSubTicks(false);
    axis->setTickLabelPadding(6);
    axis->setLabelPadding(6);
    axis->ticker()->setTickCount(5);
  }
  bottom->setTickLength(0, 4);
  grid.addElement(row, column, rect);
  return rect;
}

void Plot::addFiller(QCPLayoutGrid& line, int column) {
  auto* filler = new QCPLayoutGrid;
  line.addElement(0, column, filler);
  line.setColumnStretchFactor(column, 1000);
  filler->setMaximumSize(kUnbounded, kUnbounded);
}

QCPLegend* Plot::addHeading(QCPLayoutGrid& grid, int row, int column, const QString& text) {
  auto* line = new QCPLayoutGrid;
  grid.addElement(row, column, line);  // first: elements learn their plot from where they are put
  auto* label = new QCPTextElement(this, text, scaledFont(.92));
  label->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
  label->setMargins({8, 2, 4, 2});
  const QFontMetrics metrics(label->font());
  label->setMaximumSize(metrics.horizontalAdvance(text) + 18, kUnbounded);
  auto* names = new QCPLegend;
  line->addElement(0, 0, label);
  line->addElement(0, 1, names);
  names->setLayer(QStringLiteral("legend"));
  names->setFillOrder(QCPLegend::foColumnsFirst);
  names->setColumnSpacing(14);
  names->setMargins({10, 2, 8, 2});
  names->setBorderPen(Qt::NoPen);
  names->setBrush(Qt::NoBrush);
  names->setFont(scaledFont(.88));
  names->setIconSize(14, 12);
  names->setIconTextPadding(5);
  names->setSelectableParts(QCPLegend::spNone);
  addFiller(*line, 2);
  line->setMaximumSize(kUnbounded, metrics.height() + 6);
  return names;
}

void Plot::offerLogarithmic(const QList<QCPAxis*>& axes, const QString& text) {
  scales_.push_back({axes, text, {}});
}

void Plot::setLogarithmic(Scale& scale, bool on) {
  if (on) scale.linear.clear();
  for (int i = 0; i < scale.axes.size(); ++i) {
    QCPAxis* axis = scale.axes[i];
    if (on) scale.linear << axis->ticker();
    axis->setTicker(on ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog) : scale.linear[i]);
    axis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  }
  resetView();
}

void Plot::restyle(const Theme& t) {
  drawnTheme_ = &t;
  setBackground(t.panel);
  QColor box = t.accent;
  selectionRect()->setPen(QPen(box));
  box.setAlphaF(.15F);
  selectionRect()->setBrush(box);
  for (QCPAxisRect* rect : axisRects())
    for (QCPAxis* axis : rect->axes()) {
      axis->setBasePen(axis->orientation() == Qt::Horizontal ? QPen(t.mutedText) : QPen(Qt::NoPen));
      axis->setTickPen(axis->basePen());
      axis->setTickLabelColor(t.mutedText);
      axis->setLabelColor(t.text);
      axis->setTickLabelFont(scaledFont(.88));
      axis->setLabelFont(scaledFont(.92));
      axis->grid()->setPen(QPen(t.grid));
      axis->grid()->setZeroLinePen(QPen(t.grid));
    }
  for (int i = 0; i < layerCount(); ++i)
    for (QCPLayerable* child : layer(i)->children())
      if (auto* text = qobject_cast<QCPTextElement*>(child))
        text->setTextColor(t.text);
      else if (auto* names = qobject_cast<QCPLegend*>(child))
        for (int k = 0; k < names->itemCount(); ++k)
          if (auto* entry = qobject_cast<QCPPlottableLegendItem*>(names->item(k)))
            entry->setTextColor(entry->plottable()->visible() ? t.text : t.mutedText.lighter(t.dark ? 60 : 140));
}

void Plot::legendToggled(QCPAbstractPlottable* plottable) {
  plottable->setVisible(!plottable->visible());
  restyle(theme());
  redrawSoon();
}

QSize Plot::exportSize() const { return size().expandedTo({480, 320}); }

void Plot::paintExport(QCPPainter& painter, QSize size) {
  cursorLayer()->setVisible(false);
  restyle(lightTheme());
  toPainter(&painter, size.width(), size.height());
  restyle(theme());
  cursorLayer()->setVisible(true);
  redrawSoon();
}

void Plot::redrawSoon() {
  drawingWanted_ = !isVisible();
  if (!drawingWanted_) replot(rpQueuedReplot);
}

void Plot::showEvent(QShowEvent* event) {
  if (drawnTheme_ == nullptr) restyle(theme());
  QCustomPlot::showEvent(event);
  if (drawingWanted_) redrawSoon();
}

void Plot::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange && drawnTheme_ != nullptr) restyle(theme());
  QCustomPlot::changeEvent(event);
}

void Plot::leaveEvent(QEvent* event) {
  card_->hide();
  hoverEnded();
  QCustomPlot::leaveEvent(event);
}

void Plot::mousePressEvent(QMouseEvent* event) {
  const bool box = event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier);
  setSelectionRectMode(box ? QCP::srmZoom : QCP::srmNone);
  QCustomPlot::mousePressEvent(event);
}

void Plot::mouseMoveEvent(QMouseEvent* event) {
  QCustomPlot::mouseMoveEvent(event);
  if (event->buttons() & Qt::LeftButton) {
    following_ = false;
    card_->hide();
  } else {
    hoverAt(event->position());
  }
}

void Plot::wheelEvent(QWheelEvent* event) {
  following_ = false;
  card_->hide();
  QCustomPlot::wheelEvent(event);
}

std::unique_ptr<QMenu> Plot::contextMenu() {
  auto menu = std::make_unique<QMenu>(this);
  addMenuActions(*menu);
  for (Scale& scale : scales_) {
    QAction* action = menu->addAction(scale.text);
    action->setCheckable(true);
    action->setChecked(scale.axes.first()->scaleType() == QCPAxis::stLogarithmic);
    connect(action, &QAction::toggled, this, [this, &scale](bool on) { setLogarithmic(scale, on); });
  }
  menu->addAction(tr("Reset view"), this, [this] { resetView(); });
  menu->addSeparator();
  addExportActions(*menu, *this, this);
  return menu;
}

void Plot::contextMenuEvent(QContextMenuEvent* event) { contextMenu()->exec(event->globalPos()); }

}  // namespace lab::ui
