#include "live/mask_view.h"

#include "plots/plot.h"
#include "theme.h"

#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

/// From afar a block holds about this many connections, or its shade would only be noise.
constexpr double kConnectionsABlock = 4;
constexpr double kSinglePixels = 4;  ///< weights this large are shown one by one in any case
constexpr double kGapPixels = 7;     ///< single connections this large are drawn apart

double densityOf(const lab::Mask& mask) {
  return mask.size() == 0 ? 0 : static_cast<double>(mask.count()) / static_cast<double>(mask.size());
}

/// Three times the layer's mean: single shades are comparable between layers of very different density.
double topDensity(const MaskSource& source) { return std::min(1.0, 3 * source.density()); }

}  // namespace

double MaskSource::density() const { return densityOf(shown); }

MaskView::MaskView(bool interactive, QWidget* parent) : QWidget(parent), interactive_(interactive) {
  setAttribute(Qt::WA_OpaquePaintEvent);
  setMouseTracking(interactive);
  setMinimumSize(48, 32);
  setCursor(interactive ? Qt::CrossCursor : Qt::PointingHandCursor);
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

MatrixShape MaskView::matrix() const { return source_ ? matrixShape(source_->shape) : MatrixShape{}; }

void MaskView::setSource(std::shared_ptr<const MaskSource> source) {
  source_ = std::move(source);
  cache_ = {};
  setAccessibleName(exportTitle());
  update();
}

void MaskView::resetView() {
  view_ = {0, 0, 1, 1};
  update();
}

MatrixPart MaskView::visiblePart() const {
  const auto [rows, columns] = matrix();
  const auto begin = [](double fraction, int64_t n) {
    return std::clamp<int64_t>(std::llround(std::floor(fraction * double(n) + 1e-9)), 0, n - 1);
  };
  const auto end = [](double fraction, int64_t n, int64_t from) {
    return std::clamp<int64_t>(std::llround(std::ceil(fraction * double(n) - 1e-9)), from + 1, n);
  };
  if (rows == 0 || columns == 0) return {};
  const int64_t top = begin(view_.top(), rows), left = begin(view_.left(), columns);
  return {top, left, end(view_.bottom(), rows, top) - top, end(view_.right(), columns, left) - left};
}

int64_t MaskView::weightAt(QPointF position) const {
  const MatrixPart part = visiblePart();
  if (part.rows == 0 || !QRectF(rect()).contains(position)) return -1;
  const auto cell = [](double at, int size, int64_t n) {
    return std::min<int64_t>(static_cast<int64_t>(at / size * double(n)), n - 1);
  };
  const int64_t row = part.top + cell(position.y(), height(), part.rows);
  const int64_t column = part.left + cell(position.x(), width(), part.columns);
  return row * matrix().columns + column;
}

QString MaskView::describe(int64_t weight) const {
  const int64_t columns = matrix().columns, row = weight / columns, column = weight % columns;
  const auto& shape = source_->shape;
  QString where = tr("unit %1 ← input %2").arg(row).arg(column);
  if (shape.size() == 4) {
    const int64_t kernel = shape[2] * shape[3], at = column % kernel;
    where = tr("filter %1 ← channel %2, kernel row %3, column %4")
                .arg(row)
                .arg(column / kernel)
                .arg(at / shape[3])
                .arg(at % shape[3]);
  }
  const lab::MaskSnapshot& moment = *source_->snapshot;
  const lab::Mask& active = moment.active[source_->layer];
  if (!active.test(weight)) {
    const bool before = source_->layer < moment.explored.size() && moment.explored[source_->layer].test(weight);
    return where + u'\n' + (before ? tr("explored earlier, not connected now") : tr("never connected"));
  }
  const auto index = static_cast<size_t>(active.count(0, weight));
  if (source_->layer < moment.state.layers.size() && index < moment.state.layers[source_->layer].weights.size())
    where += tr("\nweight %1").arg(double(moment.state.layers[source_->layer].weights[index]), 0, 'g', 4);
  if (source_->layer < moment.aliveSince.size() && index < moment.aliveSince[source_->layer].size()) {
    const int64_t since = moment.aliveSince[source_->layer][index];
    where += since == 0 ? tr("\nactive since the start")
                        : tr("\nactive since step %1 (%2 steps)")
                              .arg(countText(double(since)), countText(double(moment.step - since)));
  }
  if (source_->layer < moment.lives.size() && index < moment.lives[source_->layer].size()) {
    const int lives = moment.lives[source_->layer][index];
    if (lives == 255)
      where += tr("\nat least its 255th life");
    else
      where += lives == 1 ? tr("\nits first life") : tr("\nlife number %1").arg(lives);
  }
  return where;
}

BlockCounts MaskView::blocksFor(const MatrixPart& part, QSize pixels) const {
  const double visible =
      static_cast<double>(part.rows * part.columns) / static_cast<double>(source_->shown.size());
  const double down = static_cast<double>(part.rows) / pixels.height();  // weights a pixel
  const double across = static_cast<double>(part.columns) / pixels.width();
  const bool near = std::max(down, across) <= 1 / kSinglePixels;
  const double area = near ? 1 : std::max(1.0, kConnectionsABlock / std::max(source_->density(), 1e-9) * visible);
  const double side = std::sqrt(area / (down * across));  // pixels: blocks are square on the screen
  const auto block = [side](double aPixel, int64_t n) {
    return std::clamp<int64_t>(std::llround(std::max(side * aPixel, std::ceil(aPixel))), 1, n);
  };
  return countBlocks(source_->shown, matrix(), part, block(down, part.rows), block(across, part.columns));
}

void MaskView::paintInto(QPainter& painter, const QRectF& area, double pixelRatio, bool dark) {
  const MatrixPart part = visiblePart();
  if (part.rows == 0 || source_->shown.size() == 0) return;
  const QSize pixels = (area.size() * pixelRatio).toSize().expandedTo({1, 1});
  if (cache_.isNull() || cachedPart_ != part || cachedPixels_ != pixels || cachedDark_ != dark) {
    blocks_ = blocksFor(part, pixels);
    const bool single = blocks_.blockRows * blocks_.blockColumns == 1;
    cache_ = densityImage(blocks_, single ? 1 : topDensity(*source_), densityColours(dark));
    cachedPart_ = part;
    cachedPixels_ = pixels;
    cachedDark_ = dark;
  }
  const double cellWidth = area.width() / double(part.columns), cellHeight = area.height() / double(part.rows);
  painter.save();
  painter.setClipRect(area);
  painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
  painter.drawImage(QRectF(area.left(), area.top(), cellWidth * double(blocks_.width * blocks_.blockColumns),
                           cellHeight * double(blocks_.height * blocks_.blockRows)),
                    cache_);
  if (std::min(cellWidth, cellHeight) >= kGapPixels) {
    painter.setPen((dark ? darkTheme() : lightTheme()).panel);
    for (int64_t x = 1; x < part.columns; ++x) {
      const double at = area.left() + cellWidth * double(x);
      painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
    }
    for (int64_t y = 1; y < part.rows; ++y) {
      const double at = area.top() + cellHeight * double(y);
      painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at));
    }
  }
  painter.restore();
}

