#include "live/mask_view.h"

#include "plots/plot.h"
#include "theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

constexpr double kTooltipPixels = 3;    ///< weights this large can be pointed at
constexpr double kNearestWeights = 12;  ///< across the view: near enough
constexpr double kKeyZoom = .7;

}  // namespace

MaskView::MaskView(bool interactive, QWidget* parent) : QWidget(parent), interactive_(interactive) {
  setAttribute(Qt::WA_OpaquePaintEvent);
  setMouseTracking(interactive);
  setMinimumSize(48, 32);
  setFocusPolicy(Qt::StrongFocus);
  setCursor(interactive ? Qt::CrossCursor : Qt::PointingHandCursor);
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void MaskView::setSource(std::shared_ptr<const MaskSource> source) {
  picture_.setSource(std::move(source));
  setAccessibleName(exportTitle());
  update();
}

void MaskView::setFilm(int frames, std::function<std::shared_ptr<const MaskSource>(int frame)> film) {
  frames_ = frames;
  film_ = std::move(film);
}

QRectF MaskView::pictureRect() const {
  return interactive_ ? QRectF(rect()).adjusted(0, 0, -kMarginalPixels, -kMarginalPixels) : QRectF(rect());
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
  const QRectF area = pictureRect();
  if (part.rows == 0 || !area.contains(position)) return -1;
  const auto cell = [](double at, double size, int64_t n) {
    return std::min<int64_t>(static_cast<int64_t>(at / size * double(n)), n - 1);
  };
  return picture_.layout().weightAt({part.top + cell(position.y(), area.height(), part.rows),
                                     part.left + cell(position.x(), area.width(), part.columns)});
}

QString MaskView::hint(QPointF position) {
  if (source() == nullptr) return {};
  if (!interactive_) return tr("Click to make it large");
  const MatrixPart part = visiblePart();
  const QRectF area = pictureRect();
  const MaskLayout& l = picture_.layout();
  const auto unitAt = [](double share, double first, double shown, const std::vector<int64_t>& of) {
    return std::clamp<int64_t>(static_cast<int64_t>(first + share * shown), 0, std::ssize(of) - 1);
  };
  const MaskMarginals& marginals = picture_.marginals();
  if (position.x() >= area.right() && position.y() < area.bottom()) {
    const double k = double(l.kernelRows);
    const int64_t unit =
        unitAt(position.y() / area.height(), double(part.top) / k, double(part.rows) / k, marginals.outputs);
    const int64_t n = marginals.outputs[static_cast<size_t>(unit)];
    return n == 0 ? tr("output %1: dead, it has no input").arg(unit)
                  : tr("output %1: %2 connections").arg(unit).arg(countText(double(n)));
  }
  if (position.y() >= area.bottom() && position.x() < area.right()) {
    const double k = double(l.kernelColumns);
    const int64_t unit =
        unitAt(position.x() / area.width(), double(part.left) / k, double(part.columns) / k, marginals.inputs);
    const int64_t n = marginals.inputs[static_cast<size_t>(unit)];
    return n == 0 ? tr("input %1: disconnected, no output uses it").arg(unit)
                  : tr("input %1: %2 connections").arg(unit).arg(countText(double(n)));
  }
  const bool near =
      std::min(area.width() / double(part.columns), area.height() / double(part.rows)) >= kTooltipPixels;
  const int64_t weight = weightAt(position);
  return near && weight >= 0 ? source()->describe(weight) : tr("Zoom in with the wheel to see single connections");
}

void MaskView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme().panel);
  picture_.paint(painter, pictureRect(), visiblePart(), devicePixelRatioF(), theme());
  if (interactive_) picture_.paintMarginals(painter, pictureRect(), visiblePart(), theme());
  if (hasFocus() && !interactive_) {
    painter.setPen(QPen(theme().accent, 2));
    painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
  }
}

void MaskView::wheelEvent(QWheelEvent* event) {
  if (!interactive_ || source() == nullptr) return event->ignore();
  zoom(std::pow(0.85, event->angleDelta().y() / 120.0), event->position());
}

void MaskView::zoom(double factor, QPointF around) {
  const auto [rows, columns] = matrix();
  if (rows == 0 || columns == 0) return;
  const QRectF area = pictureRect();
  const QPointF at(std::clamp(around.x() / area.width(), 0.0, 1.0),
                   std::clamp(around.y() / area.height(), 0.0, 1.0));
  const double wide = std::clamp(view_.width() * factor, std::min(1.0, kNearestWeights / double(columns)), 1.0);
  const double high = std::clamp(view_.height() * factor, std::min(1.0, kNearestWeights / double(rows)), 1.0);
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
  const QRectF area = pictureRect();
  view_.translate(-moved.x() / area.width() * view_.width(), -moved.y() / area.height() * view_.height());
  keepInside();
}

void MaskView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && (event->position() - pressed_).manhattanLength() < 4) Q_EMIT clicked();
}

void MaskView::mouseDoubleClickEvent(QMouseEvent*) {
  if (interactive_) resetView();
}

void MaskView::keyPressEvent(QKeyEvent* event) {
  const QPointF middle = pictureRect().center();
  if (!interactive_ && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
    Q_EMIT clicked();
  } else if (interactive_ && (event->key() == Qt::Key_Plus || event->key() == Qt::Key_Equal)) {
    zoom(kKeyZoom, middle);
  } else if (interactive_ && event->key() == Qt::Key_Minus) {
    zoom(1 / kKeyZoom, middle);
  } else if (interactive_ && event->key() == Qt::Key_0) {
    resetView();
  } else {
    QWidget::keyPressEvent(event);
  }
}

void MaskView::contextMenuEvent(QContextMenuEvent* event) {
  if (source() == nullptr) return;
  QMenu menu(this);
  if (interactive_) menu.addAction(tr("Reset view"), this, &MaskView::resetView);
  addExportActions(menu, *this, this);
  menu.exec(event->globalPos());
}

bool MaskView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || source() == nullptr) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  QToolTip::showText(help->globalPos(), hint(help->pos()), this);
  return true;
}

QString MaskView::exportTitle() const {
  return source() ? tr("Mask of %1").arg(QString::fromStdString(source()->name)) : tr("Mask");
}

QString MaskView::exportName() const {
  return source() ? QStringLiteral("mask-") + QString::fromStdString(source()->name) : QStringLiteral("mask");
}

void MaskView::paintExport(QCPPainter& painter, QSize size) {
  painter.fillRect(QRect({0, 0}, size), lightTheme().panel);
  if (source() == nullptr) return;
  const QRectF area = QRectF({0, 0}, QSizeF(size)).adjusted(0, 0, -kMarginalPixels, -kMarginalPixels);
  MaskPicture picture = picture_;
  picture.paint(painter, area, visiblePart(), 1, lightTheme());
  picture.paintMarginals(painter, area, visiblePart(), lightTheme());
}

void MaskView::paintFrame(QCPPainter& painter, QSize size, int frame) {
  painter.fillRect(QRect({0, 0}, size), lightTheme().panel);
  paintMaskFigure(painter, QRectF({0, 0}, QSizeF(size)), film_(frame), true);
}

CsvTable MaskView::exportTable() const {
  CsvTable table{{QStringLiteral("output"), QStringLiteral("input"), QStringLiteral("weight")}, {}};
  if (source() == nullptr) return table;
  const MaskLayout& l = source()->layout;
  const int64_t inputs = l.picture.columns * l.kernelRows;  // of one output, as they lie in memory
  const auto& states = source()->moment->state.layers;
  const lab::Mask& active = source()->active();
  const std::vector<float>* weights = source()->layer < states.size() ? &states[source()->layer].weights : nullptr;
  std::vector<int64_t> shown;
  forEachOne(source()->shown, [&](int64_t at) {
    shown.push_back(l.weightAt({at / l.picture.columns, at % l.picture.columns}));
  });
  std::ranges::sort(shown);
  const auto places = active.positions();
  size_t place = 0;  // among the active ones
  for (const int64_t i : shown) {
    while (place < places.size() && places[place] < i) ++place;
    const bool known = weights && place < weights->size() && place < places.size() && places[place] == i;
    table.rows.push_back({QString::number(i / inputs), QString::number(i % inputs),
                          known ? csvNumber(double((*weights)[place])) : QString()});
  }
  return table;
}

void paintMaskFigure(QPainter& painter, const QRectF& area, std::shared_ptr<const MaskSource> source,
                     bool withMarginals) {
  if (!source) return;
  const MatrixShape& all = source->layout.picture;
  const MatrixPart whole{0, 0, all.rows, all.columns};
  painter.setFont(scaledFont(.88));
  const double line = QFontMetricsF(painter.font()).height() + 4;
  painter.setPen(lightTheme().text);
  painter.drawText(QRectF(area.left(), area.top(), area.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                   QCoreApplication::translate("MaskView", "%1 · step %2")
                       .arg(QString::fromStdString(source->name), countText(double(source->moment->step))));
  const double strip = withMarginals ? kMarginalPixels : 0;
  const QRectF inner = area.adjusted(0, line, -strip, -strip);
  MaskPicture picture;
  picture.setSource(std::move(source));
  picture.paint(painter, inner, whole, 1, lightTheme());
  if (withMarginals) picture.paintMarginals(painter, inner, whole, lightTheme());
}

}  // namespace lab::ui