void MaskView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme().panel);
  if (source_) paintInto(painter, rect(), devicePixelRatioF(), theme().dark);
}

void MaskView::wheelEvent(QWheelEvent* event) {
  if (!interactive_ || !source_) return event->ignore();
  const auto [rows, columns] = matrix();
  const double factor = std::pow(0.85, event->angleDelta().y() / 120.0);
  const QPointF at(event->position().x() / width(), event->position().y() / height());
  // A dozen cells are near enough.
  const double wide = std::clamp(view_.width() * factor, std::min(1.0, 12.0 / double(columns)), 1.0);
  const double high = std::clamp(view_.height() * factor, std::min(1.0, 12.0 / double(rows)), 1.0);
  view_ = {view_.left() + at.x() * (view_.width() - wide), view_.top() + at.y() * (view_.height() - high), wide,
           high};
  keepInside();
}

void MaskView::keepInside() {
  view_.moveLeft(std::clamp(view_.left(), 0.0, 1 - view_.width()));
  view_.moveTop(std::clamp(view_.top(), 0.0, 1 - view_.height()));
  update();
}

void MaskView::mousePressEvent(QMouseEvent* event) { pressed_ = dragged_ = event->position(); }

void MaskView::mouseMoveEvent(QMouseEvent* event) {
  if (!interactive_ || !(event->buttons() & Qt::LeftButton)) return;
  const QPointF moved = event->position() - dragged_;
  dragged_ = event->position();
  view_.translate(-moved.x() / width() * view_.width(), -moved.y() / height() * view_.height());
  keepInside();
}

void MaskView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && (event->position() - pressed_).manhattanLength() < 4) Q_EMIT clicked();
}

void MaskView::mouseDoubleClickEvent(QMouseEvent*) {
  if (interactive_) resetView();
}

void MaskView::contextMenuEvent(QContextMenuEvent* event) {
  if (!source_) return;
  QMenu menu(this);
  if (interactive_) menu.addAction(tr("Reset view"), this, &MaskView::resetView);
  addExportActions(menu, *this, this);
  menu.exec(event->globalPos());
}

bool MaskView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || !source_) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const MatrixPart part = visiblePart();
  const bool near = interactive_ && std::min(width() / double(part.columns), height() / double(part.rows)) >= 3;
  const int64_t weight = weightAt(help->pos());
  if (near && weight >= 0)
    QToolTip::showText(help->globalPos(), describe(weight), this);
  else
    QToolTip::showText(
        help->globalPos(),
        interactive_ ? tr("Zoom in with the wheel to see single connections") : tr("Click to make it large"),
        this);
  return true;
}

QString MaskView::exportTitle() const {
  return source_ ? tr("Mask of %1").arg(QString::fromStdString(source_->name)) : tr("Mask");
}

QString MaskView::exportName() const {
  return source_ ? QStringLiteral("mask-") + QString::fromStdString(source_->name) : QStringLiteral("mask");
}

void MaskView::paintExport(QCPPainter& painter, QSize size) {
  painter.fillRect(QRect({0, 0}, size), lightTheme().panel);
  if (source_) paintInto(painter, QRectF({0, 0}, QSizeF(size)), 1, false);
}

CsvTable MaskView::exportTable() const {
  CsvTable table{{QStringLiteral("output"), QStringLiteral("input"), QStringLiteral("weight")}, {}};
  if (!source_) return table;
  const int64_t columns = matrix().columns;
  const auto& states = source_->snapshot->state.layers;
  const lab::Mask& active = source_->snapshot->active[source_->layer];
  const std::vector<float>* weights = source_->layer < states.size() ? &states[source_->layer].weights : nullptr;
  size_t index = 0;  // among the active ones
  std::vector<int64_t> activeBefore;
  forEachOne(active, [&](int64_t i) { activeBefore.push_back(i); });
  forEachOne(source_->shown, [&](int64_t i) {
    while (index < activeBefore.size() && activeBefore[index] < i) ++index;
    const bool known =
        weights && index < weights->size() && index < activeBefore.size() && activeBefore[index] == i;
    table.rows.push_back({QString::number(i / columns), QString::number(i % columns),
                          known ? csvNumber(double((*weights)[index])) : QString()});
  });
  return table;
}

}  // namespace lab::ui
